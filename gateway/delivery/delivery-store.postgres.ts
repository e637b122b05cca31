import { postgresDeadLetter } from "./dead-letter.postgres.ts";
import { type PostgresDeps, postgresOutbox } from "./outbox.postgres.ts";
import type { DeliveryStore } from "./outbox.ts";
import { createCameraBook, createForgetNotes, createNotes } from "./small-facts.ts";

/** All that delivery keeps in PostgreSQL, besides the list of sinks. */
export function postgresDelivery(deps: PostgresDeps): DeliveryStore {
  return {
    outbox: postgresOutbox(deps),
    deadLetter: postgresDeadLetter(deps),
    cameraBook: createCameraBook(deps.db),
    notes: createNotes(deps),
    forgetNotes: createForgetNotes(deps),
  };
}
