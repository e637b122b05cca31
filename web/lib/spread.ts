type SpreadDeps = { later?: (work: () => void, afterMs: number) => void };

/** Does one piece of work at a time, each in a task of its own and `gapMs` after the one before. */
export function createSpread(gapMs: number, { later = defaultLater }: SpreadDeps = {}) {
  const waiting = new Set<() => void>(); // a set keeps the order in which it was added to
  let isResting = false;

  function next(): void {
    isResting = false;
    const [work] = waiting;
    if (!work) return;
    waiting.delete(work);
    rest();
    work();
  }

  function rest(): void {
    isResting = true;
    later(next, gapMs);
  }

  return {
    /** The same function waits once, however often it is added. */
    add(work: () => void): void {
      waiting.add(work);
      if (!isResting) rest();
    },
    remove(work: () => void): void {
      waiting.delete(work);
    },
  };
}
export type Spread = ReturnType<typeof createSpread>;

function defaultLater(work: () => void, afterMs: number): void {
  setTimeout(work, afterMs);
}
