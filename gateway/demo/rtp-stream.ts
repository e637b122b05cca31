import { randomInt } from "node:crypto";
import { PAYLOAD_TYPE, TICKS_PER_MS } from "./session-description.ts";

/** Seconds between 1900, where NTP begins, and 1970. */
const NTP_EPOCH_S = 2_208_988_800;
const RTP_HEADER_BYTES = 12;
const INTERLEAVED_HEADER_BYTES = 4;
const CNAME = "guarita-demo";

export type RtpStream = {
  ssrc: number;
  nextSequence(): number;
  /** 90 kHz, with this stream's random start. */
  timestampOf(presentationMs: number): number;
  /** All packets of one picture, interleaved (RFC 2326, 10.12). A packet for which `isLost` says so leaves a gap. */
  picture(payloads: Uint8Array[], presentationMs: number, isLost: () => boolean): Buffer;
  /** RTCP sender report: the picture of `presentationMs` was taken at `wallMs`. With the name of its source (SDES). */
  senderReport(presentationMs: number, wallMs: number): Buffer;
};

/** The packets of one reader, on two neighbouring channels: pictures, and reports about them. */
export function createRtpStream(channels: { rtp: number; rtcp: number }): RtpStream {
  const ssrc = randomInt(2 ** 32);
  const firstTimestamp = randomInt(2 ** 32);
  let sequence = randomInt(2 ** 16);
  let packets = 0;
  let payloadBytes = 0;

  const timestampOf = (presentationMs: number): number =>
    (firstTimestamp + Math.round(presentationMs * TICKS_PER_MS)) % 2 ** 32;

  function packet(into: Buffer, at: number, payload: Uint8Array, isLast: boolean, timestamp: number): number {
    into[at] = 0x24;
    into[at + 1] = channels.rtp;
    into.writeUInt16BE(RTP_HEADER_BYTES + payload.length, at + 2);
    into[at + 4] = 0x80;
    into[at + 5] = PAYLOAD_TYPE | (isLast ? 0x80 : 0);
    into.writeUInt16BE(sequence, at + 6);
    into.writeUInt32BE(timestamp, at + 8);
    into.writeUInt32BE(ssrc, at + 12);
    into.set(payload, at + INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES);
    packets++;
    payloadBytes += payload.length;
    return at + INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES + payload.length;
  }

  function picture(payloads: Uint8Array[], presentationMs: number, isLost: () => boolean): Buffer {
    const headers = (INTERLEAVED_HEADER_BYTES + RTP_HEADER_BYTES) * payloads.length;
    const bytes = Buffer.allocUnsafe(payloads.reduce((sum, payload) => sum + payload.length, headers));
    const timestamp = timestampOf(presentationMs);
    let end = 0;
    for (const [index, payload] of payloads.entries()) {
      if (!isLost()) end = packet(bytes, end, payload, index === payloads.length - 1, timestamp);
      sequence = (sequence + 1) & 0xffff;
    }
    return bytes.subarray(0, end);
  }

  function senderReport(presentationMs: number, wallMs: number): Buffer {
    const report = Buffer.alloc(INTERLEAVED_HEADER_BYTES + 28 + 24);
    report[0] = 0x24;
    report[1] = channels.rtcp;
    report.writeUInt16BE(report.length - INTERLEAVED_HEADER_BYTES, 2);
    report.set([0x80, 200, 0, 6], 4);
    report.writeUInt32BE(ssrc, 8);
    report.writeUInt32BE(Math.floor(wallMs / 1000) + NTP_EPOCH_S, 12);
    report.writeUInt32BE(Math.floor(((wallMs % 1000) / 1000) * 2 ** 32), 16);
    report.writeUInt32BE(timestampOf(presentationMs), 20);
    report.writeUInt32BE(packets % 2 ** 32, 24);
    report.writeUInt32BE(payloadBytes % 2 ** 32, 28);
    report.set([0x81, 202, 0, 5], 32);
    report.writeUInt32BE(ssrc, 36);
    report.set([1, CNAME.length], 40);
    report.write(CNAME, 42, "latin1");
    return report;
  }

  return { ssrc, nextSequence: () => sequence, timestampOf, picture, senderReport };
}
