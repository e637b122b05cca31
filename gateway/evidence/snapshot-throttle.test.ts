import fc from "fast-check";
import { expect, test } from "vitest";
import { CAMERA_EVERY_MS, createSnapshotThrottle, STORE_LIMIT } from "./snapshot-throttle.ts";

test("a camera's second picture waits for the rest of its 10 s; another camera's does not", () => {
  let nowMs = 1_000;
  const take = createSnapshotThrottle(() => nowMs);
  expect(take("a").kind).toBe("granted");
  nowMs += 4_000;
  expect(take("a")).toEqual({ kind: "wait", limit: "camera", waitMs: 6_000 });
  expect(take("b").kind).toBe("granted");
  nowMs += 6_000;
  expect(take("a").kind).toBe("granted");
});

test("a store has 30 a minute, and a refusal costs nothing", () => {
  let nowMs = 0;
  const take = createSnapshotThrottle(() => nowMs);
  for (let i = 0; i < STORE_LIMIT.pictures; i++) expect(take(`camera ${i}`).kind).toBe("granted");
  nowMs += 15_000;
  for (let i = 0; i < 5; i++) expect(take("more")).toEqual({ kind: "wait", limit: "store", waitMs: 45_000 });
  nowMs += 45_000;
  expect(take("more").kind).toBe("granted");
});

test("a clock that is put back locks nobody out", () => {
  let nowMs = 10_000_000;
  const take = createSnapshotThrottle(() => nowMs);
  take("a");
  nowMs = 1_000;
  expect(take("a").kind).toBe("granted");
});

test("whatever is asked when, the limits hold and a wait is as long as it says", () => {
  const step = fc.record({
    camera: fc.integer({ min: 0, max: 50 }),
    waitMs: fc.integer({ min: 0, max: 4_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      let nowMs = 0;
      const take = createSnapshotThrottle(() => nowMs);
      const granted: { camera: number; atMs: number }[] = [];
      for (const { camera, waitMs } of steps) {
        nowMs += waitMs;
        const turn = take(String(camera));
        if (turn.kind === "granted") granted.push({ camera, atMs: nowMs });
        else expect(turn.waitMs).toBeGreaterThan(0);
      }
      for (const { camera, atMs } of granted) {
        const lately = granted.filter(
          (other) => other.atMs <= atMs && atMs - other.atMs < STORE_LIMIT.withinMs,
        );
        expect(lately.length).toBeLessThanOrEqual(STORE_LIMIT.pictures);
        const ofCamera = lately.filter(
          (other) => other.camera === camera && atMs - other.atMs < CAMERA_EVERY_MS,
        );
        expect(ofCamera).toHaveLength(1);
      }
    }),
    { numRuns: 50 },
  );
});
