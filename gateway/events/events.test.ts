import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, type Worker } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { sql } from "kysely";
import { afterEach, expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { silentLogger } from "../kernel/logger.ts";
import {
  behindPgBouncer,
  describeWithPgBouncer,
  describeWithPostgres,
  postgresForTests,
} from "../kernel/postgres-server.memory.ts";
import { openSqlite } from "../kernel/sqlite.ts";
import { memoryEvents } from "./events.memory.ts";
import { testEventStore, UNQUEUEABLE } from "./events.port-tests.ts";
import { postgresEvents } from "./events.postgres.ts";
import { sqliteEvents } from "./events.sqlite.ts";
import { createFind } from "./find-events.ts";
import { FLUSHED_BY_COMMIT } from "./flush-log.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createInsert, rowsOf } from "./insert-rows.ts";
import { serveStoring } from "./serve-storing.ts";
import { createStoreEvents, type InsertNew } from "./store-events.ts";
import { openStoringThread } from "./storing-thread.ts";

const opened: OpenDatabase[] = [];
const folders: string[] = [];
const threads: ReturnType<typeof openStoringThread>[] = [];
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread.end()));
  await Promise.all(opened.splice(0).map((database) => database.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function open(file: string): Promise<OpenDatabase> {
  const database = await openDatabase(file);
  opened.push(database);
  return database;
}

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "guarita-events-"));
  folders.push(folder);
  return folder;
}

const toGood = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const event = anEvent();
    return { index, receiptAsSent: event.receipt_id, event };
  });

testEventStore("events in SQLite", async () => {
  const { db, raw } = await open(":memory:");
  const isUnqueueable = raw.prepare("select 1 from events where seq > ? and event_name = ?");
  return sqliteEvents({
    db,
    raw,
    onStoredAfter(seq) {
      if (isUnqueueable.get(seq, UNQUEUEABLE)) throw new Error("cannot be queued");
    },
  });
});

/** The thread's side over a channel, with a connection of its own. */
async function openInThread(onStoredAfter: (raw: Sqlite.Database) => (seq: number) => void = () => () => {}) {
  const { db, raw } = await open(join(aFolder(), "events.db"));
  const own = openSqlite(raw.name);
  const { port1, port2 } = new MessageChannel();
  port1.once("close", () => port1.emit("exit", 0));
  const thread = openStoringThread(port1 as unknown as Worker, silentLogger()); // it uses what a port has too
  const insertRows = createGroupCommit(own, createInsert(own, onStoredAfter(own)), FLUSHED_BY_COMMIT);
  serveStoring(port2, insertRows, () => own.close());
  threads.push(thread);
  const insertNew: InsertNew = (events) => thread.insertRows(rowsOf(events));
  return { insertNew, find: createFind(db), raw, own };
}

testEventStore("events in SQLite, stored in a thread", () =>
  openInThread((raw) => {
    const isUnqueueable = raw.prepare("select 1 from events where seq > ? and event_name = ?");
    return (seq) => {
      if (isUnqueueable.get(seq, UNQUEUEABLE)) throw new Error("cannot be queued");
    };
  }),
);

testEventStore("events in memory", async () =>
  memoryEvents((events) => {
    if (events.some(({ event_name }) => event_name === UNQUEUEABLE)) throw new Error("cannot be queued");
  }),
);

const inPostgres = (databases: ReturnType<typeof postgresForTests>) => async () => {
  const [database] = await databases();
  const queueStored = () => sql`, queued as (
    insert into settings (name, value) select receipt_id, null from stored where event_name = ${UNQUEUEABLE}
  )`;
  return postgresEvents({ db: database.db, queueStored });
};

describeWithPostgres("directly", () => {
  testEventStore("events in PostgreSQL", inPostgres(postgresForTests()));
});

describeWithPgBouncer("behind PgBouncer", () => {
  testEventStore("events in PostgreSQL", inPostgres(postgresForTests(behindPgBouncer)));
});

