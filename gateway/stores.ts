import { sqliteDelivery } from "./delivery/delivery-store.sqlite.ts";
import { sqliteQueue } from "./delivery/queue.sqlite.ts";
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

function sqliteStores({ db, raw }: OpenDatabase, { box, newId, nowMs }: StoreDeps): EventStores {
  return {
    events: sqliteEvents({ db, raw, onStoredAfter: sqliteQueue({ raw, nowMs }) }),
    delivery: sqliteDelivery({ db, raw, newId, nowMs }),
    sinks: sqliteSinks({ raw, box }),
  };
}
