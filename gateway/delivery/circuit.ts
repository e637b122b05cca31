import type { SinkTrouble } from "#contract/sink-troubles.ts";
import { type BackoffPolicy, backoffMs } from "../kernel/backoff.ts";

/** How long a sink and an event rest after a failure. The settings `delivery.*`. */
export type Rests = {
  /** The first; it doubles with each further one. */
  firstMs: number;
  maxMs: number;
  /** So many whole failures in a row open the circuit. */
  maxFailures: number;
  /** For so long, before one more try. */
  openMs: number;
};

const JITTER_FRACTION = 0.2;
/** A receiver that asks for more rest than this is asked again all the same. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Whether a sink is tried. After a whole failure it rests, longer each time; after `maxFailures` it rests for `openMs`
 * (`open`), then one try decides. `untilSteadyMs` goes by the steady clock.
 */
export type Circuit =
  | { status: "closed" }
  | { status: "retrying" | "open"; trouble: SinkTrouble; failures: number; untilSteadyMs: number };

export type Failure = { trouble: SinkTrouble; retryAfterMs?: number | undefined };
type At = { rests: Rests; steadyMs: number; random?: (() => number) | undefined };

export function afterFailure(
  before: Circuit,
  { trouble, retryAfterMs }: Failure,
  { rests, steadyMs, random }: At,
): Circuit {
  const failures = before.status === "closed" ? 1 : before.failures + 1;
  const isOpen = failures >= rests.maxFailures;
  const restMs = backoffMs(isOpen ? openOf(rests) : backoffOf(rests), isOpen ? 0 : failures - 1, random);
  const untilSteadyMs = steadyMs + Math.max(restMs, bounded(retryAfterMs));
  return { status: isOpen ? "open" : "retrying", trouble, failures, untilSteadyMs };
}

/** How long one event waits that was retried `attempts` times before. */
export function eventRestMs(
  rests: Rests,
  attempts: number,
  { retryAfterMs, random }: { retryAfterMs?: number | undefined; random?: (() => number) | undefined },
): number {
  return Math.max(backoffMs(backoffOf(rests), attempts, random), bounded(retryAfterMs));
}

const backoffOf = ({ firstMs, maxMs }: Rests): BackoffPolicy => ({
  firstMs,
  maxMs,
  jitterFraction: JITTER_FRACTION,
});
const openOf = ({ openMs }: Rests): BackoffPolicy => ({
  firstMs: openMs,
  maxMs: openMs,
  jitterFraction: JITTER_FRACTION,
});
const bounded = (retryAfterMs = 0): number => Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
