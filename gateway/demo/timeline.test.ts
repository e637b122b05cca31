import { expect, test } from "vitest";
import type { Clip, ClipFrame } from "./clip.ts";
import { createTimeline } from "./timeline.ts";

/** Four pictures of 100 ms, key frames at 0 and 2. */
const frames = [0, 1, 2, 3].map(
  (index): ClipFrame => ({
    presentationMs: index * 100,
    dueMs: index * 100,
    isKey: index % 2 === 0,
    payloads: [],
  }),
);
const clip: Clip = { codec: "h264", parameterSets: [], frames, lengthMs: 400, widthPx: 2, heightPx: 2 };

test("the newest frame is found in any loop, and there is none before the start", () => {
  const timeline = createTimeline(clip, 1_000);
  expect([999, 1_000, 1_099, 1_100, 1_399, 1_400, 9_050].map(timeline.newestDue)).toEqual([
    -1, 0, 0, 1, 3, 4, 80,
  ]);
});

test("time goes on rising where the clip begins again", () => {
  const timeline = createTimeline(clip, 1_000);
  expect([2, 3, 4, 5].map(timeline.presentationMs)).toEqual([200, 300, 400, 500]);
  expect(timeline.dueAtMs(5)).toBe(1_500);
});

test("key frames are found in both directions, across the clip's end too", () => {
  const timeline = createTimeline(clip, 0);
  expect([0, 1, 2, 3].map(timeline.keyAtOrAfter)).toEqual([0, 2, 2, 4]);
  expect([-1, 1, 3, 5].map(timeline.keyAtOrBefore)).toEqual([0, 0, 2, 4]);
});
