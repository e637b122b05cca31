/** Segments are a second long; a playlist that did not grow for this long is no longer a camera's that lives. */
const GROWS_MS = 4_000;

/**
 * Whether a stream still grows at its end. A media server keeps the last seconds of a camera that froze: a player
 * opened then plays them, and old pictures would pass for new ones.
 */
export function createHlsEdge(nowMs: () => number) {
  let endS: number | null = null;
  let grewAtMs = Number.NEGATIVE_INFINITY;
  return {
    /** A playlist came that ends at `playlistEndS`, seconds since the stream's start. */
    heard(playlistEndS: number): void {
      if (endS !== null && playlistEndS > endS) grewAtMs = nowMs();
      endS = Math.max(endS ?? playlistEndS, playlistEndS);
    },
    grows: () => nowMs() - grewAtMs < GROWS_MS,
  };
}
