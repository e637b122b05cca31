/** Runs `work` while nobody else on this device does: other tabs, the service worker. */
export type FlushLocks = {
  /** `busy` without running `work` when another one holds the lock. */
  ifFree<T>(work: () => Promise<T>): Promise<T | "busy">;
  /** Waits for its turn. Rejects with the signal's reason. */
  inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
};

const LOCK_NAME = "guarita-flush";

/**
 * Web Locks, which the browser also frees when a tab crashes. They exist in secure contexts alone; without them each
 * tab flushes for itself, and an event sent by two is answered `duplicate`: work twice, never an event twice.
 */
export function createFlushLocks(locks: LockManager | undefined): FlushLocks {
  if (!locks) return { ifFree: (work) => work(), inTurn: (work) => work() };
  return {
    ifFree: (work) =>
      locks.request(LOCK_NAME, { ifAvailable: true }, async (lock) => (lock ? await work() : "busy")),
    inTurn: (work, signal) => locks.request(LOCK_NAME, { signal }, () => work()),
  };
}
