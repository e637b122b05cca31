import { type BackoffPolicy, backoffMs } from "../kernel/backoff.ts";

const BACKOFF: BackoffPolicy = { firstMs: 1_000, maxMs: 300_000, jitterFraction: 0.2 };
/** So many whole failures in a row open the circuit. */
const MAX_FAILURES = 5;
const OPEN: BackoffPolicy = { firstMs: 60_000, maxMs: 60_000, jitterFraction: 0.2 };
/** A receiver that asks for more rest than this is asked again all the same. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Whether a sink is tried. After a whole failure it rests, longer each time; after five it rests a minute (`open`),
 * then one try decides. `untilSteadyMs` goes by the steady clock.
 */
export type Circuit =
  | { status: "closed" }
  | { status: "retrying" | "open"; reason: string; failures: number; untilSteadyMs: number };

export type Failure = { reason: string; retryAfterMs?: number | undefined };
type At = { steadyMs: number; random?: (() => number) | undefined };

export function afterFailure(
  before: Circuit,
  { reason, retryAfterMs }: Failure,
  { steadyMs, random }: At,
): Circuit {
  const failures = before.status === "closed" ? 1 : before.failures + 1;
  const isOpen = failures >= MAX_FAILURES;
  const restMs = isOpen ? backoffMs(OPEN, 0, random) : backoffMs(BACKOFF, failures - 1, random);
  const untilSteadyMs = steadyMs + Math.max(restMs, bounded(retryAfterMs));
  return { status: isOpen ? "open" : "retrying", reason, failures, untilSteadyMs };
}

/** How long one event waits that was retried `attempts` times before. */
export function eventRestMs(attempts: number, retryAfterMs?: number, random?: () => number): number {
  return Math.max(backoffMs(BACKOFF, attempts, random), bounded(retryAfterMs));
}

const bounded = (retryAfterMs = 0): number => Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
