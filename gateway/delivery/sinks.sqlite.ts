import type Sqlite from "better-sqlite3";
import type { SinksTable } from "../kernel/database.ts";
import type { SecretBox } from "../kernel/secret-box.ts";
import type { KnownSink, SinkStore } from "./manage-sinks.ts";
import { createSinkRows, OWN_TABLES } from "./sink-rows.ts";

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
