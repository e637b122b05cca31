import { NO_EVENTS, type Sync, type SyncStatus } from "../sync/sync.ts";
import { createLateService } from "./late-service.ts";

/** Shown until the outbox is here; it then says at once what it holds. */
const NOT_YET: SyncStatus = {
  ledger: NO_EVENTS,
  online: true,
  flushing: false,
  oldestWaitingAtMs: null,
  nextTryAtMs: null,
  lastError: null,
  isOutOfRoom: false,
};

/** The outbox. Events given before it is here wait: `enqueue` resolves, as always, once they are on disk. */
export function createLateSync(load: () => Promise<Sync>): Sync {
  const listeners = new Set<(status: SyncStatus) => void>();
  const tell = (status: SyncStatus) => {
    for (const listener of listeners) listener(status);
  };
  const { get, here, start, stop } = createLateService({
    load,
    onHere: (sync) => sync.subscribe(tell),
    onReady: (sync) => tell(sync.status()),
  });

  return {
    start,
    stop,
    enqueue: async (events) => (await get()).enqueue(events),
    flush: async () => (await get()).flush(),
    parked: async () => (await get()).parked(),
    retryParked: async (which) => (await get()).retryParked(which),
    discardParked: async (which, why) => (await get()).discardParked(which, why),
    correctParked: async (id, correction) => (await get()).correctParked(id, correction),
    discarded: async () => (await get()).discarded(),
    status: () => here()?.status() ?? NOT_YET,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
