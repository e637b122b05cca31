import { Worker } from "node:worker_threads";
import { sqliteDelivery } from "./delivery/delivery-store.sqlite.ts";
import { sqliteIsSending, sqliteQueue } from "./delivery/queue.sqlite.ts";
import { sqliteSinks } from "./delivery/sinks.sqlite.ts";
import { createCameraBook } from "./delivery/small-facts.ts";
import { sqliteEvents } from "./events/events.sqlite.ts";
import type { OpenDatabase, OpenPostgres } from "./kernel/database.ts";
import type { EventStores, StoreDeps } from "./stores.postgres.ts";

/**
 * Events and delivery lie in PostgreSQL where there is one, for several gateways; in the file beside everything else
 * where there is none. What sinks were told of this gateway's own cameras stays in its file either way.
 */
export async function openEventStores(
  local: OpenDatabase,
  shared: OpenPostgres | null,
  deps: StoreDeps,
): Promise<EventStores> {
  if (!shared) return sqliteStores(local, deps);
  const { postgresStores } = await import("./stores.postgres.ts"); // its client is loaded by who needs it
  const stores = postgresStores(shared, deps);
  return { ...stores, delivery: { ...stores.delivery, cameraBook: createCameraBook(local.db) } };
}

function sqliteStores({ db, raw }: OpenDatabase, deps: StoreDeps): EventStores {
  const { box, newId, nowMs, steadyMs, log } = deps;
  const startThread = () =>
    new Worker(new URL("./storing.worker.mjs", import.meta.url), { workerData: { file: raw.name } });
  const isSending = sqliteIsSending(raw);
  const onStoredAfter = sqliteQueue({ raw, nowMs });
  const thread = raw.memory
    ? {}
    : { thread: { startThread, mayUseThread: () => !isSending(), steadyMs, log } };
  return {
    events: sqliteEvents({ db, raw, onStoredAfter, ...thread }),
    delivery: sqliteDelivery({ db, raw, newId, nowMs }),
    sinks: sqliteSinks({ raw, box }),
  };
}
