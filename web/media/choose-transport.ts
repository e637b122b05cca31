import type { StreamFormat } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import type { BrowserAbilities } from "./browser-abilities.ts";
import type { Transport, TransportReason } from "./player.ts";

export type TransportFacts = {
  media: MediaState;
  /** Absent while unknown: then nothing speaks against a codec. */
  format?: StreamFormat | undefined;
  browser: BrowserAbilities;
  failedLately: ReadonlySet<Transport>;
  /** Those that found out, on trying, that this browser does not decode this camera. */
  undecodable: ReadonlySet<Transport>;
  /** A person's choice: taken even where it will not work, so that they see it fail. */
  pinned?: Transport | undefined;
};

export type TransportChoice =
  | { kind: "use"; transport: Transport; reason: TransportReason }
  | { kind: "none"; fault: "unsupported_browser" | "unsupported_codec"; detail: string };

/** Best first. HLS is late by a second, `direct` costs the page a decoder and a drawing. */
export const PREFERENCE: readonly Transport[] = ["webrtc", "hls", "direct"];

/** The best transport that can work now; where all that can have failed lately, the best of those. */
export function chooseTransport(facts: TransportFacts): TransportChoice {
  const { pinned, undecodable } = facts;
  if (pinned && !undecodable.has(pinned)) return { kind: "use", transport: pinned, reason: "pinned" };
  if (pinned) return nothingFits(facts);
  return (
    firstWithout((transport) => obstacle(facts, transport) ?? failure(facts, transport)) ??
    firstWithout((transport) => obstacle(facts, transport)) ??
    whileMediaStarts(facts) ??
    nothingFits(facts)
  );
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
  if (!browser[transport] || undecodable.has(transport)) return "not_in_browser";
  if (transport === "direct") return format?.family === "other" ? "not_in_browser" : undefined;
  const missing = mediaObstacle(facts.media);
  if (missing || !format) return missing;
  if (transport === "hls") return browser.hlsPlays(format.codec) ? undefined : "not_in_browser";
  const carried = format.family === "h264" || (format.family === "h265" && browser.webrtcH265);
  if (!carried) return "codec_not_in_webrtc";
  return format.hasBFrames ? "b_frames" : undefined;
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

/** Only the media server is missing, and it is about to be there: wait for it by asking it. */
function whileMediaStarts(facts: TransportFacts): TransportChoice | undefined {
  const reason = mediaObstacle(facts.media);
  if (reason !== "media_starting") return undefined;
  const choice = chooseTransport({ ...facts, media: { status: "running" } });
  return choice.kind === "use" ? { ...choice, reason } : undefined;
}

function nothingFits({ format, browser }: TransportFacts): TransportChoice {
  if (format && browser.direct)
    return {
      kind: "none",
      fault: "unsupported_codec",
      detail: `No way of this page plays ${format.codec || "the camera's codec"}.`,
    };
  return {
    kind: "none",
    fault: "unsupported_browser",
    detail:
      "Without the media server a picture needs WebCodecs, which browsers have only over https or on localhost.",
  };
}
