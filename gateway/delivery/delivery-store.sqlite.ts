import type { Database } from "../kernel/database.ts";
import { sqliteDeadLetter } from "./dead-letter.sqlite.ts";
import { type SqliteDeps, sqliteOutbox } from "./outbox.sqlite.ts";
import type { DeliveryStore } from "./outbox.ts";
import { createCameraBook, createForgetNotes, createNotes } from "./small-facts.ts";

/** All that delivery keeps in SQLite, besides the list of sinks. */
export function sqliteDelivery(deps: SqliteDeps & { db: Database }): DeliveryStore {
  return {
    outbox: sqliteOutbox(deps),
    deadLetter: sqliteDeadLetter(deps),
    cameraBook: createCameraBook(deps.db),
    notes: createNotes(deps),
    forgetNotes: createForgetNotes(deps),
  };
}
