import type { StoredEvent } from "#contract/events.ts";
import type { EventsTable } from "./database.ts";

/** A row of the table of events as the record it was made from: columns that are null are left out. */
export function eventOf({ payload, meta, ...columns }: Omit<EventsTable, "seq">): StoredEvent {
  const present: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(columns)) if (value !== null) present[name] = value;
  if (payload !== null) present.payload = JSON.parse(payload);
  if (meta !== null) present.meta = JSON.parse(meta);
  return present as StoredEvent; // the table holds only what passed the contract's schema
}
