import type { CameraStream } from "#contract/cameras.ts";
import type { Transport, TransportReason } from "./player.ts";
import type { PictureSize, SessionStats, TransportSession } from "./transport.ts";

/** What is opened: a stream, and the way it comes. */
export type Route = { transport: Transport; stream: CameraStream };

/** One try of one route. */
export type Attempt = Route & {
  reason: TransportReason;
  session: TransportSession;
  openedAtMs: number;
  firstPictureAtMs: number | null;
  lastPictureAtMs: number;
  size: PictureSize;
  stats: SessionStats | null;
  /** Since when its pictures come too late to be live. */
  lateSinceMs: number | null;
  /** It failed or was dropped: at most its last picture is left, and what it still tells no longer counts. */
  ended: boolean;
};

export function isSameRoute(one: Route, other: Route): boolean {
  return one.transport === other.transport && one.stream === other.stream;
}
