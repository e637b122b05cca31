/** What a tap has counted since it began. */
export type StreamCounts = { pictures: number; receivedBytes: number; packets: number; lost: number };

export type StreamFigures = {
  fps: number;
  bitrateKbps: number;
  /** Packets that never came, of those that were sent. */
  lostFraction: number;
};

/** Figures are of the last 10 s, and none before 4 s are there: a camera may begin with a burst, or a pause. */
const SPAN_MS = 10_000;
const LEAST_MS = 4_000;

type Sample = StreamCounts & { atMs: number };

/** Figures out of counts that are looked at again and again. */
export function createStreamFigures() {
  let samples: Sample[] = [];

  return {
    note(atMs: number, counts: StreamCounts): void {
      const newest = samples.at(-1);
      // counts of another tap, or a clock that was set back
      if (newest && (counts.packets < newest.packets || atMs < newest.atMs)) samples = [];
      samples.push({ ...counts, atMs });
      // the one before the span stays: it is where the span begins
      while (samples[1] && samples[1].atMs <= atMs - SPAN_MS) samples.shift();
    },
    /** After a new connection: its pause must not count. */
    clear(): void {
      samples = [];
    },
    figures(): StreamFigures | null {
      const [first, last] = [samples[0], samples.at(-1)];
      if (!first || !last || last.atMs - first.atMs < LEAST_MS) return null;
      const seconds = (last.atMs - first.atMs) / 1_000;
      const lost = last.lost - first.lost;
      const sent = last.packets - first.packets + lost;
      return {
        fps: (last.pictures - first.pictures) / seconds,
        bitrateKbps: ((last.receivedBytes - first.receivedBytes) * 8) / 1_000 / seconds,
        lostFraction: sent === 0 ? 0 : lost / sent,
      };
    },
  };
}
