import fc from "fast-check";
import { expect, test } from "vitest";
import { foldPlate } from "./plate-match.ts";
import { createPlateStage, type Passage, type PlateLook } from "./plate-stage.ts";
import { aFakeReader, aPicture, aRead } from "./plates.memory.ts";

const CAR = { trackId: 1, box: { left: 0.3, top: 0.3, width: 0.4, height: 0.4 } };
const at = (second: number, overrides: Partial<PlateLook> = {}): PlateLook => ({
  cameraId: "gate",
  picture: () => aPicture,
  vehicles: [CAR],
  toldBefore: [],
  isWanted: true,
  atMs: second * 1_000,
  ...overrides,
});

function aStage() {
  const reader = aFakeReader();
  const troubles: unknown[] = [];
  return {
    reader,
    troubles,
    stage: createPlateStage({ reader, onTrouble: (cause) => troubles.push(cause) }),
  };
}

test("the plate models run only where a rule asks for plates and a vehicle is there", async () => {
  const { reader, stage } = aStage();
  await stage.look(at(1, { isWanted: false }));
  await stage.look(at(2, { vehicles: [] }));
  expect(reader.looks).toBe(0);
  await stage.look(at(3));
  expect(reader.looks).toBe(1);
});

test("a vehicle that passed is told once, when it is gone, by all of its pictures", async () => {
  const { reader, stage } = aStage();
  reader.next = [aRead("QBC1D23", 0.85)];
  expect(await stage.look(at(1))).toEqual([]);
  reader.next = [aRead("OBC1D23", 0.97)];
  expect(await stage.look(at(2))).toEqual([]);
  reader.next = [aRead("OBC1D23", 0.9)];
  expect(await stage.look(at(3))).toEqual([]);
  expect(await stage.look(at(4, { vehicles: [] }))).toEqual([]);
  const told = await stage.look(at(8, { vehicles: [] }));
  expect(told).toMatchObject([{ cameraId: "gate", trackId: 1, plate: "OBC1D23", reads: 3, bestAtMs: 2_000 }]);
  expect(await stage.look(at(20, { vehicles: [] }))).toEqual([]);
});

test("a vehicle that stays is told after ten seconds, and never looked at again", async () => {
  const { reader, stage } = aStage();
  reader.next = [aRead("ABC1D23")];
  const told: Passage[] = [];
  for (let second = 1; second <= 300; second += 1) told.push(...(await stage.look(at(second))));
  expect(told).toMatchObject([{ plate: "ABC1D23", reads: 11 }]);
  expect(reader.looks).toBe(11);
});

test("a car under a new track within a minute is the same passage, even read a little differently", async () => {
  const { reader, stage } = aStage();
  reader.next = [aRead("OBC1D23")];
  for (let second = 1; second <= 30; second += 1) await stage.look(at(second));
  reader.next = [aRead("QBC1D23")];
  const again = { ...CAR, trackId: 2 };
  const told: Passage[] = [];
  for (let second = 31; second <= 60; second += 1)
    told.push(...(await stage.look(at(second, { vehicles: [again] }))));
  expect(told).toEqual([]);
  expect(stage.tick(180_000)).toEqual([]);
  reader.next = [aRead("OBC1D23")];
  await stage.look(at(200, { vehicles: [{ ...CAR, trackId: 3 }] }));
  expect(stage.tick(206_000)).toMatchObject([{ trackId: 3 }]);
});

test("a car that still stands there after a reload is not told again", async () => {
  const before = aStage();
  before.reader.next = [aRead("ABC1D23")];
  for (let second = 1; second <= 20; second += 1) await before.stage.look(at(second));
  const toldBefore = before.stage.told("gate");
  expect(toldBefore).toEqual([{ plate: foldPlate("ABC1D23"), seenAtMs: 20_000 }]);
  const after = aStage();
  after.reader.next = [aRead("ABC1D23")];
  const told: Passage[] = [];
  for (let second = 25; second <= 60; second += 1)
    told.push(...(await after.stage.look(at(second, { toldBefore }))));
  expect(told).toEqual([]);
});

test("a passage comes with the picture in which its plate was read best, and others are not kept", async () => {
  const { reader, stage } = aStage();
  const pictures = [1, 2, 3].map(() => ({ ...aPicture }));
  for (const [index, sure] of [0.85, 0.97, 0.9].entries()) {
    reader.next = [aRead("ABC1D23", sure)];
    await stage.look(at(index + 1, { picture: () => pictures[index] ?? aPicture }));
  }
  expect(stage.tick(9_000)[0]?.picture).toBe(pictures[1]);
});

