import type { RtpStream } from "../rtp/rtp-receiver.ts";

export type SdpVideo = RtpStream & {
  /** Of the media; absent where the whole presentation is the one stream. */
  control: string | undefined;
  /** Of the presentation, for PLAY. */
  sessionControl: string | undefined;
};
export type SdpAnswer =
  | { kind: "video"; video: SdpVideo }
  | { kind: "no_video" }
  | { kind: "unsupported"; codec: string };

type Section = { kind: string; payloadTypes: number[]; attributes: string[] };

/** Names of static payload types (RFC 3551) that cameras send as video. */
const STATIC_CODECS: Record<number, string> = { 26: "JPEG", 31: "H261", 32: "MPV", 34: "H263" };
const FAMILIES: Record<string, "h264" | "h265"> = { H264: "h264", H265: "h265", HEVC: "h265" };

/** The first video of an SDP that can be read here; audio and metadata are passed over. */
export function parseSdp(text: string): SdpAnswer {
  const { session, media } = sectionsOf(text);
  const videos = media.filter(({ kind }) => kind === "video");
  const sessionControl = attribute(session, "control");
  let unsupported: string | undefined;
  for (const section of videos) {
    for (const payloadType of section.payloadTypes) {
      const found = readPayload(section, payloadType);
      if (found.family) {
        const { family, clockRateHz } = found;
        return { kind: "video", video: describe(section, payloadType, family, clockRateHz, sessionControl) };
      }
      unsupported ??= found.codec;
    }
  }
  return unsupported === undefined ? { kind: "no_video" } : { kind: "unsupported", codec: unsupported };
}

function sectionsOf(text: string) {
  const session: Section = { kind: "session", payloadTypes: [], attributes: [] };
  const media: Section[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("m=")) {
      const [kind = "", , , ...formats] = line.slice(2).trim().split(/\s+/);
      media.push({ kind, payloadTypes: formats.map(Number).filter(Number.isInteger), attributes: [] });
    } else if (line.startsWith("a=")) {
      (media.at(-1) ?? session).attributes.push(line.slice(2).trim());
    }
  }
  return { session, media };
}

function readPayload(section: Section, payloadType: number) {
  const map = forPayload(section, "rtpmap", payloadType);
  const [name = "", rate = ""] = map?.split("/") ?? [];
  const codec = name.toUpperCase() || STATIC_CODECS[payloadType] || `payload type ${payloadType}`;
  const fmtp = fmtpOf(section, payloadType);
  // interleaved modes reorder NAL units by numbers of their own; no camera is known to send them
  const interleaved = fmtp.get("packetization-mode") === "2" || Number(fmtp.get("sprop-max-don-diff")) > 0;
  if (interleaved) return { codec: `${codec} in interleaved mode`, family: undefined };
  return { codec, family: FAMILIES[codec], clockRateHz: Number(rate) > 0 ? Number(rate) : 90_000 };
}

function describe(
  section: Section,
  payloadType: number,
  family: "h264" | "h265",
  clockRateHz: number,
  sessionControl: string | undefined,
): SdpVideo {
  const fmtp = fmtpOf(section, payloadType);
  const names = family === "h264" ? ["sprop-parameter-sets"] : ["sprop-vps", "sprop-sps", "sprop-pps"];
  const parameterSets = names
    .flatMap((name) => fmtp.get(name)?.split(",") ?? [])
    .map((base64) => stripStartCode(Buffer.from(base64, "base64")))
    .filter((nal) => nal.length > 0);
  const fps = Number(attribute(section, "framerate") ?? attribute(section, "x-framerate"));
  return {
    family,
    payloadType,
    clockRateHz,
    parameterSets,
    fps: fps > 0 && fps <= 1_000 ? fps : undefined,
    control: attribute(section, "control"),
    sessionControl,
  };
}

function attribute(section: Section, name: string): string | undefined {
  const found = section.attributes.find((line) => line.startsWith(`${name}:`));
  return found?.slice(name.length + 1).trim() || undefined;
}

function forPayload(section: Section, name: string, payloadType: number): string | undefined {
  const prefix = `${name}:${payloadType} `;
  return section.attributes
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

function fmtpOf(section: Section, payloadType: number): Map<string, string> {
  const pairs = forPayload(section, "fmtp", payloadType)?.split(";") ?? [];
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0) return [pair.trim().toLowerCase(), ""];
      return [pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1).trim()];
    }),
  );
}

/** Some cameras put their start code into the base64. */
function stripStartCode(nal: Buffer): Buffer {
  if (nal.length > 4 && nal.readUInt32BE(0) === 1) return nal.subarray(4);
  return nal;
}
