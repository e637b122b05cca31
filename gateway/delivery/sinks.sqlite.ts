import type Sqlite from "better-sqlite3";
import type { SinksTable, Tables } from "../kernel/database.ts";
import type { SecretBox } from "../kernel/secret-box.ts";
import type { KnownSink, SinkStore } from "./manage-sinks.ts";

const OWN_TABLES = [
  "sink_ledgers",
  "outbox_lanes",
  "dead_letter",
  "event_corrections",
  "discarded_events",
  "sink_notes",
  "sink_cameras",
] as const satisfies (keyof Tables)[];

/** Sinks in SQLite, their secrets sealed. */
export function sqliteSinks({ raw, box }: { raw: Sqlite.Database; box: SecretBox }): SinkStore {
  const rows = createSinkRows(box);
  const read = raw.prepare<[], SinksTable>("select * from sinks order by created_at_ms, id");
  const insert = raw.prepare<[SinksTable]>(
    `insert into sinks (id, name, is_enabled, is_paused, event_names, config, secrets, created_at_ms)
     values (@id, @name, @is_enabled, @is_paused, @event_names, @config, @secrets, @created_at_ms)`,
  );
  const insertLedger = raw.prepare<[string]>("insert into sink_ledgers (sink_id) values (?)");
  const update = raw.prepare<[SinksTable]>(
    `update sinks set name = @name, is_enabled = @is_enabled, is_paused = @is_paused, event_names = @event_names,
     config = @config, secrets = @secrets where id = @id`,
  );
  const removals = [
    "delete from outbox where lane_no in (select no from outbox_lanes where sink_id = ?)",
    "delete from sinks where id = ?",
    ...OWN_TABLES.map((table) => `delete from ${table} where sink_id = ?`),
  ].map((statement) => raw.prepare<[string]>(statement));
  const insertNow = raw.transaction((sink: KnownSink) => {
    insert.run(rows.write(sink));
    insertLedger.run(sink.id);
  });
  const removeNow = raw.transaction((id: string) => {
    for (const removal of removals) removal.run(id);
  });
  return {
    all: async () => read.all().map(rows.read),
    insert: async (sink) => insertNow.immediate(sink),
    replace: async (sink) => void update.run(rows.write(sink)),
    remove: async (id) => removeNow.immediate(id),
  };
}

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
