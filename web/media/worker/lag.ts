/** The quickest way is kept for this long: networks get slower, and the clocks of two machines drift apart. */
const WINDOW_MS = 30_000;

/**
 * How far behind its quickest picture a picture is here: what this device itself adds. It needs no common clock, since
 * the way through the network and the difference of the clocks are in both.
 */
export function createLag(nowMs: () => number) {
  let least = { ageMs: Number.POSITIVE_INFINITY, atMs: 0 };

  return function lagMs(receivedAtMs: number): number {
    const atMs = nowMs();
    const ageMs = atMs - receivedAtMs;
    if (ageMs <= least.ageMs || atMs - least.atMs > WINDOW_MS) least = { ageMs, atMs };
    return ageMs - least.ageMs;
  };
}
