import fc from "fast-check";
import { expect, test } from "vitest";
import type { Detection } from "../detector.ts";
import { followTracks, newTracker, type TrackerState } from "./tracker.ts";

const ASPECT = 16 / 9;
/** A standing person whose feet and head are where one is in a shop's picture. */
const person = (left: number, top = 0.3): Detection => ({
  label: "person",
  score: 0.8,
  box: { left, top, width: 0.08, height: 0.4 },
});
const car = (left: number, label = "car"): Detection => ({
  label,
  score: 0.8,
  box: { left, top: 0.6, width: 0.3, height: 0.25 },
});

function follow(pictures: { atMs: number; detections: Detection[] }[], start: TrackerState = newTracker()) {
  let state = start;
  return pictures.map((picture) => {
    const step = followTracks(state, { ...picture, aspect: ASPECT });
    state = step.state;
    const ids = step.seen.map((object) => object.trackId);
    const steady = step.steady.map((object) => object.trackId);
    return { ids, steady, gone: step.gone.map((track) => track.id), state };
  });
}

test("a person who walks keeps the identity though the boxes do not overlap", () => {
  const steps = follow(
    [0, 1, 2, 3, 4].map((s) => ({ atMs: s * 1000, detections: [person(0.1 + 0.12 * s)] })),
  );
  expect(steps.map((step) => step.ids)).toEqual([[1], [1], [1], [1], [1]]);
});

test("two who pass each other keep who they are", () => {
  const steps = follow(
    [0, 1, 2, 3, 4].map((s) => ({
      atMs: s * 1000,
      detections: [person(0.1 + 0.15 * s, 0.3), person(0.75 - 0.15 * s, 0.36)],
    })),
  );
  for (const step of steps) expect(step.ids).toEqual([1, 2]);
});

test("who is hidden for some seconds is the same afterwards", () => {
  const steps = follow([
    { atMs: 0, detections: [person(0.4)] },
    { atMs: 1000, detections: [person(0.41)] },
    { atMs: 2000, detections: [] },
    { atMs: 3000, detections: [] },
    { atMs: 4000, detections: [person(0.44)] },
  ]);
  expect(steps.at(-1)?.ids).toEqual([1]);
});

test("who is gone for long is told as gone once, and comes back as somebody else", () => {
  const steps = follow([
    { atMs: 0, detections: [person(0.4)] },
    { atMs: 1000, detections: [person(0.4)] },
    { atMs: 2000, detections: [] },
    { atMs: 6500, detections: [] },
    { atMs: 7500, detections: [person(0.4)] },
  ]);
  expect(steps.map((step) => step.gone)).toEqual([[], [], [], [1], []]);
  expect(steps.at(-1)?.ids).toEqual([2]);
});

test("what is seen once does not count, what is seen again does, also by key frames 8 s apart", () => {
  const steps = follow([
    { atMs: 0, detections: [person(0.4), person(0.8)] },
    { atMs: 8400, detections: [person(0.42)] },
    { atMs: 16_800, detections: [person(0.4), person(0.1)] },
  ]);
  expect(steps.map((step) => step.steady)).toEqual([[], [1], [1]]);
});

test("a person never takes over a car's identity, but a car read as a truck keeps its own", () => {
  const [, mixed] = follow([
    { atMs: 0, detections: [car(0.3)] },
    { atMs: 1000, detections: [{ ...car(0.3), label: "person" }] },
  ]);
  expect(mixed?.ids).toEqual([2]);
  const [, renamed] = follow([
    { atMs: 0, detections: [car(0.3)] },
    { atMs: 1000, detections: [car(0.32, "truck")] },
  ]);
  expect(renamed?.ids).toEqual([1]);
});

test("who comes in at the edge is not the one who was lost elsewhere some seconds before", () => {
  const cutOff = { ...person(0.3), box: { left: 0.3, top: 0.6, width: 0.1, height: 0.39 } };
  const walked = [0.35, 0.55].map((left, s) => ({ atMs: s * 1_000, detections: [person(left)] }));
  const nobody = [2, 3].map((s) => ({ atMs: s * 1_000, detections: [] }));
  expect(follow([...walked, ...nobody, { atMs: 4_000, detections: [cutOff] }]).at(-1)?.ids).toEqual([2]);
  const inView = { atMs: 4_000, detections: [person(0.5)] };
  expect(follow([...walked, ...nobody, inView]).at(-1)?.ids).toEqual([1]);
});

test("who stands at the edge, cut off, and is overlooked is the same afterwards", () => {
  const cutOff = { ...person(0.3), box: { left: 0.3, top: 0.6, width: 0.1, height: 0.4 } };
  const steps = follow(
    [[cutOff], [cutOff], [], [], [cutOff]].map((detections, s) => ({ atMs: s * 1_000, detections })),
  );
  expect(steps.at(-1)?.ids).toEqual([1]);
});

test("somebody far away is not the one who was here a moment ago", () => {
  const [, second] = follow([
    { atMs: 0, detections: [person(0.05)] },
    { atMs: 1000, detections: [person(0.85)] },
  ]);
  expect(second?.ids).toEqual([2]);
});

test("no identity is given twice in a picture, whatever comes at whatever times", () => {
  const side = fc.double({ min: 0, max: 1, noNaN: true });
  const detection = fc.record({
    label: fc.constantFrom("person", "car", "truck"),
    score: side,
    box: fc.record({ left: side, top: side, width: side, height: side }),
  });
  const picture = fc.record({
    atMs: fc.integer({ min: 0, max: 60_000 }),
    detections: fc.array(detection, { maxLength: 8 }),
  });
  fc.assert(
    fc.property(fc.array(picture, { maxLength: 12 }), (pictures) => {
      const gone = new Set<number>();
      for (const { ids, gone: now, state } of follow(pictures)) {
        expect(new Set(ids).size).toBe(ids.length);
        for (const id of now) gone.add(id);
        for (const id of ids) expect(gone.has(id)).toBe(false);
        expect(Math.max(0, ...ids)).toBeLessThan(state.nextId);
      }
    }),
    { numRuns: 200 },
  );
});
