import { expect, test } from "vitest";
import { createWayDelay, readReports, type WhepCounters } from "./whep-figures.ts";

const inbound = {
  type: "inbound-rtp",
  kind: "video",
  timestamp: 10_000,
  framesDecoded: 121,
  framesDropped: 2,
  keyFramesDecoded: 9,
  bytesReceived: 142_000,
  totalProcessingDelay: 0.95,
};

test("counters are read from the video's reports, what is missing is null", () => {
  const reports = [
    { type: "transport" },
    { ...inbound, kind: "audio", framesDecoded: 7 },
    inbound,
    { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 },
    { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.004 },
    { type: "remote-outbound-rtp", kind: "video", timestamp: 9_990, remoteTimestamp: 9_200 },
  ];
  expect(readReports(reports)).toEqual({
    frames: 121,
    dropped: 2,
    keyFrames: 9,
    bytes: 142_000,
    decoder: null,
    processingMs: 950,
    roundTripMs: 4,
    reportDelayMs: 790,
  });
  expect(readReports([inbound])).toMatchObject({ roundTripMs: null, reportDelayMs: null });
  expect(readReports([])).toBeNull();
});

function counters(overrides: Partial<WhepCounters>): WhepCounters {
  const counts = { frames: 0, dropped: 0, keyFrames: 0, bytes: 0, decoder: null, processingMs: null };
  return { ...counts, roundTripMs: null, reportDelayMs: null, ...overrides };
}

test("a quiet way takes half of its round trip, whatever the clocks say", () => {
  const wayMs = createWayDelay(() => 0);
  expect(wayMs(counters({ roundTripMs: 10, reportDelayMs: -3_600_000 }))).toBe(5);
  expect(wayMs(counters({ roundTripMs: 10, reportDelayMs: -3_600_000 }))).toBe(5);
});

test("a way that became slower is told by its round trip or by its sender reports", () => {
  const wayMs = createWayDelay(() => 0);
  wayMs(counters({ roundTripMs: 10, reportDelayMs: 500 }));
  expect(wayMs(counters({ roundTripMs: 310, reportDelayMs: 520 }))).toBe(305);
  expect(wayMs(counters({ roundTripMs: 10, reportDelayMs: 2_500 }))).toBe(2_005);
});

test("clocks that drift apart are not taken for a slow way", () => {
  let nowMs = 0;
  const wayMs = createWayDelay(() => nowMs);
  let last = 0;
  for (let second = 0; second < 3_600; second++) {
    nowMs = second * 1_000;
    last = wayMs(counters({ roundTripMs: 2, reportDelayMs: second * 0.05 })); // 50 ppm
  }
  expect(last).toBeLessThan(20);
});
