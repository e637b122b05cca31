import type { StreamFormat } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import type { BrowserAbilities } from "./browser-abilities.ts";
import type { Transport, TransportReason } from "./player.ts";

export type TransportFacts = {
  media: MediaState;
  /** Of the stream that is wanted. Absent while unknown: then nothing speaks against a codec. */
  format?: StreamFormat | undefined;
  browser: BrowserAbilities;
  failedLately: ReadonlySet<Transport>;
  /** Those that found out, on trying, that this browser does not decode this stream. */
  undecodable: ReadonlySet<Transport>;
  /** As many other tiles play HLS as one page bears. */
  isHlsCrowded: boolean;
  /** A person's choice: taken even where it will not work, so that they see it fail. */
  pinned?: Transport | undefined;
};

export type TransportChoice =
  | { kind: "use"; transport: Transport; reason: TransportReason }
  | { kind: "none"; fault: "unsupported_browser" | "unsupported_codec"; detail: string };

/** Best first. HLS is late by a second, `direct` costs the page a decoder and a drawing. */
export const PREFERENCE: readonly Transport[] = ["webrtc", "hls", "direct"];

/**
 * The best transport that can work now. Where nothing is left, first a crowd is put up with, then a failure is: the
 * best of those that can work at all.
 */
export function chooseTransport(facts: TransportFacts): TransportChoice {
  if (facts.pinned) return choosePinned(facts, facts.pinned);
  const hardly = (transport: Transport) => obstacle(facts, transport);
  const lately = (transport: Transport) => hardly(transport) ?? failure(facts, transport);
  return (
    firstWithout((transport) => lately(transport) ?? crowd(facts, transport)) ??
    firstWithout(lately) ??
    firstWithout(hardly) ??
    whileMediaStarts(facts) ??
    nothingFits(facts)
  );
}

function choosePinned(facts: TransportFacts, transport: Transport): TransportChoice {
  if (!facts.browser[transport])
    return { kind: "none", fault: "unsupported_browser", detail: LACKS[transport] };
  if (facts.undecodable.has(transport)) return unsupportedCodec(facts);
  return { kind: "use", transport, reason: "pinned" };
}

type Find = (transport: Transport) => TransportReason | undefined;

/** The first transport that `against` says nothing about, with what it said about the one before it. */
function firstWithout(against: Find): TransportChoice | undefined {
  let reason: TransportReason = "best";
  for (const transport of PREFERENCE) {
    const found = against(transport);
    if (found === undefined) return { kind: "use", transport, reason };
    reason = found;
  }
  return undefined;
}

function obstacle(facts: TransportFacts, transport: Transport): TransportReason | undefined {
  const { browser, format, undecodable } = facts;
  if (!browser[transport]) return "not_in_browser";
  if (transport === "direct")
    return undecodable.has("direct") || format?.family === "other" ? "not_in_browser" : undefined;
  const missing = mediaObstacle(facts.media);
  if (missing) return missing;
  return transport === "hls" ? hlsObstacle(facts) : webrtcObstacle(facts);
}

function webrtcObstacle({ browser, format, undecodable }: TransportFacts): TransportReason | undefined {
  if (undecodable.has("webrtc")) return "codec_not_in_webrtc";
  if (!format) return undefined;
  const isCarried = format.family === "h264" || (format.family === "h265" && browser.webrtcH265);
  if (!isCarried) return "codec_not_in_webrtc";
  return format.hasBFrames ? "b_frames" : undefined;
}

function hlsObstacle({ browser, format, undecodable }: TransportFacts): TransportReason | undefined {
  if (undecodable.has("hls")) return "codec_not_in_hls";
  return format && !browser.hlsPlays(format.codec) ? "codec_not_in_hls" : undefined;
}

function mediaObstacle({ status }: MediaState): TransportReason | undefined {
  if (status === "running") return undefined;
  if (status === "failed") return "media_failed";
  return status === "starting" || status === "restarting" ? "media_starting" : "media_missing";
}

function failure({ failedLately }: TransportFacts, transport: Transport): TransportReason | undefined {
  if (!failedLately.has(transport)) return undefined;
  return transport === "webrtc" ? "webrtc_failed_lately" : "hls_failed_lately";
}

function crowd({ isHlsCrowded }: TransportFacts, transport: Transport): TransportReason | undefined {
  return transport === "hls" && isHlsCrowded ? "hls_crowded" : undefined;
}

/** Only the media server is missing, and it is about to be there: wait for it by asking it. */
function whileMediaStarts(facts: TransportFacts): TransportChoice | undefined {
  const reason = mediaObstacle(facts.media);
  if (reason !== "media_starting") return undefined;
  const choice = chooseTransport({ ...facts, media: { status: "running" } });
  return choice.kind === "use" ? { ...choice, reason } : undefined;
}

const LACKS: Record<Transport, string> = {
  webrtc: "This browser has no WebRTC.",
  hls: "This browser plays no HLS.",
  direct: "Direct needs WebCodecs, which browsers have only over https or on localhost.",
};

/** With WebCodecs every way was open: it is the codec. Without, another browser or https may do. */
function nothingFits(facts: TransportFacts): TransportChoice {
  if (facts.browser.direct) return unsupportedCodec(facts);
  const others =
    facts.media.status === "running"
      ? `Neither WebRTC nor HLS plays ${codecOf(facts)} here.`
      : "The media server does not run.";
  return { kind: "none", fault: "unsupported_browser", detail: `${others} ${LACKS.direct}` };
}

function unsupportedCodec(facts: TransportFacts): TransportChoice {
  return { kind: "none", fault: "unsupported_codec", detail: `No way of this page plays ${codecOf(facts)}.` };
}

function codecOf({ format }: TransportFacts): string {
  return format?.codec || "the camera's codec";
}
