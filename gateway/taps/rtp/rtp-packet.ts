import { u8, u16, u32 } from "./bytes.ts";

/** The payload is `bytes[start..end)`, a view into the received chunk: copy what must outlive the call. */
export type RtpPacket = {
  sequence: number;
  timestamp: number;
  ssrc: number;
  payloadType: number;
  /** By RFC 6184 and 7798 the last packet of an access unit. */
  marker: boolean;
  bytes: Buffer;
  start: number;
  end: number;
};

/** The packet in `bytes[start..end)` (RFC 3550, 5.1); undefined where it is none. */
export function parseRtpPacket(bytes: Buffer, start: number, end: number): RtpPacket | undefined {
  if (end - start < 12 || end > bytes.length) return undefined;
  const flags = u8(bytes, start);
  if (flags >> 6 !== 2) return undefined;
  let payloadStart = start + 12 + (flags & 0x0f) * 4;
  if (flags & 0x10) {
    if (payloadStart + 4 > end) return undefined;
    payloadStart += 4 + u16(bytes, payloadStart + 2) * 4;
  }
  const payloadEnd = flags & 0x20 ? end - u8(bytes, end - 1) : end;
  if (payloadStart > payloadEnd) return undefined;
  const typeByte = u8(bytes, start + 1);
  return {
    sequence: u16(bytes, start + 2),
    timestamp: u32(bytes, start + 4),
    ssrc: u32(bytes, start + 8),
    payloadType: typeByte & 0x7f,
    marker: (typeByte & 0x80) !== 0,
    bytes,
    start: payloadStart,
    end: payloadEnd,
  };
}
