import { beforeEach, expect, test } from "vitest";
import type { StreamFormat } from "#contract/cameras.ts";
import { MAX_UNIT_BYTES } from "./access-unit-assembler.ts";
import { type CameraUnit, createRtpReceiver, type RtpStream } from "./rtp-receiver.ts";
import {
  aggregationH265,
  fuA,
  fuH265,
  H264_640x360,
  H264_642x362,
  H265_1280x718,
  h264Slice,
  h265Slice,
  rtpPacket,
  senderReport,
  stapA,
} from "./rtp-samples.memory.ts";
import { newStreamStats } from "./stream-stats.ts";

let sequence = 0;
beforeEach(() => {
  sequence = 65_500;
});

function aReceiver(overrides: Partial<RtpStream> & { keyOnly?: boolean } = {}) {
  const units: CameraUnit[] = [];
  const formats: StreamFormat[] = [];
  let pictures = 0;
  const stats = newStreamStats();
  const { keyOnly = false, ...stream } = overrides;
  const receiver = createRtpReceiver({
    stream: {
      family: "h264",
      payloadType: 96,
      clockRateHz: 90_000,
      parameterSets: [],
      fps: undefined,
      ...stream,
    },
    keyOnly,
    stats,
    nowMs: () => 1_000,
    onFormat: (format) => formats.push(format),
    onPicture: () => {
      pictures += 1;
    },
    onUnit: (unit) => units.push(unit),
  });
  /** One packet for each payload; the marker is on the last. */
  function send(timestamp: number, payloads: Buffer[], marker = true) {
    for (const [index, payload] of payloads.entries()) {
      const bytes = rtpPacket({
        payload,
        timestamp,
        sequence: sequence++,
        marker: marker && index === payloads.length - 1,
      });
      receiver.rtp(bytes, 0, bytes.length);
    }
  }
  return { receiver, units, formats, stats, send, pictures: () => pictures };
}

const annexB = (...nals: Buffer[]): string => nals.map((nal) => `00000001${nal.toString("hex")}`).join("");
const dataOf = (unit: CameraUnit | undefined): string | undefined => unit?.data.toString("hex");
const { sps, pps } = H264_640x360;

test("single units, aggregates and fragments become the same access unit", () => {
  const slice = h264Slice(5, 3_000);
  const forms = [
    [sps, pps, slice],
    [stapA([sps, pps]), slice],
    [stapA([sps, pps]), ...fuA(slice, 1_000)],
  ];
  for (const payloads of forms) {
    const { send, units } = aReceiver();
    send(0, payloads);
    expect(units).toHaveLength(1);
    expect(units[0]).toMatchObject({ keyFrame: true, afterLoss: false, receivedAtMs: 1_000 });
    expect(dataOf(units[0])).toBe(annexB(sps, pps, slice));
  }
});

test("H.265 aggregates and fragments become access units with VPS, SPS and PPS before the key frame", () => {
  const { vps, sps, pps } = H265_1280x718;
  const { send, units, formats } = aReceiver({ family: "h265" });
  send(0, [aggregationH265([vps, sps, pps]), ...fuH265(h265Slice(19, 3_000), 1_200)]);
  send(3_000, [h265Slice(1)]);
  expect(dataOf(units[0])).toBe(annexB(vps, sps, pps, h265Slice(19, 3_000)));
  expect(dataOf(units[1])).toBe(annexB(h265Slice(1)));
  expect(units.map(({ keyFrame }) => keyFrame)).toEqual([true, false]);
  expect(formats[0]).toMatchObject({ family: "h265", codec: "hev1.1.6.L93.90", widthPx: 1280 });
});

test("parameter sets from the SDP are put before every key frame", () => {
  const { send, units, formats } = aReceiver({ parameterSets: [sps, pps] });
  send(0, [h264Slice(5)]);
  send(3_000, [h264Slice(1)]);
  send(6_000, [h264Slice(5)]);
  expect(units.map(dataOf)).toEqual([
    annexB(sps, pps, h264Slice(5)),
    annexB(h264Slice(1)),
    annexB(sps, pps, h264Slice(5)),
  ]);
  expect(formats).toEqual([
    { family: "h264", codec: "avc1.4D4016", widthPx: 640, heightPx: 360, hasBFrames: false },
  ]);
});

test("parameter sets that change in mid-stream replace the old ones and tell the new format", () => {
  const { send, units, formats } = aReceiver({ parameterSets: [sps, pps] });
  send(0, [h264Slice(5)]);
  send(3_000, [H264_642x362.sps, H264_642x362.pps, h264Slice(5)]);
  expect(dataOf(units[1])).toBe(annexB(H264_642x362.sps, H264_642x362.pps, h264Slice(5)));
  expect(formats.map(({ widthPx }) => widthPx)).toEqual([640, 642]);
});

test("parameter sets sent apart, with a marker of their own, are no picture", () => {
  const { send, units, pictures } = aReceiver();
  send(0, [sps]);
  send(0, [pps]);
  send(0, [h264Slice(5)]);
  expect(units.map(dataOf)).toEqual([annexB(sps, pps, h264Slice(5))]);
  expect(pictures()).toBe(1);
});

test("a camera that sets no marker is followed by its timestamps", () => {
  const { send, units } = aReceiver({ parameterSets: [sps, pps] });
  send(0, [h264Slice(5)], false);
  send(3_000, [h264Slice(1), h264Slice(1, 20, 0x11, false)], false);
  send(6_000, [h264Slice(1)], false);
  expect(units.map(({ keyFrame }) => keyFrame)).toEqual([true, false]);
  expect(dataOf(units[1])).toBe(annexB(h264Slice(1), h264Slice(1, 20, 0x11, false)));
});

