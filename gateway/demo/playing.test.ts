import { expect, test } from "vitest";
import type { Clip } from "./clip.ts";
import type { Fault } from "./faults.ts";
import { createPlaying } from "./playing.ts";
import { createRtpStream } from "./rtp-stream.ts";
import { createTimeline } from "./timeline.ts";

/** One picture each 100 ms, key frames every `groupFrames`; a picture's payload is its number. */
function aClip(groupFrames: number): Clip {
  const frames = Array.from({ length: 100 }, (_, index) => ({
    presentationMs: index * 100,
    dueMs: index * 100,
    isKey: index % groupFrames === 0,
    payloads: [Uint8Array.of(index)],
  }));
  return { codec: "h264", parameterSets: [], frames, lengthMs: 10_000, widthPx: 2, heightPx: 2 };
}

/** A camera that started at 0, a reader that comes at `startAtMs`, and all it was sent. */
function aReader(startAtMs: number, groupFrames = 10) {
  const sent: Buffer[] = [];
  let waiting = 0;
  let fault: Fault | undefined;
  const playing = createPlaying(
    {
      timeline: createTimeline(aClip(groupFrames), 0),
      stream: createRtpStream({ rtp: 0, rtcp: 1 }),
      fault: () => fault,
      faultSinceMs: () => 3_250,
      random: () => 0,
      write: (bytes) => sent.push(bytes),
      waitingBytes: () => waiting,
      maxWaitingBytes: 1_000,
    },
    startAtMs,
  );
  return {
    advance: playing.advance,
    setWaiting: (bytes: number) => {
      waiting = bytes;
    },
    setFault: (next: Fault | undefined) => {
      fault = next;
    },
    pictures: () => sent.filter((bytes) => bytes[1] === 0).map((bytes) => bytes.at(-1)),
    reports: () => sent.filter((bytes) => bytes[1] === 1).length,
  };
}

test("a reader begins with the next key frame where that is near", () => {
  const { advance, pictures } = aReader(1_350);
  expect(advance(1_350)).toBe(2_000);
  advance(2_250);
  expect(pictures()).toEqual([20, 21, 22]);
});

test("where key frames are rare, a reader gets the group from the last one at once", () => {
  const { advance, pictures } = aReader(1_350, 50);
  expect(advance(1_350)).toBe(1_400);
  expect(pictures()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
});

test("a reader too far behind is sent nothing, and goes on with a key frame", () => {
  const { advance, pictures, setWaiting } = aReader(0);
  advance(250);
  setWaiting(1_001);
  advance(1_250);
  setWaiting(0);
  advance(2_150);
  expect(pictures()).toEqual([0, 1, 2, 20, 21]);
});

test("what was due while the computer slept is not made up for", () => {
  const { advance, pictures } = aReader(0);
  advance(150);
  advance(3_600_150);
  advance(3_601_050);
  expect(pictures()).toEqual([0, 1, 10]);
});

test("a clock that was set back does not stop the pictures", () => {
  const { advance, pictures } = aReader(50_000);
  advance(50_000);
  advance(20_000);
  expect(pictures()).toEqual([0, 0]);
});

test("a sender report comes with the first picture and every 5 s", () => {
  const { advance, reports } = aReader(0);
  for (let nowMs = 0; nowMs <= 10_000; nowMs += 1_000) advance(nowMs);
  expect(reports()).toBe(3);
});

test("a camera that lags sends each picture so much later, and what it owes at once when that ends", () => {
  const { advance, pictures, setFault } = aReader(0);
  advance(250);
  setFault({ kind: "lag", ms: 500 });
  for (let nowMs = 300; nowMs <= 750; nowMs += 50) advance(nowMs);
  expect(pictures()).toEqual([0, 1, 2]);
  for (let nowMs = 800; nowMs <= 1_000; nowMs += 50) advance(nowMs);
  expect(pictures()).toEqual([0, 1, 2, 3, 4, 5]);
  setFault(undefined);
  expect(advance(1_050)).toBe(1_100);
  expect(pictures()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a frozen picture is the one of when it froze, whenever a reader came", () => {
  for (const startAtMs of [1_350, 7_350]) {
    const { advance, pictures, setFault } = aReader(startAtMs);
    setFault({ kind: "frozen_picture" });
    for (let nowMs = startAtMs; nowMs < startAtMs + 2_000; nowMs += 100) advance(nowMs);
    expect(new Set(pictures())).toEqual(new Set([30]));
  }
});

test("a reader who comes to a camera that lags sees what is that old", () => {
  const { advance, pictures, setFault } = aReader(3_000);
  setFault({ kind: "lag", ms: 1_000 });
  advance(20_000);
  advance(20_000);
  expect(advance(20_150)).toBeLessThanOrEqual(20_200);
  expect(pictures()).toEqual([90, 91]);
});
