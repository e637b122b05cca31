/** Acknowledged so far, at a moment. */
export type Sample = { atMs: number; acknowledged: number };

const WINDOW_MS = 60_000;
/** A rate over less than this says nothing. */
const SHORTEST_MS = 2_000;

/** `samples` with a newer one, and without those that the rate no longer needs. A clock that was put back begins anew. */
export function withSample(samples: Sample[], next: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && (next.atMs < last.atMs || next.acknowledged < last.acknowledged)) return [next];
  return [...samples.filter(({ atMs }) => atMs > next.atMs - WINDOW_MS), next];
}

/** Acknowledged a second over the last minute; null while that cannot be told. */
export function rateOf(samples: Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs - first.atMs < SHORTEST_MS) return null;
  return ((last.acknowledged - first.acknowledged) * 1_000) / (last.atMs - first.atMs);
}
