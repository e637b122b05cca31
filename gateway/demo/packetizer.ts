/** NAL units into RTP payloads: RFC 6184 (H.264, packetization mode 1) and RFC 7798 (H.265). */
export type VideoCodec = "h264" | "h265";

/** Payload bytes in one packet; with its headers it stays below an Ethernet frame, as a real camera's does. */
export const MAX_PAYLOAD_BYTES = 1400;

const H264 = { stapA: 24, fuA: 28 };
const H265 = { aggregation: 48, fragmentation: 49 };
const FU_START = 0x80;
const FU_END = 0x40;

/** One payload that holds several small units: STAP-A, or an aggregation packet. */
export function aggregate(codec: VideoCodec, units: Uint8Array[]): Uint8Array {
  const first = units[0] ?? new Uint8Array(2);
  const header =
    codec === "h264"
      ? [((first[0] ?? 0) & 0x60) | H264.stapA]
      : [((first[0] ?? 0) & 0x81) | (H265.aggregation << 1), first[1] ?? 1];
  const payload = new Uint8Array(units.reduce((sum, unit) => sum + 2 + unit.length, header.length));
  payload.set(header);
  let at = header.length;
  for (const unit of units) {
    payload[at] = unit.length >> 8;
    payload[at + 1] = unit.length & 0xff;
    payload.set(unit, at + 2);
    at += 2 + unit.length;
  }
  return payload;
}

/** A unit as it is where it fits, else in fragments: FU-A, or fragmentation units. */
export function packetize(codec: VideoCodec, unit: Uint8Array, maxBytes = MAX_PAYLOAD_BYTES): Uint8Array[] {
  if (unit.length <= maxBytes) return [unit];
  const unitHeaderBytes = codec === "h264" ? 1 : 2;
  const header = fragmentHeader(codec, unit);
  const stepBytes = maxBytes - header.length;
  const payloads: Uint8Array[] = [];
  for (let at = unitHeaderBytes; at < unit.length; at += stepBytes) {
    const part = unit.subarray(at, at + stepBytes);
    const payload = new Uint8Array(header.length + part.length);
    payload.set(header);
    const edges = (at === unitHeaderBytes ? FU_START : 0) | (at + stepBytes >= unit.length ? FU_END : 0);
    payload[header.length - 1] = (header[header.length - 1] ?? 0) | edges;
    payload.set(part, header.length);
    payloads.push(payload);
  }
  return payloads;
}

/** Its last byte holds the unit's type; start and end are added there. */
function fragmentHeader(codec: VideoCodec, unit: Uint8Array): number[] {
  const [first = 0, second = 0] = unit;
  if (codec === "h264") return [(first & 0xe0) | H264.fuA, first & 31];
  return [(first & 0x81) | (H265.fragmentation << 1), second, (first >> 1) & 63];
}
