import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import type { Detection } from "../detector.ts";
import { aPicture, aRead } from "../plates/plates.memory.ts";
import { createCameraWatches } from "./camera-watches.ts";
import { aModel } from "./examples.memory.ts";
import { createPlateWatch } from "./plate-watch.ts";
import { zonesOf } from "./rules/scene.memory.ts";
import { aWatchDisk } from "./watch-disk.memory.ts";

const BY = { model: "yolox-nano", executionProvider: "wasm" };
const CAMERA = {
  id: anId(),
  queueThreshold: 2,
  analysed: true,
  lease: null,
  zones: zonesOf({ rules: [{ kind: "plate_read" }] }),
};
const CAR: Detection = { label: "car", score: 0.9, box: { left: 0.3, top: 0.3, width: 0.3, height: 0.4 } };
const settled = () => new Promise((resolve) => setTimeout(resolve));

type Step = {
  afterS: number;
  isThere: boolean;
  plates: readonly string[];
  savesAll: boolean;
  /** Seconds for which the page is away before this picture; null: it is not reloaded. */
  awayS: number | null;
};

/** A camera whose page is reloaded now and then, with a disk that outlives it. Returns what was told of plates. */
async function play(steps: Step[]): Promise<EventRecord[]> {
  const disk = aWatchDisk();
  let atMs = Date.UTC(2026, 2, 1, 12, 0, 0);
  let plates: readonly string[] = [];
  const open = () => {
    const watches = createCameraWatches({ storeId: STORE_ID, ...disk.nextLife(), nowMs: () => atMs });
    const plateWatch = createPlateWatch({
      openReader: async () => ({
        read: async () => plates.map((plate) => aRead(plate)),
        close: () => undefined,
      }),
      wantsPlates: watches.wantsPlates,
      plateMemory: watches.plateMemory,
      onPlates: (cameraId, memory, told) =>
        watches.platesRead(
          cameraId,
          memory,
          told.map(({ seen }) => ({ seen, keep: async () => null })),
        ),
      timeZone: () => null,
      nowMs: () => atMs,
      onTrouble: () => undefined,
    });
    plateWatch.setFacts({ models: { finder: aModel(), reader: aModel() }, known: null });
    watches.restore(disk.watches());
    watches.setCameras([CAMERA], BY, null);
    return { watches, plateWatch };
  };
  let { watches, plateWatch } = open();
  for (const step of steps) {
    if (step.awayS !== null) {
      atMs += step.awayS * 1_000;
      ({ watches, plateWatch } = open());
    }
    atMs += step.afterS * 1_000;
    plateWatch.tick(atMs);
    ({ plates } = step);
    const detections = step.isThere ? [CAR] : [];
    const keep = async () => null;
    const objects = watches.lookedAt(CAMERA.id, { atMs, aspect: 1, detections, detectMs: 30, by: BY }, keep);
    plateWatch.look(CAMERA.id, aPicture, objects ?? [], atMs);
    await settled();
    await watches.save(step.savesAll ? "all" : "pressing");
  }
  for (let second = 0; second < 70; second += 1) {
    atMs += 1_000;
    plateWatch.tick(atMs);
  }
  await settled();
  return disk.events.filter(({ payload }) => payload?.plate !== undefined);
}

const aStep = (awayAtMostS: number) =>
  fc.record({
    afterS: fc.constantFrom(1, 1, 1, 2),
    isThere: fc.constantFrom(true, true, true, true, false),
    plates: fc.constantFrom(["ABC1D23"], ["ABC1D23"], ["ABC1D28"], []),
    savesAll: fc.boolean(),
    awayS: fc.option(fc.integer({ min: 0, max: awayAtMostS }), { freq: 4 }),
  });

test("whatever is read, and however often the page is reloaded, a car that is followed is told once at most", async () => {
  let passages = 0;
  await fc.assert(
    // away no longer than the tracker holds a car that it lost
    fc.asyncProperty(fc.array(aStep(2), { maxLength: 40, size: "max" }), async (steps) => {
      const told = await play(steps.map((step) => ({ ...step, isThere: true })));
      expect(told.length).toBeLessThanOrEqual(1);
      passages += told.length;
    }),
    { numRuns: 60 },
  );
  expect(passages).toBeGreaterThan(30);
});

test("however long the page is away, and whether the car is seen or not, a plate is one passage", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep(40), { maxLength: 40, size: "max" }), async (steps) => {
      const events = await play(steps.map((step) => ({ ...step, plates: ["ABC1D23"] })));
      const tellsMs = events.map(({ ts }) => Date.parse(ts)).toSorted((a, b) => a - b);
      for (const [index, ms] of tellsMs.slice(1).entries())
        expect(ms - (tellsMs[index] ?? 0)).toBeGreaterThanOrEqual(60_000);
    }),
    { numRuns: 60 },
  );
});