test("delimiters and filler are left out, other units stay", () => {
  const { send, units } = aReceiver({ parameterSets: [sps, pps] });
  const sei = Buffer.from("0605aa80", "hex");
  send(0, [Buffer.from("0910", "hex"), sei, h264Slice(5), Buffer.from("0cffff80", "hex")]);
  expect(dataOf(units[0])).toBe(annexB(sps, pps, sei, h264Slice(5)));
});

test("nothing is given on before the first key frame, nor a key frame without its parameter sets", () => {
  const { send, units, stats } = aReceiver();
  send(0, [h264Slice(1)]);
  send(3_000, [h264Slice(5)]);
  expect(units).toEqual([]);
  expect(stats).toMatchObject({ accessUnits: 0, skipped: 1, damaged: 1 });
});

test("after a lost packet everything waits for a key frame, which tells that pictures are missing", () => {
  const { send, units, stats } = aReceiver({ parameterSets: [sps, pps] });
  send(0, [h264Slice(5)]);
  sequence += 1;
  for (let index = 1; index <= 20; index += 1) send(index * 3_000, [h264Slice(1)]);
  send(63_000, [h264Slice(5)]);
  send(66_000, [h264Slice(1)]);
  expect(units.map(({ keyFrame, afterLoss }) => [keyFrame, afterLoss])).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ]);
  expect(stats.lost).toBe(1);
});

test("a fragmented key frame with a hole is left out", () => {
  const { send, units, stats } = aReceiver({ parameterSets: [sps, pps] });
  const pieces = fuA(h264Slice(5, 5_000), 200);
  send(0, pieces.slice(0, 3), false);
  sequence += 1;
  send(0, pieces.slice(4));
  send(3_000, [h264Slice(5, 100)]);
  expect(units).toHaveLength(1);
  expect(units[0]).toMatchObject({ keyFrame: true, afterLoss: true });
  expect(units[0]?.data.length).toBe(4 + sps.length + 4 + pps.length + 4 + 100);
  expect(stats).toMatchObject({ damaged: 1, lost: 1 });
});

test("a key frame that begins whole right after a loss is used", () => {
  const { send, units } = aReceiver({ parameterSets: [sps, pps] });
  send(0, [h264Slice(5)]);
  sequence += 4;
  const pieces = fuA(h264Slice(5, 4_000), 200);
  send(3_000, pieces);
  expect(units.map(({ keyFrame, afterLoss }) => [keyFrame, afterLoss])).toEqual([
    [true, false],
    [true, true],
  ]);
});

test("reading key frames alone passes over the others, but counts them", () => {
  const { receiver, send, units, stats, pictures } = aReceiver({ parameterSets: [sps, pps], keyOnly: true });
  send(0, fuA(h264Slice(5, 3_000), 1_000));
  send(3_000, fuA(h264Slice(1, 3_000), 1_000));
  send(6_000, [h264Slice(1)]);
  send(9_000, [h264Slice(5)]);
  expect(units.map(({ keyFrame }) => keyFrame)).toEqual([true, true]);
  expect(units[1]?.afterLoss).toBe(false);
  expect(stats).toMatchObject({ skipped: 2, keyFrames: 2, damaged: 0 });
  expect(pictures()).toBe(4);

  receiver.setKeyOnly(false);
  send(12_000, [h264Slice(1)]);
  send(15_000, [h264Slice(5)]);
  send(18_000, [h264Slice(1)]);
  expect(units.map(({ keyFrame }) => keyFrame)).toEqual([true, true, true, false]);
});

test("pictures out of presentation order are told as B-frames, and the rate is learned", () => {
  const { send, formats, units } = aReceiver({ parameterSets: [sps, pps] });
  const frame = 6_000;
  send(0, [h264Slice(5)]);
  for (let group = 0; group < 20; group += 1) {
    for (const step of [3, 1, 2]) send((group * 3 + step) * frame, [h264Slice(1)]);
  }
  expect(units).toHaveLength(61);
  expect(formats.at(-1)).toMatchObject({ hasBFrames: true, fps: 15 });
});

test("access units carry the camera's time once a sender report came", () => {
  const { receiver, send, units } = aReceiver({ parameterSets: [sps, pps] });
  send(90_000, [h264Slice(5)]);
  const report = senderReport(1_700_000_000_000, 90_000);
  receiver.rtcp(report, 0, report.length);
  send(180_000, [h264Slice(1)]);
  expect(units[0]?.cameraAtMs).toBe(0);
  expect(units[1]?.cameraAtMs).toBeCloseTo(1_700_000_001_000, 1);
});

test("an access unit without end is left out at 8 MiB, and the next key frame plays", () => {
  const { receiver, send, units, stats } = aReceiver({ parameterSets: [sps, pps] });
  const [first, ...middle] = fuA(h264Slice(5, 400_000), 60_000);
  if (first) send(0, [first], false);
  for (let round = 0; round < 40; round += 1) send(0, middle.slice(0, -1), false);
  expect(receiver.pendingBytes()).toBeLessThanOrEqual(MAX_UNIT_BYTES);
  send(3_000, [h264Slice(5)]);
  expect(units).toHaveLength(1);
  expect(stats.damaged).toBe(1);
  expect(receiver.pendingBytes()).toBeLessThanOrEqual(64 * 1024);
});

test("packets of another payload type on the channel are passed over", () => {
  const { receiver, units } = aReceiver({ parameterSets: [sps, pps] });
  const other = rtpPacket({ payload: h264Slice(5), payloadType: 107, marker: true });
  receiver.rtp(other, 0, other.length);
  expect(units).toEqual([]);
});
