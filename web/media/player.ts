import type { Camera, CameraFault } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";

export type Transport = "webrtc" | "hls" | "direct";

/** Why this transport and not a better one; a screen words it. */
export type TransportReason =
  | "best"
  | "pinned"
  | "media_missing"
  | "media_starting"
  | "media_failed"
  | "codec_not_in_webrtc"
  | "b_frames"
  | "webrtc_failed_lately"
  | "hls_failed_lately"
  /** Shown while a better one is still connecting. */
  | "while_connecting"
  /** This browser lacks what the better ones need. */
  | "not_in_browser";

/** What the person sees, and by which way it comes. */
export type PlayerState =
  | { status: "idle" }
  | { status: "connecting"; transport: Transport; reason: TransportReason }
  | { status: "playing"; transport: Transport; reason: TransportReason; widthPx: number; heightPx: number }
  /** The picture stands still: nothing new since `lastPictureAtMs` (this device's clock). */
  | {
      status: "stalled";
      transport: Transport;
      reason: TransportReason;
      lastPictureAtMs: number;
      /** Why, once it is known; `network` where the gateway cannot be reached. */
      fault?: CameraFault | "network";
    }
  | { status: "failed"; fault: CameraFault | "network" | "unsupported_browser"; detail: string };

export type Player = {
  /** Puts its picture into `container` and starts. The picture fills it, letterboxed. */
  start(container: HTMLElement): void;
  stop(): void;
  /** New facts about the camera or the media server; may change the transport. */
  update(facts: { camera: Camera; media: MediaState }): void;
  state(): PlayerState;
  /** Called on every change; returns the function that ends the subscription. */
  subscribe(listener: (state: PlayerState) => void): () => void;
};
