import { u8, u16 } from "./bytes.ts";
import { h264SetId, readH264Sps } from "./h264-sps.ts";
import type { FragmentPart, NalKind, NalSink, VideoCodec } from "./video-codec.ts";

const STAP_A = 24;
const FU_A = 28;

/** H.264 over RTP (RFC 6184): single NAL units, STAP-A, FU-A; what packetization modes 0 and 1 send. */
export const h264: VideoCodec = {
  family: "h264",
  headerBytes: 1,
  nalKind,
  unpack,
  readSps: readH264Sps,
  setId: (kind, nal) => (kind === "vps" ? 0 : h264SetId(kind, nal)),
};

function nalKind(byte0: number): NalKind {
  const type = byte0 & 0x1f;
  if (type === 5) return "key";
  if (type >= 1 && type <= 4) return "picture";
  if (type === 7) return "sps";
  if (type === 8) return "pps";
  return (type >= 9 && type <= 12) || type >= STAP_A ? "left_out" : "other";
}

function unpack(bytes: Buffer, start: number, end: number, sink: NalSink): boolean {
  if (end <= start) return false;
  const byte0 = u8(bytes, start);
  const type = byte0 & 0x1f;
  if (byte0 & 0x80 || type === 0) return false; // forbidden_zero_bit
  if (type < STAP_A) {
    sink.nal(bytes, start, end);
    return true;
  }
  if (type === STAP_A) return unpackAggregate(bytes, start + 1, end, sink);
  return type === FU_A && unpackFragment(bytes, start, end, sink);
}

/** Units with a 16-bit size before each; also the form of H.265's aggregation packets. */
export function unpackAggregate(bytes: Buffer, start: number, end: number, sink: NalSink): boolean {
  let at = start;
  while (at + 2 <= end) {
    const size = u16(bytes, at);
    at += 2;
    if (size === 0 || at + size > end) return false;
    sink.nal(bytes, at, at + size);
    at += size;
  }
  return at === end && end > start;
}

function unpackFragment(bytes: Buffer, start: number, end: number, sink: NalSink): boolean {
  if (end - start < 3) return false;
  const fuHeader = u8(bytes, start + 1);
  const header = { byte0: (u8(bytes, start) & 0xe0) | (fuHeader & 0x1f), byte1: 0 };
  sink.fragment(partOf(fuHeader), header, bytes, start + 2, end);
  return true;
}

/** Start and end bits, the same in both codecs. Both at once is forbidden, and sent by some cameras. */
export function partOf(fuHeader: number): FragmentPart {
  if (fuHeader & 0x80) return fuHeader & 0x40 ? "whole" : "first";
  return fuHeader & 0x40 ? "last" : "middle";
}
