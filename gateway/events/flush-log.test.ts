import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StoredEvent } from "#contract/events.ts";
import { anEvent } from "#contract/examples.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { sqliteEvents } from "./events.sqlite.ts";
import { createFlushedLog } from "./flush-log.ts";

let folder: string;
let database: OpenDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "guarita-flush-"));
  database = await openDatabase(join(folder, "events.db"));
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const aStored = (): StoredEvent => ({ ...anEvent(), received_at: "2026-03-01T12:00:01.000Z" });
const rowCount = () => database.raw.prepare<[], number>("select count(*) from events").pluck().get();

/** Each flush waits until the test says how it ended. */
function heldFlushes() {
  const begun: PromiseWithResolvers<void>[] = [];
  const flushFile = (): Promise<void> => {
    const flush = Promise.withResolvers<void>();
    begun.push(flush);
    return flush.promise;
  };
  const end = async (place: number, error?: Error): Promise<void> => {
    await expect.poll(() => begun.length).toBeGreaterThan(place);
    if (error) begun[place]?.reject(error);
    else begun[place]?.resolve();
  };
  return { begun, flushFile, end };
}

test("a batch is answered when the log is flushed, and not before", async () => {
  const { begun, flushFile, end } = heldFlushes();
  const events = sqliteEvents({ ...database, log: createFlushedLog(database.raw, flushFile) });
  let isAnswered = false;
  const answer = events.insertNew([aStored()]).finally(() => {
    isAnswered = true;
  });
  await expect.poll(() => begun.length).toBe(1);
  expect([rowCount(), isAnswered]).toEqual([1, false]);
  await end(0);
  expect(await answer).toEqual([true]);
});

test("what is committed during a flush waits for the next one, which all of it shares", async () => {
  const { begun, flushFile, end } = heldFlushes();
  const events = sqliteEvents({ ...database, log: createFlushedLog(database.raw, flushFile) });
  const answered: string[] = [];
  const store = (name: string) => events.insertNew([aStored()]).then(() => answered.push(name));
  const first = store("first");
  await expect.poll(() => begun.length).toBe(1);
  const second = store("second");
  await expect.poll(rowCount).toBe(2);
  const third = store("third");
  await expect.poll(rowCount).toBe(3);
  await end(0);
  await first;
  await expect.poll(() => begun.length).toBe(2);
  expect(answered).toEqual(["first"]);
  await end(1);
  await Promise.all([second, third]);
  expect(begun).toHaveLength(2);
});

test("a failed flush refuses for a later try, and nothing is answered until the log is written anew", async () => {
  const { flushFile, end } = heldFlushes();
  const events = sqliteEvents({ ...database, log: createFlushedLog(database.raw, flushFile) });
  const event = aStored();
  const refused = expect(events.insertNew([event])).rejects.toMatchObject({ code: "storage_unavailable" });
  await end(0, new Error("EIO"));
  await refused;

  const other = new Sqlite(database.raw.name);
  other.exec("begin; select count(*) from events");
  other.prepare("select count(*) from events").get(); // holds the log as it is
  database.raw.pragma("busy_timeout = 0");
  await expect(events.insertNew([event])).rejects.toMatchObject({ code: "storage_unavailable" });
  other.close();

  const again = events.insertNew([event]);
  await end(1);
  expect(await again).toEqual([false]);
  expect(rowCount()).toBe(1);
});

test("whoever else commits on the connection still waits for the disk", async () => {
  const log = createFlushedLog(database.raw);
  const level = () => database.raw.pragma("synchronous", { simple: true });
  const FULL = 2;
  const NORMAL = 1;
  expect(log.unflushed(level)).toBe(NORMAL);
  expect(level()).toBe(FULL);
  const failing = () => {
    throw new Error("undone");
  };
  expect(() => log.unflushed(failing)).toThrow("undone");
  expect(level()).toBe(FULL);
});

test("where the database has no log a commit is on disk by itself", async () => {
  database.raw.pragma("journal_mode = delete");
  const { begun, flushFile } = heldFlushes();
  const log = createFlushedLog(database.raw, flushFile);
  expect(log.unflushed(() => database.raw.pragma("synchronous", { simple: true }))).toBe(2);
  await log.flushed();
  expect(begun).toEqual([]);
});
