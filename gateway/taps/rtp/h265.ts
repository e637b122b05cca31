import { u8 } from "./bytes.ts";
import { partOf, unpackAggregate } from "./h264.ts";
import { h265SetId, readH265Sps } from "./h265-sps.ts";
import type { NalKind, NalSink, VideoCodec } from "./video-codec.ts";

const AGGREGATION = 48;
const FRAGMENTATION = 49;

/** H.265 over RTP (RFC 7798) without decoding order numbers (`sprop-max-don-diff` absent or 0). */
export const h265: VideoCodec = {
  family: "h265",
  headerBytes: 2,
  nalKind,
  unpack,
  readSps: readH265Sps,
  setId: h265SetId,
};

const KIND_OF_TYPE: Record<number, NalKind> = { 32: "vps", 33: "sps", 34: "pps" };

function nalKind(byte0: number): NalKind {
  const type = (byte0 >> 1) & 0x3f;
  if (type < 32) return type >= 16 && type <= 23 ? "key" : "picture";
  if ((type >= 35 && type <= 38) || type >= AGGREGATION) return "left_out";
  return KIND_OF_TYPE[type] ?? "other";
}

function unpack(bytes: Buffer, start: number, end: number, sink: NalSink): boolean {
  if (end - start < 3) return false;
  const byte0 = u8(bytes, start);
  const type = (byte0 >> 1) & 0x3f;
  if (byte0 & 0x80 || type > FRAGMENTATION) return false;
  if (type === AGGREGATION) return unpackAggregate(bytes, start + 2, end, sink);
  if (type === FRAGMENTATION) return unpackFragment(bytes, start, end, sink);
  sink.nal(bytes, start, end);
  return true;
}

function unpackFragment(bytes: Buffer, start: number, end: number, sink: NalSink): boolean {
  if (end - start < 4) return false;
  const fuHeader = u8(bytes, start + 2);
  const header = {
    byte0: (u8(bytes, start) & 0x81) | ((fuHeader & 0x3f) << 1),
    byte1: u8(bytes, start + 1),
  };
  sink.fragment(partOf(fuHeader), header, bytes, start + 3, end);
  return true;
}
