import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import fc from "fast-check";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { anEvent, anId } from "#contract/examples.ts";
import { balances } from "./delivery/ledgers.ts";
import { aSink } from "./delivery/outbox.port-tests.ts";
import { createStoreEvents, type StoreEvents, type StoreOutcome } from "./events/store-events.ts";
import { type OpenDatabase, openDatabase } from "./kernel/database.ts";
import { silentLogger } from "./kernel/logger.ts";
import { createSecretBox } from "./kernel/secret-box.ts";
import type { EventStores } from "./stores.postgres.ts";
import { openEventStores } from "./stores.ts";

/** Storing as `start-gateway.ts` joins it, with the thread that comes with many events. */
let database: OpenDatabase;
let stores: EventStores;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "guarita-storing-"));
  database = await openDatabase(join(folder, "guarita.sqlite"));
  stores = await openEventStores(database, null, {
    box: createSecretBox(randomBytes(32)),
    newId: anId,
    nowMs: Date.now,
    steadyMs: () => 0, // one long second
    log: silentLogger(),
  });
  onTestFinished(async () => {
    await stores.events.stop();
    await database.close();
    rmSync(folder, { recursive: true });
  });
});

const aBatch = (count: number) =>
  Array.from({ length: count }, (_, index) => {
    const event = anEvent();
    return { index, receiptAsSent: event.receipt_id, event };
  });
const count = (table: string) => database.raw.prepare(`select count(*) from ${table}`).pluck().get();
const isKept = (receiptId: string) =>
  database.raw.prepare("select count(*) from events where receipt_id = ?").pluck().get(receiptId);
/** Another number once another connection has stored something. */
const othersVersion = () => database.raw.pragma("data_version", { simple: true });

test("many batches at once, here and in the thread, are stored once each and queued for a paused sink", async () => {
  const sinkId = anId();
  await stores.sinks.insert(aSink({ id: sinkId, isPaused: true }));
  const storeEvents = createStoreEvents({ ...stores.events, nowMs: Date.now });
  const before = othersVersion();
  let sent = 0;
  async function sendUntil(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      const batch = aBatch(50);
      sent += batch.length;
      const outcomes = await Promise.all([storeEvents(batch), storeEvents(batch)]);
      expect(outcomes.flatMap(({ stored }) => stored)).toHaveLength(batch.length);
    }
  }
  const six = (isEnough: () => boolean) => Promise.all(Array.from({ length: 6 }, () => sendUntil(isEnough)));
  await six(() => othersVersion() !== before);
  const enough = sent + 2_000;
  await six(() => sent >= enough);
  const last = storeEvents(aBatch(50));
  await stores.events.stop();
  expect((await last).stored).toHaveLength(50);
  sent += 50;
  expect([count("events"), count("outbox")]).toEqual([sent, sent]);
  expect(await stores.delivery.outbox.recount(sinkId)).toMatchObject({ counters: { created: sent } });
}, 60_000);

test("what else is written waits for the thread, and fails nowhere", async () => {
  const storeEvents = createStoreEvents({ ...stores.events, nowMs: Date.now });
  const before = othersVersion();
  const write = database.raw.prepare("insert into settings (name, value) values (?, ?)");
  let written = 0;
  while (othersVersion() === before || written < 40) {
    const stored = [1, 2, 3, 4].map(() => storeEvents(aBatch(200)));
    await new Promise(setImmediate); // the thread has begun with them
    for (let i = 0; i < 10; i += 1) write.run(anId(), "x");
    written += 10;
    await Promise.all(stored);
  }
  expect(database.raw.prepare("select count(*) from settings where value = 'x'").pluck().get()).toBe(written);
}, 60_000);

test.for([
  { isPaused: true, threads: 1 },
  { isPaused: false, threads: 0 },
])(
  "a thread is started while nothing is sent on, and not beside a sink: $isPaused",
  async (sink, { expect }) => {
    await stores.sinks.insert(aSink({ isPaused: sink.isPaused }));
    const storeEvents = createStoreEvents({ ...stores.events, nowMs: Date.now });
    const started = vi.fn();
    process.on("worker", started);
    onTestFinished(() => void process.off("worker", started));
    for (let i = 0; i < 4; i += 1) await storeEvents(aBatch(500));
    expect(started).toHaveBeenCalledTimes(sink.threads);
  },
);

/** For so long a thread that died stays away (storing-thread.ts). */
const AWAY_MS = 30_000;
const aTurn = () => new Promise(setImmediate);

type Sent = { batch: ReturnType<typeof aBatch>; result: PromiseSettledResult<StoreOutcome> };

/** What became of a batch; what was not answered is sent again. */
async function fateOf({ batch, result }: Sent, storeEvents: StoreEvents): Promise<"answered" | "unanswered"> {
  const kept = batch.map(({ receiptAsSent }) => isKept(receiptAsSent));
  if (result.status === "fulfilled") {
    expect([result.value.stored.length, kept]).toEqual([batch.length, batch.map(() => 1)]);
    return "answered";
  }
  expect(result.reason).toMatchObject({ code: "storage_unavailable" });
  expect(new Set(kept).size).toBe(1); // all of a batch, or nothing
  const { answers } = await storeEvents(batch);
  const outcome = kept[0] === 1 ? "duplicate" : "stored";
  expect(answers.map((answer) => answer.outcome)).toEqual(batch.map(() => outcome));
  return "unanswered";
}

test("a thread that is killed takes nothing along that was answered, and the rest may be sent again", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const threads: Worker[] = [];
  const started = (thread: Worker) => threads.push(thread);
  process.on("worker", started);
  onTestFinished(() => {
    process.off("worker", started);
    vi.useRealTimers();
  });
  const sinkId = anId();
  await stores.sinks.insert(aSink({ id: sinkId, isPaused: true }));
  const storeEvents = createStoreEvents({ ...stores.events, nowMs: Date.now });
  const fates = { answered: 0, unanswered: 0 };

  /** While twelve senders go on: so many answers, and then turns of the event loop, after the thread began to store. */
  async function killAfter(answers: number, turns: number): Promise<void> {
    const all: Sent[] = [];
    let isKilled = false;
    async function sendOn(): Promise<void> {
      while (!isKilled) {
        const batch = aBatch(50);
        const [result] = await Promise.allSettled([storeEvents(batch)]);
        all.push({ batch, result });
      }
    }
    const before = othersVersion();
    const sending = Promise.all(Array.from({ length: 12 }, sendOn));
    while (othersVersion() === before) await aTurn();
    for (const enough = all.length + answers; all.length < enough; ) await aTurn();
    for (let turn = 0; turn < turns; turn += 1) await aTurn();
    await threads.at(-1)?.terminate();
    isKilled = true;
    await sending;
    for (const sent of all) fates[await fateOf(sent, storeEvents)] += 1;
    vi.advanceTimersByTime(AWAY_MS);
  }

  const moments = fc.asyncProperty(fc.nat(30), fc.nat(50), killAfter);
  await fc.assert(moments, { numRuns: 8, endOnFailure: true });
  expect(threads).toHaveLength(8);
  expect(fates.unanswered).toBeGreaterThan(0);
  const sent = (fates.answered + fates.unanswered) * 50;
  expect([count("events"), count("outbox")]).toEqual([sent, sent]);
  const recounted = await stores.delivery.outbox.recount(sinkId);
  expect([balances(recounted), recounted.counters.created]).toEqual([true, sent]);
}, 60_000);
