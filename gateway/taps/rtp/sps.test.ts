import fc from "fast-check";
import { expect, test } from "vitest";
import { readH264Sps } from "./h264-sps.ts";
import { readH265Sps } from "./h265-sps.ts";
import {
  H264_320x240_444,
  H264_640x360,
  H264_642x362,
  H264_1920x1080_FIELDS,
  H265_1280x718,
} from "./rtp-samples.memory.ts";

test("codec and size are read from H.264 parameter sets, cropping and fields included", () => {
  expect(readH264Sps(H264_640x360.sps)).toEqual({ codec: "avc1.4D4016", widthPx: 640, heightPx: 360 });
  expect(readH264Sps(H264_642x362.sps)).toEqual({ codec: "avc1.640016", widthPx: 642, heightPx: 362 });
  expect(readH264Sps(H264_1920x1080_FIELDS)).toEqual({ codec: "avc1.640028", widthPx: 1920, heightPx: 1080 });
  expect(readH264Sps(H264_320x240_444)).toEqual({ codec: "avc1.F4000D", widthPx: 320, heightPx: 240 });
});

test("codec and size are read from H.265 parameter sets", () => {
  expect(readH265Sps(H265_1280x718.sps)).toEqual({ codec: "hev1.1.6.L93.90", widthPx: 1280, heightPx: 718 });
});

test("a parameter set cut short gives a codec without a size, or nothing", () => {
  expect(readH264Sps(H264_640x360.sps.subarray(0, 8))).toEqual({ codec: "avc1.4D4016" });
  expect(readH264Sps(H264_640x360.sps.subarray(0, 3))).toBeUndefined();
  expect(readH265Sps(H265_1280x718.sps.subarray(0, 12))).toBeUndefined();
});

test("no bytes make the readers throw, hang, or tell a size that no camera has", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(66, 100, 244), (bytes, profile) => {
      for (const facts of [readH264Sps(Buffer.from([0x67, profile, ...bytes])), readH265Sps(bytes)]) {
        expect(facts?.widthPx ?? 1).toBeLessThanOrEqual(16_384);
        expect(facts?.heightPx ?? 1).toBeGreaterThan(0);
      }
    }),
    { numRuns: 2_000 },
  );
});
