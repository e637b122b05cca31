import type { Camera, CameraFault, CameraStream } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import type { SessionStats } from "./transport.ts";

export type Transport = "webrtc" | "hls" | "direct";

/** Why this transport and not a better one; a screen words it. */
export type TransportReason =
  | "best"
  | "pinned"
  /** Shown until the one that a person chose gives its first picture. */
  | "until_pinned"
  | "media_missing"
  | "media_starting"
  | "media_failed"
  | "codec_not_in_webrtc"
  | "codec_not_in_hls"
  | "b_frames"
  | "webrtc_failed_lately"
  | "hls_failed_lately"
  /** So many tiles play HLS already that one more would make all of them stutter. */
  | "hls_crowded"
  /** Shown while a better one is still connecting. */
  | "while_connecting"
  /** This browser lacks what the better ones need. */
  | "not_in_browser";

type Way = { transport: Transport; reason: TransportReason };

/** The truth about a tile. Every instant is of this device's clock but `nextTryAtMs`, which is the gateway's. */
export type PlayerState =
  | { status: "idle" }
  | ({ status: "connecting" } & Way)
  | ({
      status: "playing";
      stream: CameraStream;
      widthPx: number;
      heightPx: number;
      /** The picture moves, but the gateway's own connection to the camera is in trouble: it is not analysed. */
      notice?: CameraFault;
    } & Way)
  /**
   * Connected, but nothing new: `no_bytes` nothing arrives, `no_pictures` what arrives cannot be decoded, `late` it
   * lags far behind. `lastPictureAtMs` is null where none has come yet.
   */
  | ({
      status: "stalled";
      cause: "no_bytes" | "no_pictures" | "late";
      lastPictureAtMs: number | null;
    } & Way)
  /** Pictures arrive, all the same; or the gateway says so. `lastPictureAtMs`: the last new one. */
  | {
      status: "frozen";
      transport: Transport | null;
      reason: TransportReason | null;
      lastPictureAtMs: number | null;
    }
  | {
      status: "offline";
      fault: CameraFault | "network";
      detail: string;
      lastPictureAtMs: number | null;
      nextTryAtMs?: number;
    }
  /** Not tried again until a person asks for it. */
  | { status: "unauthorized"; detail: string; lastPictureAtMs: number | null }
  | { status: "unsupported"; fault: "unsupported_codec" | "unsupported_browser"; detail: string };

export type PlayerStats = SessionStats &
  Way & {
    stream: CameraStream;
    widthPx: number;
    heightPx: number;
    /** RFC 6381, where the gateway knows it. */
    codec: string | null;
  };

export type PlayerFacts = {
  camera: Camera;
  media: MediaState;
  /** A person's choice: this transport and no other. */
  pinned?: Transport | undefined;
};

export type Player = {
  /** Puts its picture into `container` and starts. The picture fills it, letterboxed. May follow a `stop`. */
  start(container: HTMLElement): void;
  stop(): void;
  /** New facts; may change the transport. What is shown stays until its successor has a picture. */
  update(facts: PlayerFacts): void;
  /** Width of the tile in device pixels: picks the stream. */
  resize(widthPx: number): void;
  state(): PlayerState;
  /** Of what is shown, about a second old at most; null while nothing is. */
  stats(): PlayerStats | null;
  /** The element that is shown; another one after a change of transport or stream. */
  picture(): HTMLVideoElement | HTMLCanvasElement | null;
  /** Called on every change; returns the function that ends the subscription. */
  subscribe(listener: (state: PlayerState) => void): () => void;
};