test("a batch sent twice is stored once, and only the first time counts as new", async () => {
  const storeEvents = createStoreEvents({ ...memoryEvents(), nowMs: () => 1_000 });
  const batch = toGood(2);
  const first = await storeEvents(batch);
  const second = await storeEvents(batch);
  expect(first.answers.map((answer) => answer.outcome)).toEqual(["stored", "stored"]);
  expect(first.stored.map((event) => event.received_at)).toEqual(Array(2).fill("1970-01-01T00:00:01.000Z"));
  expect(second.answers.map((answer) => answer.outcome)).toEqual(["duplicate", "duplicate"]);
  expect(second.stored).toEqual([]);
});

test("an answered batch can be read by another connection at once", async () => {
  const file = join(aFolder(), "events.db");
  const storeEvents = createStoreEvents({ ...sqliteEvents(await open(file)), nowMs: Date.now });
  await Promise.all([storeEvents(toGood(3)), storeEvents(toGood(4))]);
  const other = new Sqlite(file, { readonly: true });
  expect(other.prepare("select count(*) from events").pluck().get()).toBe(7);
  other.close();
});

test("a full disk refuses the batch for a later try and stores nothing of it", async () => {
  const database = await open(join(aFolder(), "events.db"));
  const pages = Number(database.raw.pragma("page_count", { simple: true }));
  database.raw.pragma(`max_page_count = ${pages + 2}`); // SQLite answers SQLITE_FULL, as on a full disk
  const storeEvents = createStoreEvents({ ...sqliteEvents(database), nowMs: Date.now });
  await expect(storeEvents(toGood(500))).rejects.toMatchObject({ code: "storage_unavailable" });
  expect(database.raw.prepare("select count(*) from events").pluck().get()).toBe(0);
  database.raw.pragma("max_page_count = 100000");
  expect((await storeEvents(toGood(500))).stored).toHaveLength(500);
});

test("a database locked by another program refuses the batch for a later try", async () => {
  const file = join(aFolder(), "events.db");
  const database = await open(file);
  database.raw.pragma("busy_timeout = 0");
  const storeEvents = createStoreEvents({ ...sqliteEvents(database), nowMs: Date.now });
  const other = new Sqlite(file);
  other.exec("begin immediate");
  await expect(storeEvents(toGood(1))).rejects.toMatchObject({ code: "storage_unavailable" });
  other.close();
  expect((await storeEvents(toGood(1))).stored).toHaveLength(1);
});

test("a full disk refuses a batch in the thread too, and the same batch is stored once there is room", async () => {
  const { own, ...store } = await openInThread();
  const pages = Number(own.pragma("page_count", { simple: true }));
  own.pragma(`max_page_count = ${pages + 2}`);
  const storeEvents = createStoreEvents({ ...store, nowMs: Date.now });
  const batch = toGood(500);
  await expect(storeEvents(batch)).rejects.toMatchObject({ code: "storage_unavailable" });
  own.pragma("max_page_count = 100000");
  expect((await storeEvents(batch)).stored).toHaveLength(500);
});

test("a thread that finds the database locked refuses the batch for a later try", async () => {
  const { own, raw, ...store } = await openInThread();
  own.pragma("busy_timeout = 0");
  const storeEvents = createStoreEvents({ ...store, nowMs: Date.now });
  raw.exec("begin immediate");
  await expect(storeEvents(toGood(1))).rejects.toMatchObject({ code: "storage_unavailable" });
  raw.exec("rollback");
  expect((await storeEvents(toGood(1))).stored).toHaveLength(1);
});

test("a thread that is told to end answers first what it was given", async () => {
  const { raw, ...store } = await openInThread();
  const answers = [3, 4, 5].map((count) =>
    createStoreEvents({ ...store, nowMs: Date.now })(toGood(count)).then(({ stored }) => stored.length),
  );
  await threads.at(-1)?.end();
  expect(await Promise.all(answers)).toEqual([3, 4, 5]);
  expect(raw.prepare("select count(*) from events").pluck().get()).toBe(12);
});
