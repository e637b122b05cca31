import type { Clock } from "./clock.ts";

/** Time that passes only when told; `jump` moves the machine's clock alone. */
export function manualClock(startAtMs = 1_000_000) {
  let steady = 0;
  let offsetMs = startAtMs;
  const timers = new Set<{ dueAtMs: number; work: () => void }>();
  const clock: Clock = {
    nowMs: () => steady + offsetMs,
    steadyMs: () => steady,
    later(work, afterMs) {
      const timer = { dueAtMs: steady + Math.max(0, afterMs), work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const nextBefore = (endAtMs: number) =>
    [...timers].filter(({ dueAtMs }) => dueAtMs <= endAtMs).toSorted((a, b) => a.dueAtMs - b.dueAtMs)[0];
  return {
    clock,
    jump(ms: number): void {
      offsetMs += ms;
    },
    /** Lets time pass, and after each timer what it set going. */
    async advance(ms: number): Promise<void> {
      const endAtMs = steady + ms;
      await settled();
      for (let timer = nextBefore(endAtMs); timer; timer = nextBefore(endAtMs)) {
        timers.delete(timer);
        steady = Math.max(steady, timer.dueAtMs);
        timer.work();
        await settled();
      }
      steady = endAtMs;
    },
  };
}

/** Everything that can go on without time passing has gone on: SQLite answers at once, and so do sinks in memory. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
}
