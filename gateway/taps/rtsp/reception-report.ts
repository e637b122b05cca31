import { randomBytes, randomInt } from "node:crypto";

const CNAME = "guarita";
const MAX_LOST = 0x7fffff;

/**
 * What a receiver over UDP tells the camera (RTCP, RFC 3550, 6.4.2): how much of its stream arrived. Cameras take it as
 * a sign of life too. Fed with every packet; a stream that begins anew is counted anew.
 */
export function createReceptionReport(clockRateHz: number) {
  const ownSsrc = randomInt(2 ** 32);
  let source = newSource(0, 0);
  let heard = false;
  let lastReport: { ntpMiddle: number; atMs: number } | undefined;

  function rtp(bytes: Buffer, nowMs: number): void {
    if (bytes.length < 12) return;
    const sequence = bytes.readUInt16BE(2);
    const ssrc = bytes.readUInt32BE(8);
    if (!heard || ssrc !== source.ssrc) {
      source = newSource(ssrc, sequence);
      heard = true;
      lastReport = undefined;
    }
    const ahead = ((sequence - source.highest) << 16) >> 16;
    if (ahead > 0) source.highest += ahead; // goes on rising past 16 bits: the upper half counts the cycles
    source.received += 1;
    const transitTicks = Math.round((nowMs * clockRateHz) / 1_000) - bytes.readUInt32BE(4);
    const difference = Math.abs((transitTicks - source.transitTicks) | 0);
    if (source.received > 1) source.jitterTicks += (difference - source.jitterTicks) / 16;
    source.transitTicks = transitTicks;
  }

  /** Notes when the camera's last sender report came. */
  function rtcp(bytes: Buffer, nowMs: number): void {
    if (bytes.length < 28 || bytes[1] !== 200) return;
    lastReport = { ntpMiddle: bytes.readUInt32BE(10), atMs: nowMs };
  }

  /** A receiver report and the name of its source: the least that RTCP allows. */
  function packet(nowMs: number): Buffer {
    const blockBytes = heard ? 24 : 0;
    const report = Buffer.alloc(8 + blockBytes + 20);
    report.set([0x80 | (heard ? 1 : 0), 201]);
    report.writeUInt16BE(1 + blockBytes / 4, 2);
    report.writeUInt32BE(ownSsrc, 4);
    if (heard) writeBlock(report, nowMs);
    const at = 8 + blockBytes;
    report.set([0x81, 202, 0, 4], at);
    report.writeUInt32BE(ownSsrc, at + 4);
    report.set([1, CNAME.length], at + 8);
    report.write(CNAME, at + 10, "latin1");
    return report;
  }

  function writeBlock(report: Buffer, nowMs: number): void {
    const expected = source.highest - source.first + 1;
    const lost = Math.max(0, expected - source.received);
    const expectedNow = expected - source.reportedExpected;
    const lostNow = Math.max(0, expectedNow - (source.received - source.reportedReceived));
    source.reportedExpected = expected;
    source.reportedReceived = source.received;
    report.writeUInt32BE(source.ssrc, 8);
    report[12] = expectedNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0;
    report.writeUIntBE(Math.min(lost, MAX_LOST), 13, 3);
    report.writeUInt32BE(source.highest % 2 ** 32, 16);
    report.writeUInt32BE(Math.floor(source.jitterTicks) % 2 ** 32, 20);
    if (!lastReport) return;
    report.writeUInt32BE(lastReport.ntpMiddle, 24);
    const delay = Math.round(((nowMs - lastReport.atMs) * 65_536) / 1_000);
    report.writeUInt32BE(Math.min(Math.max(0, delay), 2 ** 32 - 1), 28);
  }

  return { rtp, rtcp, packet };
}
export type ReceptionReport = ReturnType<typeof createReceptionReport>;

const newSource = (ssrc: number, first: number) => ({
  ssrc,
  first,
  highest: first,
  received: 0,
  transitTicks: 0,
  jitterTicks: 0,
  reportedExpected: 0,
  reportedReceived: 0,
});

/** Opens the way back through a router or a firewall: an RTP packet without content. */
export function emptyRtpPacket(): Buffer {
  const packet = Buffer.alloc(12);
  packet[0] = 0x80;
  packet.set(randomBytes(4), 8);
  return packet;
}
