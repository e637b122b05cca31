import { type BackoffPolicy, backoffMs } from "../lib/backoff.ts";
import type { Transport } from "./player.ts";

/** How long a transport is left alone after a failure: 30 s, doubling to 5 min while it goes on failing. */
const HOLD: BackoffPolicy = { firstMs: 30_000, maxMs: 300_000, jitterFraction: 0.1 };

type Failure = { strikes: number; atMs: number; untilMs: number };

/** Remembers which transports failed, and until when they are not worth a try. */
export function createFailedLately({ nowMs, random }: { nowMs: () => number; random: () => number }) {
  const failures = new Map<Transport, Failure>();

  return {
    /** `holdMs` where the wait is known; such a failure is nobody's fault and does not count. */
    note(transport: Transport, holdMs?: number): void {
      const strikes = failures.get(transport)?.strikes ?? 0;
      const untilMs = nowMs() + (holdMs ?? backoffMs(HOLD, strikes, random));
      failures.set(transport, {
        strikes: holdMs === undefined ? strikes + 1 : strikes,
        atMs: nowMs(),
        untilMs,
      });
    },
    /** It worked for a while: the next failure is the first again. */
    forget(transport: Transport): void {
      failures.delete(transport);
    },
    /** Something else was to blame for what failed since then. */
    pardonSince(sinceMs: number): void {
      for (const [transport, { atMs }] of failures) if (atMs >= sinceMs) failures.delete(transport);
    },
    current(): Set<Transport> {
      const held = [...failures].filter(([, { untilMs }]) => untilMs > nowMs());
      return new Set(held.map(([transport]) => transport));
    },
  };
}
export type FailedLately = ReturnType<typeof createFailedLately>;
