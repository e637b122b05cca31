import fc from "fast-check";
import { expect, test } from "vitest";
import type { Detection } from "../detector.ts";
import { followTracks, newTracker } from "./tracker.ts";

const LANES = 3;
/** Lanes are a little over a body's width apart; people in them walk at their own pace, stop, and are overlooked. */
const aWalk = fc.record({
  startX: fc.double({ min: 0.05, max: 0.4, noNaN: true }),
  /** Fractions of the picture's width a second: about up to one body height. */
  speed: fc.double({ min: -0.02, max: 0.1, noNaN: true }),
  stopsAtLook: fc.integer({ min: 2, max: 12 }),
  /** At these looks nobody is found there; never two in a row. */
  missed: fc.uniqueArray(
    fc.integer({ min: 1, max: 5 }).map((n) => n * 2),
    { maxLength: 3 },
  ),
  trembles: fc.array(fc.double({ min: -0.008, max: 0.008, noNaN: true }), { minLength: 12, maxLength: 12 }),
});
type Walk = typeof aWalk extends fc.Arbitrary<infer Value> ? Value : never;

function personIn(lane: number, walk: Walk, look: number): Detection[] {
  if (walk.missed.includes(look)) return [];
  const x = walk.startX + walk.speed * Math.min(look, walk.stopsAtLook) + (walk.trembles[look] ?? 0);
  return [
    { label: "person", score: 0.8, box: { left: x, top: 0.02 + lane * 0.33, width: 0.07, height: 0.28 } },
  ];
}

test("who walks, stops and is overlooked now and then keeps one identity at a picture a second", () => {
  const walks = fc.array(aWalk, { minLength: 1, maxLength: LANES });
  fc.assert(
    fc.property(walks, fc.integer({ min: 900, max: 1_100 }), (people, stepMs) => {
      const ids = people.map(() => new Set<number>());
      let state = newTracker();
      for (let look = 0; look < 12; look += 1) {
        const found = people.flatMap((walk, lane) =>
          personIn(lane, walk, look).map((detection) => ({ lane, detection })),
        );
        const detections = found.map(({ detection }) => detection);
        const step = followTracks(state, { detections, atMs: look * stepMs, aspect: 16 / 9 });
        state = step.state;
        for (const [index, object] of step.seen.entries()) ids[found[index]?.lane ?? 0]?.add(object.trackId);
      }
      expect(ids.map(({ size }) => size)).toEqual(people.map(() => 1));
    }),
    { numRuns: 300 },
  );
});

test("whatever comes at whatever times, tracks are never kept without end", () => {
  const side = fc.double({ min: 0, max: 1, noNaN: true });
  const detection = fc.record({
    label: fc.constantFrom("person", "car", "truck"),
    score: side,
    box: fc.record({ left: side, top: side, width: side, height: side }),
  });
  const stepMs = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 500, max: 2_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -500_000, max: 500_000 }) },
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(stepMs, fc.array(detection, { maxLength: 4 })), { maxLength: 60 }),
      (steps) => {
        let state = newTracker();
        let atMs = 1_000_000;
        for (const [afterMs, detections] of steps) {
          atMs += afterMs;
          state = followTracks(state, { detections, atMs, aspect: 16 / 9 }).state;
          for (const { lastSeenAtMs } of state.tracks) {
            expect(Math.abs(atMs - lastSeenAtMs)).toBeLessThanOrEqual(30_000);
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});
