/** Of all tabs of a browser the one that holds this analyses. Held by the page: a page that holds a lock is not frozen. */
const STATION_LOCK = "guarita-station";

/** Whether another tab of this browser stands in line for the place. */
export async function isStationAwaited(locks: Pick<LockManager, "query">): Promise<boolean> {
  const { pending = [] } = await locks.query();
  return pending.some(({ name }) => name === STATION_LOCK);
}

type StationLockDeps = {
  locks: Pick<LockManager, "request">;
  /** This tab's turn. */
  onHeld(): void;
  /** Another tab has it; the turn comes when that one goes. */
  onWaiting(): void;
};

/** Stands in line for the station's place until `release`. */
export function createStationLock({ locks, onHeld, onWaiting }: StationLockDeps) {
  let wish: AbortController | null = null;
  let held = false;

  async function stand(mine: AbortController): Promise<void> {
    const hold = async () => {
      if (mine.signal.aborted) return;
      held = true;
      onHeld();
      await new Promise<void>((letGo) => mine.signal.addEventListener("abort", () => letGo()));
    };
    const wasFree = await locks.request(STATION_LOCK, { ifAvailable: true }, async (lock) => {
      if (lock) await hold();
      return lock !== null;
    });
    if (wasFree || mine.signal.aborted) return;
    onWaiting();
    await locks.request(STATION_LOCK, { signal: mine.signal }, hold);
  }

  return {
    isHeld: () => held,
    wish(): void {
      if (wish) return;
      const mine = new AbortController();
      wish = mine;
      stand(mine).catch((cause: unknown) => {
        if (!mine.signal.aborted) throw cause;
      });
    },
    release(): void {
      wish?.abort();
      wish = null;
      held = false;
    },
  };
}
