import { expect, test } from "vitest";
import { createMediaTimeline } from "./media-timeline.ts";
import { senderReport } from "./rtp-samples.memory.ts";

const TICKS_PER_S = 90_000;

test("time rises on where the 32-bit timestamps wrap", () => {
  const timeline = createMediaTimeline(TICKS_PER_S);
  const first = timeline.ptsUs(2 ** 32 - 45_000, 0);
  expect(timeline.ptsUs(45_000, 1_000) - first).toBe(1_000_000);
});

test("a B-frame's time goes back and the next picture's goes on", () => {
  const timeline = createMediaTimeline(TICKS_PER_S);
  const times = [0, 9_000, 3_000, 6_000, 18_000].map((timestamp) => timeline.ptsUs(timestamp, 0));
  expect(times).toEqual([0, 100_000, 33_333, 66_667, 200_000]);
});

test("a clock set back by far goes on by the time that passed", () => {
  const timeline = createMediaTimeline(TICKS_PER_S);
  const before = timeline.ptsUs(100 * TICKS_PER_S, 5_000);
  expect(timeline.ptsUs(0, 5_040)).toBe(before + 40_000);
  expect(timeline.ptsUs(9_000, 5_140)).toBe(before + 140_000);
});

test("the camera's wall clock is unknown until a sender report, and again after a restart", () => {
  const timeline = createMediaTimeline(TICKS_PER_S);
  expect(timeline.cameraAtMs(0)).toBe(0);
  const report = senderReport(1_700_000_000_500, 900_000);
  timeline.rtcp(report, 0, report.length);
  expect(timeline.cameraAtMs(900_000 + 2 * TICKS_PER_S)).toBeCloseTo(1_700_000_002_500, 1);
  expect(timeline.cameraAtMs(900_000 - TICKS_PER_S)).toBeCloseTo(1_699_999_999_500, 1);
  timeline.restart();
  expect(timeline.cameraAtMs(900_000)).toBe(0);
});

test("a sender report is found behind other reports, and one without a clock or cut short is passed over", () => {
  const timeline = createMediaTimeline(TICKS_PER_S);
  const compound = Buffer.concat([
    Buffer.from("80c9000100000007", "hex"),
    senderReport(1_700_000_000_000, 5),
  ]);
  timeline.rtcp(compound, 0, compound.length - 12);
  expect(timeline.cameraAtMs(5)).toBe(0);
  timeline.rtcp(compound, 0, compound.length);
  expect(timeline.cameraAtMs(5)).toBeCloseTo(1_700_000_000_000, 1);

  const clockless = createMediaTimeline(TICKS_PER_S);
  const zero = senderReport(-2_208_988_800_000, 5);
  clockless.rtcp(zero, 0, zero.length);
  expect(clockless.cameraAtMs(5)).toBe(0);
});
