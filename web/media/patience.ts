import type { Attempt } from "./attempt.ts";
import { isFresh } from "./player-state.ts";

/** Without a new picture for this long a shown transport is given up. */
const SILENT_MS = 6_000;
/** A try may take this long: a camera with key frames every 10 s is still a camera that works. */
const NO_PICTURE_MS = 12_000;
/** Where the media server is or was away: pictures are told of twice a second. */
const ORPHAN_MS = 1_500;
/** When the wanted transport takes longer than this, `direct` is shown meanwhile; at once where it played before. */
const BRIDGE_AFTER_MS = 800;
/** `direct` comes back with the camera or the gateway by itself, mostly within this; the others mostly do not. */
const COMES_BACK_MS = 3_000;

/** `clearSinceMs`: since when nothing but the transport itself stands between the camera and a picture. */
type Times = { nowMs: number; clearSinceMs: number };

export function isSilent(attempt: Attempt, { nowMs, clearSinceMs }: Times): boolean {
  const sinceMs = Math.max(attempt.lastPictureAtMs || attempt.openedAtMs, clearSinceMs);
  return nowMs - sinceMs > (attempt.firstPictureAtMs === null ? NO_PICTURE_MS : SILENT_MS);
}

/** Whether it may yet come back by itself. */
export function isWaitedFor(attempt: Attempt, { nowMs, clearSinceMs }: Times): boolean {
  return attempt.transport === "direct" && !attempt.ended && nowMs - clearSinceMs < COMES_BACK_MS;
}

export function isSlow(attempt: Attempt, hadPicture: boolean, { nowMs, clearSinceMs }: Times): boolean {
  return nowMs - Math.max(attempt.openedAtMs, clearSinceMs) >= (hadPicture ? 0 : BRIDGE_AFTER_MS);
}

/** Whether it came through a media server that is gone. `mediaSinceMs`: since when that runs; null while it does not. */
export function isOrphan({ transport, openedAtMs }: Attempt, mediaSinceMs: number | null): boolean {
  return transport !== "direct" && (mediaSinceMs === null || openedAtMs < mediaSinceMs);
}

/** As fresh; but an orphan that stands will not come back. */
export function isMoving(attempt: Attempt, nowMs: number, mediaSinceMs: number | null): boolean {
  if (!isFresh(attempt, nowMs)) return false;
  return !isOrphan(attempt, mediaSinceMs) || nowMs - attempt.lastPictureAtMs < ORPHAN_MS;
}
