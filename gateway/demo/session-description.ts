import type { Clip } from "./clip.ts";

export const PAYLOAD_TYPE = 96;
/** RTP ticks in a millisecond: every video codec uses a clock of 90 kHz. */
export const TICKS_PER_MS = 90;

/** SDP (RFC 8866) of a camera with one video track. */
export function describeSession(clip: Clip, ipVersion: 4 | 6): string {
  const name = clip.codec === "h264" ? "H264" : "H265";
  return [
    "v=0",
    "o=- 0 0 IN IP4 127.0.0.1",
    "s=Guarita demo camera",
    ipVersion === 4 ? "c=IN IP4 0.0.0.0" : "c=IN IP6 ::",
    "t=0 0",
    "a=control:*",
    `m=video 0 RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} ${name}/90000`,
    `a=fmtp:${PAYLOAD_TYPE} ${formatParameters(clip)}`,
    "a=control:trackID=0",
    "",
  ].join("\r\n");
}

function formatParameters({ codec, parameterSets }: Clip): string {
  const sets = parameterSets.map((unit) => Buffer.from(unit));
  const [first = Buffer.alloc(4)] = sets;
  if (codec === "h264") {
    const profile = first.toString("hex", 1, 4).toUpperCase();
    const inBase64 = sets.map((unit) => unit.toString("base64")).join(",");
    return `packetization-mode=1; profile-level-id=${profile}; sprop-parameter-sets=${inBase64}`;
  }
  const ofType = (type: number): string =>
    sets
      .filter((unit) => (unit[0] ?? 0) >> 1 === type)
      .map((unit) => unit.toString("base64"))
      .join(",");
  return `sprop-vps=${ofType(32)}; sprop-sps=${ofType(33)}; sprop-pps=${ofType(34)}`;
}
