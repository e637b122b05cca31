/** Gives up the turn, or the place in the queue. May be called more than once. */
export type Leave = () => void;

/** Lets at most `most` work at a time, in the order they came; whoever leaves the queue holds nobody up. */
export function createTurns(most: number) {
  let working = 0;
  const waiting = new Set<() => void>(); // a set keeps the order in which it was added to

  function begin(onTurn: () => void): void {
    working += 1;
    onTurn();
  }

  /** `onTurn` is called at once where there is room. */
  return function take(onTurn: () => void): Leave {
    let state: "waiting" | "working" | "gone" = "waiting";
    const start = () => {
      state = "working";
      begin(onTurn);
    };
    if (working < most) start();
    else waiting.add(start);

    return () => {
      if (state === "waiting") waiting.delete(start);
      if (state === "working") {
        working -= 1;
        const [next] = waiting;
        if (next && working < most) {
          waiting.delete(next);
          next();
        }
      }
      state = "gone";
    };
  };
}
export type Turns = ReturnType<typeof createTurns>;

/** A turn to await. Null when `signal` aborted the waiting: then there is nothing to leave. */
export function waitForTurn(take: Turns, signal: AbortSignal): Promise<Leave | null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => {
    const cancel = () => {
      leave();
      resolve(null);
    };
    let leave: Leave = () => undefined;
    let isMine = false;
    const onTurn = () => {
      isMine = true;
      signal.removeEventListener("abort", cancel);
      queueMicrotask(() => resolve(leave));
    };
    leave = take(onTurn);
    if (!isMine) signal.addEventListener("abort", cancel, { once: true });
  });
}
