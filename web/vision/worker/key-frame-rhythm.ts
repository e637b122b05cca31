/** Which pictures of a camera are read: its key frames, or all. */
export type TapFrames = "key" | "all";

/** Key frames may come so much less often than the camera is looked at before all pictures are read. */
const TOO_SELDOM = 1.5;
/** Clearly too seldom: one such distance says as much as two. */
const FAR_TOO_SELDOM = 3;
/** Back to key frames only when they come as often as this, and did so for a while. */
const OFTEN_ENOUGH = 1.2;
const ENOUGH_TIMES = 8;
/** "Smart" encoders change the distance as things move: no change sooner than this after the last. */
const STAY_AT_LEAST_MS = 60_000;
/** Network and gateway give or take so much. */
const JITTER_MS = 150;
/** The shown distance is the middle of the newest few. */
const REMEMBERED = 5;

/**
 * How often one camera's key frames come, and with it which of its pictures must be read to look at it as often as
 * asked. Reading all costs decoding; so does no camera whose key frames suffice.
 */
export function createKeyFrameRhythm(initial: { periodMs: number }) {
  let periodMs = initial.periodMs;
  let frames: TapFrames = "key";
  let lastAtMs: number | null = null;
  let changedAtMs = Number.NEGATIVE_INFINITY;
  let tooSeldom = 0;
  let oftenEnough = 0;
  let distances: number[] = [];

  function weigh(distanceMs: number): void {
    if (distanceMs > TOO_SELDOM * periodMs + JITTER_MS) {
      tooSeldom += distanceMs > FAR_TOO_SELDOM * periodMs ? 2 : 1;
      oftenEnough = 0;
    } else {
      tooSeldom = Math.max(0, tooSeldom - 1);
      oftenEnough = distanceMs <= OFTEN_ENOUGH * periodMs + JITTER_MS ? oftenEnough + 1 : 0;
    }
  }

  function choose(atMs: number): void {
    if (frames === "key" ? tooSeldom < 2 : oftenEnough < ENOUGH_TIMES) return;
    // Too few pictures is the graver mistake: only the way back waits.
    if (frames === "all" && atMs - changedAtMs < STAY_AT_LEAST_MS) return;
    frames = frames === "key" ? "all" : "key";
    changedAtMs = atMs;
    tooSeldom = 0;
    oftenEnough = 0;
  }

  return {
    /**
     * A key frame that reached the gateway at `atMs`. One that was heard of before (sent again) says nothing;
     * `discontinuity`: pictures before it are missing, so that its distance says nothing.
     */
    hear(atMs: number, discontinuity: boolean): TapFrames {
      const distanceMs = lastAtMs === null ? 0 : atMs - lastAtMs;
      if (lastAtMs !== null && distanceMs <= 0 && distanceMs > -STAY_AT_LEAST_MS) return frames;
      lastAtMs = atMs;
      if (discontinuity || distanceMs <= 0) return frames;
      distances = [...distances, distanceMs].slice(-REMEMBERED);
      weigh(distanceMs);
      choose(atMs);
      return frames;
    },
    /** The camera is to be looked at so often from now on; what is known of its distances is weighed anew. */
    setPeriod(next: number): TapFrames {
      if (next === periodMs) return frames;
      periodMs = next;
      tooSeldom = 0;
      oftenEnough = 0;
      for (const distanceMs of distances) weigh(distanceMs);
      if (frames === "key" && lastAtMs !== null) choose(lastAtMs);
      return frames;
    },
    frames: () => frames,
    /** Middle distance of the newest key frames; null before two came. */
    distanceMs(): number | null {
      const sorted = distances.toSorted((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
  };
}
export type KeyFrameRhythm = ReturnType<typeof createKeyFrameRhythm>;
