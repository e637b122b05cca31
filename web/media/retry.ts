import { type BackoffPolicy, backoffMs } from "../lib/backoff.ts";

/** What waits longer hears from the gateway, the camera list or the browser when it is worth a try. */
const RETRY: BackoffPolicy = { firstMs: 300, maxMs: 4_000, jitterFraction: 0.2 };

/** When the next try may be made. */
export function createRetry({ nowMs, random }: { nowMs: () => number; random: () => number }) {
  let misses = 0;
  let dueAtMs = 0;
  return {
    miss(): void {
      dueAtMs = nowMs() + backoffMs(RETRY, misses, random);
      misses += 1;
    },
    reset(): void {
      misses = 0;
      dueAtMs = 0;
    },
    isDue: () => nowMs() >= dueAtMs,
    hasMissed: () => misses > 0,
  };
}
export type Retry = ReturnType<typeof createRetry>;
