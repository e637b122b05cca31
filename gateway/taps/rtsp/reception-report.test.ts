import { expect, test } from "vitest";
import { rtpPacket, senderReport } from "../rtp/rtp-samples.memory.ts";
import { createReceptionReport } from "./reception-report.ts";

const packet = (sequence: number, timestamp = 0, ssrc = 7) =>
  rtpPacket({ payload: Buffer.from([1]), sequence, timestamp, ssrc });

function read(report: Buffer) {
  const blocks = (report[0] ?? 0) & 31;
  const descriptionAt = 8 + blocks * 24;
  expect([report[1], report.readUInt16BE(2)]).toEqual([201, 1 + blocks * 6]);
  expect([report[descriptionAt + 1], report.length]).toEqual([202, descriptionAt + 20]);
  if (blocks === 0) return undefined;
  return {
    ssrc: report.readUInt32BE(8),
    lostOf256: report[12],
    lost: report.readUIntBE(13, 3),
    highest: report.readUInt32BE(16),
    jitterTicks: report.readUInt32BE(20),
    lastReport: report.readUInt32BE(24),
    sinceReport: report.readUInt32BE(28) / 65_536,
  };
}

test("before any packet there is nothing to tell but that somebody listens", () => {
  expect(read(createReceptionReport(90_000).packet(0))).toBeUndefined();
});

test("what is lost is told in all and since the last report, over the numbers' end", () => {
  const report = createReceptionReport(90_000);
  for (const sequence of [65_533, 65_534, 1, 2, 0]) report.rtp(packet(sequence), 0);
  expect(read(report.packet(0))).toMatchObject({ ssrc: 7, lost: 1, lostOf256: 42, highest: 65_536 + 2 });
  for (const sequence of [3, 4, 5, 6]) report.rtp(packet(sequence), 0);
  expect(read(report.packet(0))).toMatchObject({ lost: 1, lostOf256: 0, highest: 65_536 + 6 });
});

test("packets that come as evenly as they were made have no jitter, others have", () => {
  const even = createReceptionReport(90_000);
  const uneven = createReceptionReport(90_000);
  for (let index = 0; index < 100; index += 1) {
    even.rtp(packet(index, index * 900), 5_000 + index * 10);
    uneven.rtp(packet(index, index * 900), 5_000 + index * 10 + (index % 2) * 8);
  }
  expect(read(even.packet(0))?.jitterTicks).toBe(0);
  expect(read(uneven.packet(0))?.jitterTicks).toBeCloseTo(8 * 90, -1);
});

test("the camera's last report is named, with how long ago it came", () => {
  const report = createReceptionReport(90_000);
  report.rtp(packet(1), 0);
  const sent = senderReport(1_700_000_000_000, 0);
  report.rtcp(sent, 10_000);
  expect(read(report.packet(12_500))).toMatchObject({ lastReport: sent.readUInt32BE(10), sinceReport: 2.5 });
});

test("a stream that begins anew is counted anew, and scraps do no harm", () => {
  const report = createReceptionReport(90_000);
  report.rtp(packet(1), 0);
  report.rtp(packet(100), 0);
  report.rtp(packet(9_000, 0, 8), 0);
  report.rtp(Buffer.from([0x80]), 0);
  report.rtcp(Buffer.from([0x80, 200]), 0);
  expect(read(report.packet(0))).toMatchObject({ ssrc: 8, lost: 0, highest: 9_000, lastReport: 0 });
});
