import { expect, test } from "vitest";
import { createSegmentPace } from "./segment-pace.ts";

const URL = "http://127.0.0.1/media/a/video1_stream.m3u8?session=b";
const PARTS = 5;
const PART_MS = 200;

/** Segments 7 and 8 are whole, of the next one there are so many parts. */
const playlist = (partsThere: number, newest = 8) =>
  [
    "#EXTM3U",
    `#EXT-X-MEDIA-SEQUENCE:${newest - 1}`,
    ...segment(newest - 1),
    ...segment(newest),
    ...parts(newest + 1, partsThere),
    `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="hint.mp4"`,
    "",
  ].join("\n");
const parts = (of: number, count: number) =>
  Array.from({ length: count }, (_, i) => `#EXT-X-PART:DURATION=0.20000,URI="part${of}-${i}.mp4"`);
const segment = (number: number) => [...parts(number, PARTS), "#EXTINF:1.00000,", `seg${number}.mp4`];

function setUp() {
  let nowMs = 0;
  const pace = createSegmentPace(() => nowMs);
  const waitsFor = () => {
    const { searchParams } = new globalThis.URL(pace.ask(URL));
    expect(searchParams.get("session")).toBe("b");
    const [msn, part] = [searchParams.get("_HLS_msn"), searchParams.get("_HLS_part")];
    return msn === null ? null : `${msn}/${part}`;
  };
  return {
    pace,
    waitsFor,
    /** A playlist asked for now, which comes after so long. */
    loads(text: string, afterMs = 5) {
      const waitedFor = waitsFor();
      nowMs += afterMs;
      pace.heard(text);
      return waitedFor;
    },
    sleep(ms: number) {
      nowMs += ms;
    },
    inMs: () => (pace.askAtMs() ?? Number.NaN) - nowMs,
  };
}

test("after a first look it asks before the next segment can be whole, and is answered when it is", () => {
  const { loads, waitsFor, sleep, inMs } = setUp();
  expect(loads(playlist(2))).toBeNull();
  const wholeInMs = (PARTS - 2) * PART_MS;
  expect(inMs()).toBeLessThan(wholeInMs - PART_MS); // most of the third part may have passed already
  expect(inMs()).toBeGreaterThan(wholeInMs - 2 * PART_MS);
  sleep(inMs());
  expect(waitsFor()).toBe("9/4");
});

test("an answer that was held back says when the segment was whole: the next request is held for a moment only", () => {
  const { loads, inMs } = setUp();
  loads(playlist(0));
  expect(inMs()).toBeLessThan(1_000 - PART_MS); // it may be whole since nearly a part
  expect(loads(playlist(0, 9), 150)).toBe("9/4");
  expect(inMs()).toBeGreaterThan(1_000 - PART_MS / 2);
  expect(inMs()).toBeLessThan(1_000);
});

test("an answer that took long, but tells of parts after the segment, was not held back", () => {
  const { loads, inMs } = setUp();
  loads(playlist(0));
  loads(playlist(1, 9), 150);
  expect(inMs()).toBeLessThan(1_000 - 2 * PART_MS);
});

test("after a pause it asks for whatever there is: an old segment would be refused", () => {
  const { loads, waitsFor, sleep } = setUp();
  loads(playlist(2));
  sleep(1_000);
  expect(waitsFor()).toBeNull();
});

test("of a camera that stands still nothing is waited for until it goes on", () => {
  const { loads, pace } = setUp();
  loads(playlist(2));
  expect(loads(playlist(2))).toBe("9/4");
  expect(loads(playlist(2))).toBeNull();
  expect(loads(playlist(2))).toBeNull();
  expect(pace.askAtMs()).toBeNull();
  expect(loads(playlist(1, 9))).toBeNull();
  expect(loads(playlist(0, 10))).toBe("10/4");
});

test("a playlist without parts cannot be waited for", () => {
  const { loads, waitsFor, pace } = setUp();
  loads("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:3\n#EXTINF:1.0,\nseg3.mp4\n");
  expect(waitsFor()).toBeNull();
  expect(pace.askAtMs()).toBeNull();
});

test("gaps that a young stream begins with are counted", () => {
  const { loads, waitsFor } = setUp();
  const gap = ["#EXT-X-GAP", "#EXTINF:1.00000,", "gap.mp4"];
  loads(["#EXTM3U", "#EXT-X-MEDIA-SEQUENCE:5", ...gap, ...gap, ...segment(7), ...parts(8, 1), ""].join("\n"));
  expect(waitsFor()).toBe("8/4");
});
