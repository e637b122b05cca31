import fc from "fast-check";
import { expect, test } from "vitest";
import { foldPlate } from "./plate-match.ts";
import { NO_PLATES, PlateMemory } from "./plate-memory.ts";
import { createPlateStage, type Passage, type PlateLook, type PlateStage } from "./plate-stage.ts";
import { aFakeReader, aPicture, aRead } from "./plates.memory.ts";

const CAR = { trackId: 1, box: { left: 0.3, top: 0.3, width: 0.4, height: 0.4 } };
const at = (second: number, overrides: Partial<PlateLook> = {}): PlateLook => ({
  cameraId: "gate",
  picture: () => aPicture,
  vehicles: [CAR],
  remembered: NO_PLATES,
  isWanted: true,
  atMs: second * 1_000,
  ...overrides,
});

/** What a stage knows, as it crosses a disk or the wire. */
const memoryOf = (stage: PlateStage): PlateMemory =>
  PlateMemory.parse(JSON.parse(JSON.stringify(stage.memory("gate"))));

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
  const remembered = memoryOf(before.stage);
  expect(remembered.told).toEqual([{ plate: foldPlate("ABC1D23"), seenAtMs: 20_000 }]);
  // under its own track it is not even looked at, under another it is known by its plate
  for (const [trackId, looks] of [
    [1, 0],
    [2, 11],
  ] as const) {
    const after = aStage();
    after.reader.next = [aRead("ABC1D23")];
    const told: Passage[] = [];
    for (let second = 25; second <= 60; second += 1)
      told.push(...(await after.stage.look(at(second, { remembered, vehicles: [{ ...CAR, trackId }] }))));
    expect([told, after.reader.looks]).toEqual([[], looks]);
  }
});

test("a vote that a reload interrupts goes on: the passage is told once, as it would have been", async () => {
  const sure = [0.85, 0.97, 0.9, 0.8, 0.88];
  const passageWith = async (reloadAfter: number) => {
    let { reader, stage } = aStage();
    let remembered = NO_PLATES;
    for (const [index, one] of sure.entries()) {
      reader.next = [aRead("ABC1D23", one)];
      expect(await stage.look(at(index + 1, { remembered }))).toEqual([]);
      if (index + 1 !== reloadAfter) continue;
      remembered = memoryOf(stage);
      ({ reader, stage } = aStage());
    }
    return stage.look(at(20, { remembered, vehicles: [] }));
  };
  const [whole] = await passageWith(0);
  expect(whole).toMatchObject({ plate: "ABC1D23", reads: 5, bestAtMs: 2_000, firstReadAtMs: 1_000 });
  for (const reloadAfter of [1, 2, 3, 4, 5]) {
    const told = await passageWith(reloadAfter);
    expect(told).toMatchObject([{ plate: "ABC1D23", reads: 5, confidence: whole?.confidence, trackId: 1 }]);
  }
  // the picture of before is lost: it shows the best of those since, or comes without
  expect((await passageWith(3))[0]).toMatchObject({ bestAtMs: 5_000, picture: aPicture });
  expect((await passageWith(5))[0]).toMatchObject({ bestAtMs: 2_000, picture: null });
});

test("a vehicle that stays is told after a reload as soon as there is a picture to show, or none to be had", async () => {
  const before = aStage();
  before.reader.next = [aRead("ABC1D23")];
  for (let second = 1; second <= 6; second += 1) await before.stage.look(at(second));
  const remembered = memoryOf(before.stage);
  for (const [isLegible, toldAtS] of [
    [true, 21],
    [false, 32],
  ] as const) {
    const { reader, stage } = aStage();
    const told: number[] = [];
    for (let second = 20; second <= 40; second += 1) {
      reader.next = isLegible && second > 20 ? [aRead("ABC1D23")] : [];
      told.push(...(await stage.look(at(second, { remembered }))).map(() => second));
      told.push(...stage.tick(second * 1_000 + 500).map(() => second + 0.5));
    }
    expect(told).toEqual([isLegible ? toldAtS : toldAtS - 1]);
  }
});

test("a vehicle that is still seen while its picture is being read is not gone", async () => {
  const { reader, stage } = aStage();
  reader.next = [aRead("ABC1D23")];
  await stage.look(at(1));
  const looking = stage.look(at(2));
  for (let second = 3; second <= 9; second += 1) stage.see("gate", [CAR], second * 1_000);
  expect(stage.tick(9_500)).toEqual([]);
  await looking;
  expect(stage.tick(15_000)).toMatchObject([{ reads: 2 }]);
});

test("what is remembered is bounded: the newest votes before all, and none for ever", async () => {
  const { reader, stage } = aStage();
  const cars = Array.from({ length: 40 }, (_, index) => ({
    trackId: index + 1,
    box: { left: (index % 8) * 0.125, top: Math.floor(index / 8) * 0.2, width: 0.12, height: 0.19 },
  }));
  reader.next = cars.map(({ box }, index) => aRead(`ABC1D${10 + index}`, 0.6 + index / 200, box));
  for (let second = 1; second <= 12; second += 1)
    await stage.look(at(second, { vehicles: second < 12 ? cars : cars.slice(30) }));
  const remembered = memoryOf(stage);
  expect(PlateMemory.parse(remembered)).toEqual(remembered);
  expect(JSON.stringify(remembered).length).toBeLessThan(24_000);
  const late = aStage().stage;
  expect(await late.look(at(12 + 180, { remembered, vehicles: [] }))).toEqual([]);
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

test("whatever is seen, read and reloaded, no vehicle passes twice, and no plate twice within a minute", async () => {
  const look = fc.record({
    afterS: fc.constantFrom(1, 1, 1, 2, 6, 30, 70),
    trackIds: fc.uniqueArray(fc.integer({ min: 1, max: 3 })),
    plates: fc.array(
      fc.tuple(fc.constantFrom("ABC1D23", "QBC1D23", "OBC1D23", "XYZ1234"), fc.constantFrom(0.7, 0.95)),
    ),
    fails: fc.constantFrom(false, false, false, true),
    isSaved: fc.boolean(),
    reloads: fc.constantFrom(false, false, false, true),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(look, { maxLength: 40 }), async (looks) => {
      let { reader, stage } = aStage();
      let remembered = NO_PLATES;
      const told: Passage[] = [];
      const seenAtMs = new Map<number, number>();
      /** What is told is written with what is known, the rest now and then. */
      const tell = (passages: Passage[], isSaved: boolean) => {
        told.push(...passages);
        if ((isSaved || passages.length > 0) && stage.memory("gate")) remembered = memoryOf(stage);
      };
      let atMs = 0;
      for (const { afterS, trackIds, plates, fails, isSaved, reloads } of looks) {
        atMs += afterS * 1_000;
        tell(stage.tick(atMs), false);
        if (reloads) ({ reader, stage } = aStage());
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
        tell(await stage.look(at(0, { atMs, vehicles, remembered })), isSaved);
      }
      tell(stage.tick(atMs + 120_000), false);
      expect(new Set(told.map(({ trackId }) => trackId)).size).toBe(told.length);
      for (const one of told)
        for (const other of told)
          if (one !== other && foldPlate(one.plate) === foldPlate(other.plate))
            expect(Math.abs(one.bestAtMs - other.bestAtMs)).toBeGreaterThanOrEqual(60_000);
    }),
  );
});
