import { type BackoffPolicy, backoffMs } from "../lib/backoff.ts";
import type { Route } from "./attempt.ts";

/** What waits longer hears from the gateway, the camera list or the browser when it is worth a try. */
const RETRY: BackoffPolicy = { firstMs: 300, maxMs: 4_000, jitterFraction: 0.2 };

/** When each route may be opened again after it failed. */
export function createRetry({ nowMs, random }: { nowMs: () => number; random: () => number }) {
  const waits = new Map<string, { misses: number; dueAtMs: number }>();

  return {
    noteFailed(route: Route): void {
      const misses = waits.get(keyOf(route))?.misses ?? 0;
      waits.set(keyOf(route), { misses: misses + 1, dueAtMs: nowMs() + backoffMs(RETRY, misses, random) });
    },
    /** It gave a picture. */
    forget: (route: Route) => void waits.delete(keyOf(route)),
    /** Something outside changed: nothing waits any longer. */
    reset: () => waits.clear(),
    hasFailed: (route: Route) => waits.has(keyOf(route)),
    isDue: (route: Route) => nowMs() >= (waits.get(keyOf(route))?.dueAtMs ?? 0),
  };
}

function keyOf({ transport, stream }: Route): string {
  return `${transport} ${stream}`;
}
