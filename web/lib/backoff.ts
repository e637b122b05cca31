export type BackoffPolicy = { firstMs: number; maxMs: number; jitterFraction: number };

/**
 * Exponential wait before try number `attempt` (0 is the first retry), doubling up to `maxMs`, stretched by up to
 * `jitterFraction` so that many pages do not come back in step.
 */
export function backoffMs(
  policy: BackoffPolicy,
  attempt: number,
  random: () => number = Math.random,
): number {
  const base = Math.min(policy.maxMs, policy.firstMs * 2 ** Math.min(attempt, 30));
  return Math.round(base * (1 + random() * policy.jitterFraction));
}
