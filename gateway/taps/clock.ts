/** Runs `run` once after the delay; the returned function cancels it. */
export type SetTimer = (run: () => void, delayMs: number) => () => void;

export type Clock = {
  /** UTC, by the gateway's clock. */
  nowMs(): number;
  setTimer: SetTimer;
};

/** Does not keep the process alive: a gateway that wants to end is not held up by a camera. */
export const systemTimer: SetTimer = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};
