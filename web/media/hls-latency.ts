export type HlsTimes = {
  /** When the camera sent what is shown, by the playlist; null where it does not say. */
  shownSentAtMs: number | null;
  gatewayNowMs: number | null;
  /** From the end of the playlist, as old as that is, to what is shown; null where nobody knows. */
  behindEdgeMs: number | null;
};

/** Farther apart than this, the two ways to measure do not speak of the same thing. */
const SAME_MS = 2_000;

/**
 * How old a picture is. The playlist's times are the truth, in the beginning: MediaMTX counts them on by the camera's
 * clock, and where that is slow they lag by seconds a day. Then the place behind the live edge has to do.
 */
export function hlsLatencyMs({ shownSentAtMs, gatewayNowMs, behindEdgeMs }: HlsTimes): number | null {
  const byTimes = shownSentAtMs === null || gatewayNowMs === null ? null : gatewayNowMs - shownSentAtMs;
  if (byTimes === null || behindEdgeMs === null) return byTimes ?? behindEdgeMs;
  return Math.abs(byTimes - behindEdgeMs) <= SAME_MS ? Math.max(0, byTimes) : behindEdgeMs;
}
