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

/** When it reached the gateway, and its time by the camera. */
export type HeardKeyFrame = { receivedAtMs: number; ptsMs: number };

/**
 * Where a machine stood still for seconds they come late, and reading all pictures would be the last it needs: by the
 * camera's time they were not far apart. Nor are they by arrival, where a camera's time makes leaps.
 */
function distanceOf(before: HeardKeyFrame, heard: HeardKeyFrame): number {
  const byArrivalMs = heard.receivedAtMs - before.receivedAtMs;
  const byCameraMs = heard.ptsMs - before.ptsMs;
  return byCameraMs > 0 ? Math.min(byArrivalMs, byCameraMs) : byArrivalMs;
}

/**
 * How often one camera's key frames come, and with it which of its pictures must be read to look at it as often as
 * asked. Reading all costs decoding; so does no camera whose key frames suffice.
 */
export function createKeyFrameRhythm(initial: { periodMs: number }) {
  let periodMs = initial.periodMs;
  let frames: TapFrames = "key";
  let last: HeardKeyFrame | null = null;
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
     * A key frame. One that was heard of before (sent again) says nothing; `discontinuity`: pictures before it are
     * missing, so that its distance says nothing.
     */
    hear(heard: HeardKeyFrame, discontinuity: boolean): TapFrames {
      const before = last;
      const sinceMs = before === null ? 0 : heard.receivedAtMs - before.receivedAtMs;
      if (before !== null && sinceMs <= 0 && sinceMs > -STAY_AT_LEAST_MS) return frames;
      last = heard;
      if (before === null || discontinuity || sinceMs <= 0) return frames;
      const distanceMs = distanceOf(before, heard);
      distances = [...distances, distanceMs].slice(-REMEMBERED);
      weigh(distanceMs);
      choose(heard.receivedAtMs);
      return frames;
    },
    /** The camera is to be looked at so often from now on; what is known of its distances is weighed anew. */
    setPeriod(next: number): TapFrames {
      if (next === periodMs) return frames;
      periodMs = next;
      tooSeldom = 0;
      oftenEnough = 0;
      for (const distanceMs of distances) weigh(distanceMs);
      if (frames === "key" && last !== null) choose(last.receivedAtMs);
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
