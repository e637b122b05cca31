/** Beyond what a playlist asks for: parts and segments do not come on the dot. */
const PARTS_MORE_S = 0.15;
const SEGMENTS_MORE_S = 0.3;

/** A stall asks for more room; calm gives it back, piece by piece. */
const STALL_MORE_S = 0.2;
const MOST_MORE_S = 1;
const CALM_MS = 20_000;
const CALM_LESS_S = 0.1;
/** A stall while a stream begins says nothing about how it goes on. */
const BEGINNING_MS = 3_000;

/** So far behind, playing faster begins; so near, it ends. */
const BEGINS_BEHIND_S = 0.12;
const ENDS_BEHIND_S = 0.03;
const RATE_PER_S = 0.4;
const LEAST_RATE = 1.05;
const MOST_RATE = 1.3;
/** With less than this to play, playing faster would only stall. */
const LEAST_BUFFER_S = 0.25;

type Playlist = {
  /** What the playlist asks low-latency players to keep; 0 where it is one of whole segments. */
  partHoldBackS: number;
  segmentS: number;
};

type Place = Playlist & {
  /** From the live edge to what is shown. */
  behindEdgeS: number;
  /** What is loaded and not shown yet. */
  bufferS: number;
};

/**
 * How fast a live stream is played to be as near to its edge as it gets without stalling. hls.js would speed up only
 * with a second in its buffer, which low latency never has; and what it adds after a stall it keeps for ever.
 */
export function createHlsDistance(nowMs: () => number) {
  const beganAtMs = nowMs();
  let moreS = 0;
  let changedAtMs = beganAtMs;
  let isFaster = false;

  function change(nextS: number): void {
    moreS = nextS;
    changedAtMs = nowMs();
  }

  return {
    stalled(): void {
      if (nowMs() - beganAtMs >= BEGINNING_MS) change(Math.min(MOST_MORE_S, moreS + STALL_MORE_S));
    },
    /** To be asked several times a second. */
    rate({ behindEdgeS, bufferS, ...playlist }: Place): number {
      if (moreS > 0 && nowMs() - changedAtMs >= CALM_MS) change(Math.max(0, moreS - CALM_LESS_S));
      const tooFarS = behindEdgeS - distanceS(playlist) - moreS;
      isFaster = bufferS >= LEAST_BUFFER_S && tooFarS > (isFaster ? ENDS_BEHIND_S : BEGINS_BEHIND_S);
      if (!isFaster) return 1;
      const rate = Math.round((1 + tooFarS * RATE_PER_S) * 20) / 20; // few steps: each change costs the browser work
      return Math.min(MOST_RATE, Math.max(LEAST_RATE, rate));
    },
  };
}

/** Where nothing stalls. A whole segment is known only once it is over. */
function distanceS({ partHoldBackS, segmentS }: Playlist): number {
  return partHoldBackS > 0 ? partHoldBackS + PARTS_MORE_S : segmentS + SEGMENTS_MORE_S;
}