test("a vehicle without a legible plate rests until it moves", async () => {
  const { reader, stage } = aStage();
  for (let second = 1; second <= 100; second += 1) await stage.look(at(second));
  expect(reader.looks).toBe(12);
  const nearer = { ...CAR, box: { left: 0.2, top: 0.3, width: 0.6, height: 0.6 } };
  await stage.look(at(101, { vehicles: [nearer] }));
  expect(reader.looks).toBe(13);
});

test("each of two cars gets the plate that is in its own box, the one in front the one in both", async () => {
  const { reader, stage } = aStage();
  const behind = { trackId: 2, box: { left: 0, top: 0, width: 0.9, height: 0.9 } };
  const behindsPlate = { left: 0.05, top: 0.1, width: 0.1, height: 0.05 };
  reader.next = [aRead("ABC1D23"), aRead("XYZ9K87", 0.9, behindsPlate)];
  await stage.look(at(1, { vehicles: [behind, CAR] }));
  const told = stage.tick(7_000).map(({ trackId, plate }) => [trackId, plate]);
  expect(told).toEqual([
    [2, "XYZ9K87"],
    [1, "ABC1D23"],
  ]);
});

test("a plate that is on no vehicle is nobody's", async () => {
  const { reader, stage } = aStage();
  reader.next = [aRead("ABC1D23", 0.95, { left: 0.01, top: 0.01, width: 0.05, height: 0.03 })];
  await stage.look(at(1));
  expect(stage.tick(60_000)).toEqual([]);
});

test("reads that do not agree are not told", async () => {
  const { reader, stage } = aStage();
  reader.next = [aRead("ABC1D23")];
  await stage.look(at(1));
  reader.next = [aRead("XYZ9K87")];
  await stage.look(at(2));
  expect(stage.tick(60_000)).toEqual([]);
});

test("models that fail are told of, and the next picture is tried", async () => {
  const { reader, stage, troubles } = aStage();
  reader.next = new Error("no model");
  expect(await stage.look(at(1))).toEqual([]);
  expect(troubles).toHaveLength(1);
  reader.next = [aRead("ABC1D23")];
  await stage.look(at(2));
  expect(stage.tick(8_000)).toMatchObject([{ plate: "ABC1D23" }]);
});

test("a camera that is given away is forgotten, also while its picture is being read", async () => {
  const { reader, stage } = aStage();
  reader.next = [aRead("ABC1D23")];
  const looking = stage.look(at(1));
  stage.forget("gate");
  expect(await looking).toEqual([]);
  expect(stage.tick(60_000)).toEqual([]);
});

test("whatever is seen and read, no vehicle passes twice, and no plate twice within a minute", async () => {
  const look = fc.record({
    afterS: fc.constantFrom(1, 1, 1, 2, 6, 30, 70),
    trackIds: fc.uniqueArray(fc.integer({ min: 1, max: 3 })),
    plates: fc.array(
      fc.tuple(fc.constantFrom("ABC1D23", "QBC1D23", "OBC1D23", "XYZ1234"), fc.constantFrom(0.7, 0.95)),
    ),
    fails: fc.constantFrom(false, false, false, true),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(look, { maxLength: 40 }), async (looks) => {
      const { reader, stage } = aStage();
      const told: Passage[] = [];
      const seenAtMs = new Map<number, number>();
      let atMs = 0;
      for (const { afterS, trackIds, plates, fails } of looks) {
        atMs += afterS * 1_000;
        told.push(...stage.tick(atMs));
        reader.next = fails
          ? new Error("no model")
          : plates.map(([plate, sure], place) =>
              aRead(plate, sure, { ...CAR.box, left: 0.1 * place, width: 0.1 }),
            );
        // the tracker gives an id up long before a minute is over
        const alive = trackIds.filter((id) => atMs - (seenAtMs.get(id) ?? atMs) < 60_000);
        for (const id of alive) seenAtMs.set(id, atMs);
        const vehicles = alive.map((trackId) => ({
          trackId,
          box: { left: 0.2 * trackId, top: 0.3, width: 0.2, height: 0.4 },
        }));
        told.push(...(await stage.look(at(0, { atMs, vehicles }))));
      }
      told.push(...stage.tick(atMs + 120_000));
      expect(new Set(told.map(({ trackId }) => trackId)).size).toBe(told.length);
      for (const one of told)
        for (const other of told)
          if (one !== other && foldPlate(one.plate) === foldPlate(other.plate))
            expect(Math.abs(one.bestAtMs - other.bestAtMs)).toBeGreaterThanOrEqual(60_000);
    }),
  );
});
