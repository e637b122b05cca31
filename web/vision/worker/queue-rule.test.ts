import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CALM,
  endQueue,
  observeQueue,
  type QueueHappening,
  type QueueState,
  resumeQueue,
  watchSilence,
} from "./queue-rule.ts";

const THRESHOLD = 3;

/** Counts, one a second from second 0 on. */
function play(counts: number[], start: QueueState = CALM, fromS = 0) {
  let state = start;
  const happenings: QueueHappening[] = [];
  for (const [index, count] of counts.entries()) {
    const step = observeQueue(state, { atMs: (fromS + index) * 1000, count, left: 0 }, THRESHOLD);
    state = step.state;
    happenings.push(...step.happenings);
  }
  return { state, happenings };
}

test("enough people for three seconds start a queue, once", () => {
  const { happenings } = play([3, 3, 4, 5, 5, 5]);
  expect(happenings).toEqual([
    {
      state: "started",
      atMs: 3000,
      startedAtMs: 0,
      durationMs: 3000,
      length: 5,
      maxLength: 5,
      waitEstimateMs: null,
    },
  ]);
});

test("people who pass by start nothing", () => {
  expect(play([3, 3, 0, 3, 3, 3, 2, 3]).happenings).toEqual([]);
});

test("a person missed now and then ends nothing", () => {
  expect(play([3, 3, 3, 3, 2, 3, 2, 2, 2, 3, 3]).happenings.map((h) => h.state)).toEqual(["started"]);
});

test("too few for five seconds end it, and the time it took is without those", () => {
  const { happenings, state } = play([3, 3, 3, 4, 4, 2, 2, 2, 2, 2, 1, 0]);
  expect(happenings.map((h) => h.state)).toEqual(["started", "ended"]);
  expect(happenings[1]).toMatchObject({ atMs: 10_000, durationMs: 5000, length: 1, maxLength: 4 });
  expect(happenings[1]).not.toHaveProperty("reason");
  expect(state).toEqual(CALM);
});

test("a change of length is told at most every half minute", () => {
  const counts = Array.from({ length: 75 }, (_, s) => (s < 4 ? 3 : 4 + (s % 2)));
  const updates = play(counts).happenings.filter((h) => h.state === "updated");
  expect(updates.map((h) => h.atMs)).toEqual([33_000, 64_000]);
});

test("the wait is estimated from those who left", () => {
  const { state } = play([4, 4, 4, 4]);
  const step = observeQueue(state, { atMs: 8_000, count: 4, left: 2 }, THRESHOLD);
  expect(step.happenings).toEqual([]);
  const told = observeQueue(step.state, { atMs: 35_000, count: 5, left: 1 }, THRESHOLD);
  // three left in 35 s, five are there
  expect(told.happenings[0]?.waitEstimateMs).toBeCloseTo((5 * 35_000) / 3);
});

test("half a minute without a picture ends it with the reason, at the last moment that is known", () => {
  const { state } = play([3, 3, 3, 3, 3]);
  expect(watchSilence(state, 34_000).happenings).toEqual([]);
  const [ended] = watchSilence(state, 34_001).happenings;
  expect(ended).toMatchObject({ state: "ended", atMs: 4000, durationMs: 4000, reason: "no_pictures" });
});

test("a camera that stops and a removed one end a running queue only", () => {
  expect(endQueue(CALM, "camera_removed").happenings).toEqual([]);
  expect(endQueue(play([3, 3]).state, "camera_removed").happenings).toEqual([]);
  expect(endQueue(play([3, 3, 3, 3]).state, "station_stopped").happenings).toHaveLength(1);
});

test("after a reload of two minutes the same queue goes on", () => {
  const { state } = play([3, 3, 3, 3]);
  const { happenings } = play([3, 3, 3, 0, 0, 0, 0, 0, 0], resumeQueue(state, 120_000), 120);
  expect(happenings.map((h) => [h.state, h.startedAtMs])).toEqual([["ended", 0]]);
});

test("whatever comes when, starts and ends alternate and nothing is negative", () => {
  const observe = fc.record({
    kind: fc.constant("observe" as const),
    count: fc.integer({ min: 0, max: 6 }),
    left: fc.integer({ min: 0, max: 2 }),
    threshold: fc.integer({ min: 1, max: 5 }),
  });
  const action = fc.oneof(
    { weight: 10, arbitrary: observe },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("silence" as const, "end" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("resume" as const) }) },
  );
  const stepMs = fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: 0, max: 3000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -200_000, max: 200_000 }) },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(stepMs, action), { maxLength: 80 }), (steps) => {
      let atMs = 1_000_000;
      let state: QueueState = CALM;
      let running = false;
      for (const [afterMs, what] of steps) {
        atMs += afterMs;
        if (what.kind === "resume") {
          state = resumeQueue(state, atMs);
          continue;
        }
        const step =
          what.kind === "observe"
            ? observeQueue(state, { atMs, ...what }, what.threshold)
            : what.kind === "silence"
              ? watchSilence(state, atMs)
              : endQueue(state, "station_stopped");
        state = step.state;
        for (const happening of step.happenings) {
          expect(happening.state === "started").toBe(!running);
          running = happening.state !== "ended";
          expect(happening.durationMs).toBeGreaterThanOrEqual(0);
          expect(happening.length).toBeGreaterThanOrEqual(0);
          expect(happening.maxLength).toBeGreaterThanOrEqual(happening.length);
          expect(happening.waitEstimateMs ?? 0).toBeGreaterThanOrEqual(0);
        }
        expect(state.kind === "running").toBe(running);
      }
    }),
    { numRuns: 500 },
  );
});
