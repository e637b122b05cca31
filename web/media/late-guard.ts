/** This late, a live picture is an old one. */
const LATE_MS = 1_500;
/** A hiccup of the network is caught up within this. */
const FOR_MS = 3_000;

type Limits = { lateMs?: number; forMs?: number };

/**
 * Watches that a session does not drift behind: it is given every measured latency, and answers whether the session
 * has been late for too long and is better opened anew, at the live edge.
 */
export function createLateGuard(nowMs: () => number, { lateMs = LATE_MS, forMs = FOR_MS }: Limits = {}) {
  let lateSinceMs: number | null = null;

  return function isTooLate(latencyMs: number | null): boolean {
    if (latencyMs === null || latencyMs <= lateMs) lateSinceMs = null;
    else lateSinceMs ??= nowMs();
    return lateSinceMs !== null && nowMs() - lateSinceMs >= forMs;
  };
}

export function lateDetail(latencyMs: number): string {
  return `The picture was ${(latencyMs / 1_000).toFixed(1)} s late and did not catch up.`;
}
