import { type BackoffPolicy, backoffMs } from "../kernel/backoff.ts";

/** First wait 30 s, doubling to 10 min, each with 0..20 % jitter: a shop's line is away for minutes, not for moments. */
const BACKOFF: BackoffPolicy = { firstMs: 30_000, maxMs: 600_000, jitterFraction: 0.2 };

/** Resolves after `ms`, or rejects when `signal` aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

type KeepTrying<Result> = {
  /** The result, or why there is none yet. */
  attempt(): Promise<{ kind: "here"; result: Result } | { kind: "failed"; reason: string }>;
  onFailed(reason: string, nextTryAtMs: number): void;
  signal: AbortSignal;
  wait: Wait;
  nowMs: () => number;
};

/** Tries for ever with growing pauses; rejects only when `signal` aborts. */
export async function keepTrying<Result>(deps: KeepTrying<Result>): Promise<Result> {
  for (let failures = 0; ; failures++) {
    const outcome = await deps.attempt();
    if (outcome.kind === "here") return outcome.result;
    const pauseMs = backoffMs(BACKOFF, failures);
    deps.onFailed(outcome.reason, deps.nowMs() + pauseMs);
    await deps.wait(pauseMs, deps.signal);
  }
}

/** `14:05`, by the machine's own clock: the person who reads it stands beside it. */
export function clockTime(atMs: number): string {
  const at = new Date(atMs);
  return [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
}
