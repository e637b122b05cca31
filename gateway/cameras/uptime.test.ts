import { afterEach, expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { memoryUptime } from "./uptime.memory.ts";
import { testUptimeStore } from "./uptime.port-tests.ts";
import { sqliteUptime } from "./uptime.sqlite.ts";
import { createUptimeLedger } from "./uptime.ts";

const HOUR_MS = 3_600_000;
const opened: OpenDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

testUptimeStore("uptime in SQLite", async () => {
  const database = await openDatabase(":memory:");
  opened.push(database);
  return sqliteUptime(database);
});
testUptimeStore("uptime in memory", async () => memoryUptime());

test("uptime is the time with pictures out of the time looked at, and null before any", () => {
  const ledger = createUptimeLedger([]);
  const id = anId();
  expect(ledger.of(id, 0)).toEqual({ uptime24h: null, watched24hMs: 0 });
  ledger.add(id, 10 * HOUR_MS, 3_000, true);
  ledger.add(id, 10 * HOUR_MS + 1, 1_000, false);
  expect(ledger.of(id, 10 * HOUR_MS + 1)).toEqual({ uptime24h: 0.75, watched24hMs: 4_000 });
});

test("what is stored counts after a restart, and only for the last 24 hours", async () => {
  const store = memoryUptime();
  const before = createUptimeLedger([]);
  const id = anId();
  before.add(id, 10 * HOUR_MS, 60_000, false);
  before.add(id, 11 * HOUR_MS, 60_000, true);
  await before.save(store.put);
  const after = createUptimeLedger(await store.since(0));
  expect(after.of(id, 33 * HOUR_MS)).toEqual({ uptime24h: 0.5, watched24hMs: 120_000 });
  expect(after.of(id, 34 * HOUR_MS)).toEqual({ uptime24h: 1, watched24hMs: 60_000 });
  expect(after.of(id, 35 * HOUR_MS)).toEqual({ uptime24h: null, watched24hMs: 0 });
});

test("a save that fails is made good by the next one", async () => {
  const ledger = createUptimeLedger([]);
  const store = memoryUptime();
  const id = anId();
  ledger.add(id, HOUR_MS, 1_000, true);
  await expect(ledger.save(() => Promise.reject(new Error("disk")))).rejects.toThrow("disk");
  ledger.add(id, HOUR_MS, 1_000, true);
  await ledger.save(store.put);
  expect(await store.since(0)).toEqual([
    { cameraId: id, hourStartMs: HOUR_MS, watchedMs: 2_000, upMs: 2_000 },
  ]);
  await ledger.save(() => Promise.reject(new Error("nothing changed")));
});

test("what is added while a save is under way is saved with the next one", async () => {
  const ledger = createUptimeLedger([]);
  const store = memoryUptime();
  const id = anId();
  ledger.add(id, 0, 1_000, true);
  await ledger.save(async (hours) => {
    ledger.add(id, 0, 1_000, true);
    await store.put(hours);
  });
  expect((await store.since(0))[0]?.upMs).toBe(1_000);
  await ledger.save(store.put);
  expect((await store.since(0))[0]?.upMs).toBe(2_000);
});

test("a forgotten camera and an hour that is too old are not saved again", async () => {
  const ledger = createUptimeLedger([]);
  const store = memoryUptime();
  const [gone, kept] = [anId(), anId()];
  ledger.add(gone, 40 * HOUR_MS, 1_000, true);
  ledger.add(kept, 2 * HOUR_MS, 1_000, true);
  ledger.add(kept, 40 * HOUR_MS, 1_000, true);
  ledger.forget(gone);
  ledger.dropOld(40 * HOUR_MS);
  await ledger.save(store.put);
  expect((await store.since(0)).map(({ cameraId, hourStartMs }) => [cameraId, hourStartMs])).toEqual([
    [kept, 40 * HOUR_MS],
  ]);
});
