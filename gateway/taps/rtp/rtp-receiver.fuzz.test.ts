import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_UNIT_BYTES } from "./access-unit-assembler.ts";
import { createRtpReceiver } from "./rtp-receiver.ts";
import {
  aggregationH265,
  fuA,
  fuH265,
  H264_640x360,
  H265_1280x718,
  h264Slice,
  h265Slice,
  rtpPacket,
  senderReport,
  stapA,
} from "./rtp-samples.memory.ts";
import { newStreamStats } from "./stream-stats.ts";

function aReceiver(family: "h264" | "h265", keyOnly: boolean) {
  const stats = newStreamStats();
  let badUnits = 0;
  const receiver = createRtpReceiver({
    stream: { family, payloadType: 96, clockRateHz: 90_000, parameterSets: [], fps: undefined },
    keyOnly,
    stats,
    nowMs: () => 0,
    onFormat: () => undefined,
    onPicture: () => undefined,
    onUnit: ({ data, ptsUs }) => {
      if (data.readUInt32BE(0) !== 1 || data.length > MAX_UNIT_BYTES + 1_000_000 || !Number.isFinite(ptsUs)) {
        badUnits += 1;
      }
    },
  });
  return { receiver, stats, badUnits: () => badUnits };
}

test("random packets never make the receiver throw or grow", () => {
  const packet = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
    fc
      .record({
        payload: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        sequence: fc.integer({ min: 0, max: 40 }),
        timestamp: fc.integer({ min: 0, max: 5 }),
        marker: fc.boolean(),
      })
      .map(rtpPacket),
  );
  const input = fc.record({
    family: fc.constantFrom("h264" as const, "h265" as const),
    keyOnly: fc.boolean(),
    packets: fc.array(packet, { maxLength: 60 }),
  });
  fc.assert(
    fc.property(input, ({ family, keyOnly, packets }) => {
      const { receiver, badUnits } = aReceiver(family, keyOnly);
      for (const bytes of packets) {
        receiver.rtp(bytes, 0, bytes.length);
        receiver.rtcp(bytes, 0, bytes.length);
      }
      expect(badUnits()).toBe(0);
      expect(receiver.pendingBytes()).toBeLessThanOrEqual(MAX_UNIT_BYTES);
    }),
    { numRuns: 500 },
  );
});

/** The same numbers in every run (mulberry32): a failure can be seen again. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PAYLOADS = {
  h264: [
    H264_640x360.sps,
    H264_640x360.pps,
    stapA([H264_640x360.sps, H264_640x360.pps]),
    h264Slice(1),
    h264Slice(5),
    ...fuA(h264Slice(5, 900), 200),
    ...fuA(h264Slice(1, 500), 200),
  ],
  h265: [
    aggregationH265([H265_1280x718.vps, H265_1280x718.sps, H265_1280x718.pps]),
    h265Slice(1),
    h265Slice(19),
    ...fuH265(h265Slice(21, 900), 200),
    ...fuH265(h265Slice(1, 500), 200),
  ],
};

test.each(["h264", "h265"] as const)(
  "100,000 mangled %s packets are survived, and pictures come after",
  (family) => {
    const random = numbers(20_261_121);
    const pick = (count: number) => Math.floor(random() * count);
    const { receiver, stats, badUnits } = aReceiver(family, false);
    const payloads = PAYLOADS[family];
    let sequence = 0;
    for (let round = 0; round < 100_000; round += 1) {
      sequence += random() < 0.02 ? pick(50) : 1;
      const payload = payloads[pick(payloads.length)] ?? payloads[0];
      if (!payload) throw new Error("no payload");
      const bytes = rtpPacket({ payload, sequence, timestamp: (round >> 2) * 6_000, marker: pick(4) === 0 });
      for (let flips = random() < 0.1 ? pick(6) : 0; flips > 0; flips -= 1)
        bytes[pick(bytes.length)] = pick(256);
      const end = random() < 0.05 ? pick(bytes.length) : bytes.length;
      receiver.rtp(bytes, 0, end);
      if (pick(1_000) === 0) receiver.setKeyOnly(pick(2) === 0);
    }
    expect(badUnits()).toBe(0);
    expect(receiver.pendingBytes()).toBeLessThanOrEqual(MAX_UNIT_BYTES);
    expect(stats.malformed).toBeGreaterThan(0);
    expect(stats.lost).toBeGreaterThan(0);

    receiver.setKeyOnly(false);
    const before = stats.keyFrames;
    const whole = family === "h264" ? [payloads[2], payloads[4]] : [payloads[0], payloads[2]];
    for (let round = 0; round < 30; round += 1) {
      for (const [index, payload] of whole.entries()) {
        if (!payload) continue;
        sequence += 1;
        const timestamp = (25_000 + round) * 6_000;
        const bytes = rtpPacket({ payload, sequence, timestamp, marker: index === 1, ssrc: 9 });
        receiver.rtp(bytes, 0, bytes.length);
      }
    }
    expect(stats.keyFrames - before).toBeGreaterThanOrEqual(29);
  },
);

test("random sender reports never make the receiver throw", () => {
  const { receiver } = aReceiver("h264", false);
  const random = numbers(7);
  for (let round = 0; round < 5_000; round += 1) {
    const bytes = senderReport(1_700_000_000_000, round);
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    receiver.rtcp(bytes, 0, Math.floor(random() * (bytes.length + 1)));
  }
  expect(receiver.format()).toBeUndefined();
});
