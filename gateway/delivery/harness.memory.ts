import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Camera } from "#contract/cameras.ts";
import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import { type Database, type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createSecretBox } from "../kernel/secret-box.ts";
import { sqliteDelivery } from "./delivery-store.sqlite.ts";
import type { KnownSink } from "./manage-sinks.ts";
import { manualClock } from "./manual-clock.memory.ts";
import { SOME_RESTS } from "./outbox.port-tests.ts";
import type { DeliveryStore } from "./outbox.ts";
import { postgresQueue, type SqlNow } from "./queue.postgres.ts";
import { sqliteQueue } from "./queue.sqlite.ts";
import { jsonOf } from "./rows.ts";
import { createRunSinks } from "./run-sinks.ts";
import { type MemorySink, memorySink } from "./sink.memory.ts";
import type { OpenSink } from "./sink.ts";
import { sqliteSinks } from "./sinks.sqlite.ts";

/** As ingest does, row by row. */
export function storeInto({ raw }: OpenDatabase, nowMs: () => number) {
  const queueStoredAfter = sqliteQueue({ raw, nowMs });
  const newest = raw.prepare<[], number>("select coalesce(max(seq), 0) from events").pluck();
  const insert = raw.prepare(
    `insert into events (receipt_id, event_name, ts, store_id, org_id, source, camera_id, zone_id, payload, meta,
     received_at) values (@receipt_id, @event_name, @ts, @store_id, @org_id, @source, @camera_id, @zone_id, @payload,
     @meta, @ts) on conflict (receipt_id) do nothing`,
  );
  const store = raw.transaction((events: EventRecord[]) => {
    const before = newest.get() ?? 0;
    for (const { org_id = null, camera_id = null, zone_id = null, payload, meta, ...event } of events) {
      insert.run({ ...event, org_id, camera_id, zone_id, payload: jsonOf(payload), meta: jsonOf(meta) });
    }
    queueStoredAfter(before);
  });
  return (events: EventRecord[]): void => store.immediate(events);
}

/** The same into PostgreSQL, in one statement. */
export function storeIntoPostgres(db: Database, now?: SqlNow) {
  const queueStored = postgresQueue(now);
  return async (events: EventRecord[]): Promise<void> => {
    await sql`
      with stored as (
        insert into events (receipt_id, event_name, ts, store_id, org_id, source, camera_id, zone_id, payload, meta,
          received_at)
        select receipt_id, event_name, ts, store_id, org_id, source, camera_id, zone_id, payload, meta, ts
        from json_to_recordset(${JSON.stringify(events)}::json) as r (receipt_id text, event_name text, ts text,
          store_id text, org_id text, source text, camera_id text, zone_id text, payload text, meta text)
        on conflict (receipt_id) do nothing returning seq, event_name, camera_id
      )${queueStored()} select from stored`.execute(db);
  };
}

/** Delivery on a database in memory, with time that passes when told and a receiver for each sink. */
export async function aDelivery() {
  const database = await openDatabase(":memory:");
  const time = manualClock();
  const { clock } = time;
  const store = sqliteDelivery({ ...database, newId: anId, nowMs: clock.nowMs });
  const sinks = sqliteSinks({ raw: database.raw, box: createSecretBox(randomBytes(32)) });
  const insertEvents = storeInto(database, clock.nowMs);
  const receivers = new Map<string, MemorySink>();
  const cameras: Camera[] = [];

  /** The receiver behind this address. */
  function receiver(url: string): MemorySink {
    const known = receivers.get(url) ?? memorySink();
    receivers.set(url, known);
    return known;
  }
  const openHttp: OpenSink<"http"> = ({ target }) => receiver(target.url).open();
  const none = (): never => {
    throw new Error("no sink of this kind here");
  };
  const startRun = (mortalStore: DeliveryStore) =>
    createRunSinks({
      kinds: { http: openHttp, supabase: none, mqtt: none, amqp: none, frigate: none },
      store: mortalStore,
      cameras: () => cameras,
      storeId: STORE_ID,
      rests: SOME_RESTS,
      clock,
      log: silentLogger(),
      random: () => 0,
    });
  let run = startRun(store);

  return {
    ...time,
    database,
    store,
    sinks,
    /** What runs now. */
    run: () => run,
    /** Another gateway takes over; nobody stops the one before. */
    restart(mortalStore: DeliveryStore) {
      run = startRun(mortalStore);
      return run;
    },
    cameras,
    receiver: (sink: KnownSink) => receiver(sink.target.url),
    storeEvents(events: EventRecord[]): void {
      insertEvents(events);
      run.noticed(events);
    },
    async add(sink: KnownSink): Promise<MemorySink> {
      await sinks.insert(sink);
      await run.apply(sink);
      return receiver(sink.target.url);
    },
    async close(): Promise<void> {
      await Promise.all([run.stop(), time.advance(2_000)]);
      await database.close();
    },
  };
}
export type TestDelivery = Awaited<ReturnType<typeof aDelivery>>;
