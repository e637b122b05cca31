import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anId } from "#contract/examples.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { createSecretBox } from "../kernel/secret-box.ts";
import { sqliteDelivery } from "./delivery-store.sqlite.ts";
import { testDeliveryStore } from "./outbox.port-tests.ts";
import { sqliteQueue } from "./queue.sqlite.ts";
import { sqliteSinks } from "./sinks.sqlite.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function open(file: string): Promise<OpenDatabase> {
  const database = await openDatabase(file);
  undo.push(database.close);
  return database;
}

testDeliveryStore("delivery in SQLite", async (clock) => {
  const folder = mkdtempSync(join(tmpdir(), "guarita-delivery-"));
  undo.push(() => rmSync(folder, { recursive: true }));
  const database = await open(join(folder, "delivery.db"));
  const second = await open(join(folder, "delivery.db"));
  const deps = { newId: anId, nowMs: () => clock.nowMs };
  return {
    ...sqliteDelivery({ ...deps, raw: database.raw }),
    sinks: sqliteSinks({ raw: database.raw, box: createSecretBox(randomBytes(32)) }),
    store: storeInto(database, deps.nowMs),
    other: sqliteDelivery({ ...deps, raw: second.raw }),
  };
});

/** As ingest does, one by one. */
function storeInto({ raw }: OpenDatabase, nowMs: () => number) {
  const queueStoredAfter = sqliteQueue({ raw, nowMs });
  const newest = raw.prepare<[], number>("select coalesce(max(seq), 0) from events").pluck();
  const insert = raw.prepare(
    `insert into events (receipt_id, event_name, ts, store_id, org_id, source, camera_id, zone_id, payload, meta,
     received_at) values (@receipt_id, @event_name, @ts, @store_id, @org_id, @source, @camera_id, @zone_id, @payload,
     @meta, @ts) on conflict (receipt_id) do nothing`,
  );
  const jsonOf = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const store = raw.transaction((events: EventRecord[]) => {
    const before = newest.get() ?? 0;
    for (const { org_id = null, camera_id = null, zone_id = null, payload, meta, ...event } of events) {
      insert.run({ ...event, org_id, camera_id, zone_id, payload: jsonOf(payload), meta: jsonOf(meta) });
    }
    queueStoredAfter(before);
  });
  return async (events: EventRecord[]) => store.immediate(events);
}
