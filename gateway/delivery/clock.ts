export type Clock = {
  /** UTC by the machine's clock, which people and time servers put forward and back. */
  nowMs(): number;
  /** Never put back; says nothing but how much later something is. */
  steadyMs(): number;
  /** Runs `work` once, `afterMs` later by the steady clock; the returned function calls it off. Keeps the process alive. */
  later(work: () => void, afterMs: number): () => void;
};

/** The longest wait a timer of Node takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: Date.now,
  steadyMs: () => performance.now(),
  later(work, afterMs) {
    const timer = setTimeout(work, Math.min(afterMs, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** A clock that differs by more than this from what it should show by now was put forward or back. */
const JUMP_MS = 5_000;

/** Answers, each time it is asked, whether the machine's clock jumped since it was asked last. */
export function createJumpWatch({ nowMs, steadyMs }: Pick<Clock, "nowMs" | "steadyMs">): () => boolean {
  let offsetMs = nowMs() - steadyMs();
  return () => {
    const before = offsetMs;
    offsetMs = nowMs() - steadyMs();
    return Math.abs(offsetMs - before) > JUMP_MS;
  };
}
