import type { Sync, SyncStatus } from "../sync/sync.ts";

/** Shown until the outbox is here; it then says at once what it holds. */
const NOT_YET: SyncStatus = {
  ledger: { created: 0, acknowledged: 0, waiting: 0, parked: 0, dropped: 0, expired: 0 },
  online: true,
  flushing: false,
  oldestWaitingAtMs: null,
  nextTryAtMs: null,
  lastError: null,
};

/**
 * The outbox with its database comes in a chunk of its own, so that it does not hold up the first picture. Events
 * given meanwhile wait for it: `enqueue` resolves, as always, once they are on disk.
 */
export function createLateSync(load: () => Promise<Sync>): Sync {
  const listeners = new Set<(status: SyncStatus) => void>();
  let here: Sync | null = null;
  let coming: Promise<Sync> | null = null;
  let isWanted = false;

  function get(): Promise<Sync> {
    coming ??= load().then(arrived, (error: unknown) => {
      coming = null; // the next event tries again
      throw error;
    });
    return coming;
  }

  function arrived(sync: Sync): Sync {
    here = sync;
    sync.subscribe((status) => {
      for (const listener of listeners) listener(status);
    });
    if (isWanted) sync.start();
    for (const listener of listeners) listener(sync.status());
    return sync;
  }

  return {
    start() {
      isWanted = true;
      if (here) here.start();
      else get().catch(() => {}); // whoever has an event to keep is told
    },
    stop() {
      isWanted = false;
      here?.stop();
    },
    enqueue: async (events) => (await get()).enqueue(events),
    flush: async () => (await get()).flush(),
    status: () => here?.status() ?? NOT_YET,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
