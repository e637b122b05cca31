/** Runs `work` after `delayMs`; returns the function that calls it off. */
export type Later = (work: () => void, delayMs: number) => () => void;

export const laterByTimer: Later = (work, delayMs) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};
