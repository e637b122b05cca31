import type { Transport } from "./player.ts";

/** What this browser can play with, whatever the camera. */
export type BrowserAbilities = Record<Transport, boolean> & {
  webrtcH265: boolean;
  /** `codec` is an RFC 6381 string. */
  hlsPlays(codec: string): boolean;
};

export function browserAbilities(): BrowserAbilities {
  const nativeHls = hasNativeHls();
  return {
    webrtc: typeof RTCPeerConnection === "function",
    webrtcH265: receivesH265(),
    hls: nativeHls || hasMediaSource(),
    hlsPlays: (codec) => nativeHls || MediaSource.isTypeSupported(`video/mp4; codecs="${codec}"`),
    // both are absent on plain http from another machine: WebCodecs needs a secure context
    direct: typeof VideoDecoder === "function" && typeof OffscreenCanvas === "function",
  };
}

export function hasMediaSource(): boolean {
  return typeof MediaSource === "function" || "ManagedMediaSource" in globalThis;
}

/** Only Safari has it and no MediaSource (on phones); where both are, hls.js is less late. */
export function hasNativeHls(): boolean {
  if (typeof MediaSource === "function") return false;
  return document.createElement("video").canPlayType("application/vnd.apple.mpegurl") !== "";
}

function receivesH265(): boolean {
  if (typeof RTCRtpReceiver !== "function") return false;
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  return codecs.some(({ mimeType }) => mimeType.toLowerCase() === "video/h265");
}
