import { NOTHING_KNOWN, type Sync, type SyncStatus } from "../sync/sync.ts";
import { createLateService } from "./late-service.ts";

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
    askPersistence: async () => (await get()).askPersistence(),
    parked: async () => (await get()).parked(),
    status: () => here()?.status() ?? NOTHING_KNOWN,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
