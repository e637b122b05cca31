import type { SinksTable, Tables } from "../kernel/database.ts";
import type { SecretBox } from "../kernel/secret-box.ts";
import type { KnownSink } from "./manage-sinks.ts";

/** What goes with a sink, besides its rows of the outbox. */
export const OWN_TABLES = [
  "sink_ledgers",
  "outbox_lanes",
  "dead_letter",
  "event_corrections",
  "discarded_events",
  "sink_notes",
  "sink_cameras",
] as const satisfies (keyof Tables)[];

/** Between a sink and its row; the same for every database. */
export function createSinkRows(box: SecretBox) {
  return {
    write(sink: KnownSink): SinksTable {
      const { id, name, isEnabled, isPaused, eventNames, secrets, createdAtMs, ...config } = sink;
      return {
        id,
        name,
        is_enabled: isEnabled ? 1 : 0,
        is_paused: isPaused ? 1 : 0,
        event_names: eventNames && JSON.stringify(eventNames),
        config: JSON.stringify(config),
        secrets: box.seal(JSON.stringify(secrets)),
        created_at_ms: createdAtMs,
      };
    },
    read(row: SinksTable): KnownSink {
      return {
        id: row.id,
        name: row.name,
        isEnabled: row.is_enabled === 1,
        isPaused: row.is_paused === 1,
        eventNames: row.event_names === null ? null : JSON.parse(row.event_names),
        ...JSON.parse(row.config), // the table holds only what `write` made
        secrets: JSON.parse(box.open(row.secrets)),
        createdAtMs: row.created_at_ms,
      };
    },
  };
}
