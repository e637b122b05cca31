import { postgresDelivery } from "./delivery/delivery-store.postgres.ts";
import type { SinkStore } from "./delivery/manage-sinks.ts";
import type { DeliveryStore } from "./delivery/outbox.ts";
import { postgresQueue } from "./delivery/queue.postgres.ts";
import { postgresSinks } from "./delivery/sinks.postgres.ts";
import { postgresEvents } from "./events/events.postgres.ts";
import type { EventReader } from "./events/search-events.ts";
import type { InsertNew } from "./events/store-events.ts";
import type { OpenPostgres } from "./kernel/database.ts";
import type { Logger } from "./kernel/logger.ts";
import type { SecretBox } from "./kernel/secret-box.ts";

export type StoreDeps = {
  box: SecretBox;
  newId: () => string;
  nowMs: () => number;
  steadyMs: () => number;
  log: Logger;
};

/** What happened, and what is to be sent on. */
export type EventStores = {
  /** `stop` once nothing comes in any more; what came is stored when it resolves. */
  events: EventReader & { insertNew: InsertNew; stop(): Promise<void> };
  delivery: DeliveryStore;
  sinks: SinkStore;
};

export function postgresStores({ db }: OpenPostgres, { box, newId, nowMs }: StoreDeps): EventStores {
  return {
    events: { ...postgresEvents({ db, queueStored: postgresQueue() }), stop: async () => {} },
    delivery: postgresDelivery({ db, newId, nowMs }),
    sinks: postgresSinks({ db, box }),
  };
}
