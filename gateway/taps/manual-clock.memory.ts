import type { Clock } from "./clock.ts";

/** A clock that moves only when told, firing what falls due in order. */
export function manualClock(startAtMs = 1_000_000) {
  let nowMs = startAtMs;
  const timers = new Set<{ dueAtMs: number; run: () => void }>();
  const clock: Clock = {
    nowMs: () => nowMs,
    setTimer(run, delayMs) {
      const timer = { dueAtMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  function earliestUntil(endAtMs: number) {
    let found: { dueAtMs: number; run: () => void } | undefined;
    for (const timer of timers) {
      if (timer.dueAtMs <= endAtMs && (!found || timer.dueAtMs < found.dueAtMs)) found = timer;
    }
    return found;
  }
  return {
    clock,
    pending: () => timers.size,
    /** How far off each timer is. */
    dueInMs: () => [...timers].map(({ dueAtMs }) => dueAtMs - nowMs),
    advance(ms: number) {
      const endAtMs = nowMs + ms;
      for (let timer = earliestUntil(endAtMs); timer; timer = earliestUntil(endAtMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueAtMs);
        timer.run();
      }
      nowMs = endAtMs;
    },
  };
}
