import { expect, test } from "vitest";
import { withoutLowLatency } from "./plain-playlist.ts";

test("a young low-latency playlist becomes a plain one that begins with its first real segment", () => {
  const young = [
    "#EXTM3U",
    "#EXT-X-VERSION:10",
    "#EXT-X-TARGETDURATION:1",
    "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.66750,CAN-SKIP-UNTIL=6.00000",
    "#EXT-X-PART-INF:PART-TARGET=0.26700",
    "#EXT-X-MEDIA-SEQUENCE:5",
    '#EXT-X-MAP:URI="init.mp4"',
    "#EXT-X-GAP",
    "#EXTINF:1.00000,",
    "gap.mp4",
    "#EXT-X-GAP",
    "#EXTINF:1.00000,",
    "gap.mp4",
    "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z",
    '#EXT-X-PART:DURATION=0.26667,URI="part0.mp4",INDEPENDENT=YES',
    "#EXTINF:1.00000,",
    "seg7.mp4",
    '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part1.mp4"',
    "",
  ].join("\n");
  expect(withoutLowLatency(young).split("\n")).toEqual([
    "#EXTM3U",
    "#EXT-X-VERSION:10",
    "#EXT-X-TARGETDURATION:1",
    "#EXT-X-MEDIA-SEQUENCE:7",
    '#EXT-X-MAP:URI="init.mp4"',
    "#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00.000Z",
    "#EXTINF:1.00000,",
    "seg7.mp4",
    "",
  ]);
});

test("a playlist of playlists stays as it is", () => {
  const master =
    '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.42c01f"\nvideo1_stream.m3u8?session=a\n';
  expect(withoutLowLatency(master)).toBe(master);
});
