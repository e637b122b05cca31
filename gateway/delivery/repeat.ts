import type { Clock } from "./clock.ts";

export type RepeatDeps = { everyMs: number; clock: Pick<Clock, "later"> };

/** Does `work`, which never rejects, again and again: so long after its end it begins anew. */
export function createRepeat(work: () => Promise<void>, { everyMs, clock }: RepeatDeps) {
  let callOff = () => {};
  let isStopped = false;
  let working: Promise<void> = Promise.resolve();

  function now(): void {
    working = work().then(() => {
      if (!isStopped) later();
    });
  }

  function later(): void {
    callOff = clock.later(now, everyMs);
  }

  return {
    isStopped: (): boolean => isStopped,
    /** For the first time at once, or after `everyMs`. */
    now,
    later,
    /** Resolves when what is under way has ended. */
    async stop(): Promise<void> {
      isStopped = true;
      callOff();
      await working;
    },
  };
}
