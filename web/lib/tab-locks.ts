/** Runs `work` while nobody else on this device does: other tabs, the service worker. */
export type TabLocks = {
  /** `busy` without running `work` when another one holds the lock. */
  ifFree<T>(work: () => Promise<T>): Promise<T | "busy">;
  /** Waits for its turn. Rejects with the signal's reason. */
  inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
};

/**
 * Web Locks, which the browser also frees when a tab crashes. They exist in secure contexts alone; without them each
 * tab works for itself, and what two of them send the gateway stores once: work twice, never a row twice.
 */
export function createTabLocks(name: string, locks: LockManager | undefined): TabLocks {
  if (!locks) return { ifFree: (work) => work(), inTurn: (work) => work() };
  return {
    ifFree: (work) =>
      locks.request(name, { ifAvailable: true }, async (lock) => (lock ? await work() : "busy")),
    inTurn: (work, signal) => locks.request(name, { signal }, () => work()),
  };
}
