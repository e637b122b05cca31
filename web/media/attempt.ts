import type { CameraState } from "#contract/cameras.ts";
import type { Transport, TransportReason } from "./player.ts";
import type { PictureSize, TransportSession } from "./transport.ts";

/** One try of one transport. */
export type Attempt = {
  transport: Transport;
  reason: TransportReason;
  session: TransportSession;
  openedAtMs: number;
  firstPictureAtMs: number | null;
  lastPictureAtMs: number;
  size: PictureSize;
  /** It failed: only its last picture is left. */
  ended: boolean;
};

/** What is known about the way to the camera. */
export type Way = {
  /** Null until the hub told it once. */
  link: "up" | "lost" | null;
  /** Null until the gateway told it since the last loss of the link. */
  camera: CameraState | null;
};
