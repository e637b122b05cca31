import { beforeEach, expect, test } from "vitest";
import { BATCH_LIMIT } from "#contract/events.ts";
import { anEvent } from "#contract/examples.ts";
import { memoryDevice } from "./database.memory.ts";
import { createEventOutbox, type EventOutbox } from "./event-outbox.ts";
import { createFlush, type Flush } from "./flush.ts";
import { type MemoryGateway, memoryGateway } from "./gateway.memory.ts";
import type { GuaritaDb } from "./guarita-db.ts";
import { createPostBatch, type PostBatch } from "./post-batch.ts";

const DAY_MS = 24 * 3_600_000;
const alive = new AbortController().signal;
const due = { forced: false, signal: alive };
const forced = { forced: true, signal: alive };

let nowMs: number;
let random: number;
let db: GuaritaDb;
let outbox: EventOutbox;
let gateway: MemoryGateway;
let flush: Flush;

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  random = 0;
  db = memoryDevice().open();
  outbox = createEventOutbox(db, () => nowMs);
  gateway = memoryGateway();
  const post = createPostBatch({ fetch: gateway.fetch, nowMs: () => nowMs });
  flush = createFlush({ outbox, post, nowMs: () => nowMs, random: () => random });
});

const events = (count: number) => Array.from({ length: count }, () => anEvent());
const unreachable = () => ({ kind: "unreachable" }) as const;
const answering = () => ({ kind: "answer" }) as const;

test("sends batch after batch until nothing is left", async () => {
  await outbox.add(events(1_200));
  expect(await flush(due)).toEqual({ status: "empty" });
  expect(gateway.posts.map(({ receipts }) => receipts.length)).toEqual([500, 500, 200]);
  expect(gateway.stored.size).toBe(1_200);
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 1_200, waiting: 0 });
});

test("a batch stays within the limit of bytes", async () => {
  const large = Array.from({ length: 9 }, () => anEvent({ meta: { note: "ã".repeat(100_000) } }));
  await outbox.add(large);
  await flush(due);
  expect(gateway.stored.size).toBe(9);
  expect(Math.max(...gateway.posts.map(({ sizeBytes }) => sizeBytes))).toBeLessThanOrEqual(BATCH_LIMIT.bytes);
  expect(gateway.posts).toHaveLength(2);
});

test("nothing is deleted without an answer", async () => {
  await outbox.add(events(3));
  gateway.behave = unreachable;
  await flush(due);
  expect(await outbox.recount()).toMatchObject({ waiting: 3, ledger: { acknowledged: 0 }, balanced: true });
});

test("an answer lost after the commit becomes a duplicate, and is acknowledged once", async () => {
  await outbox.add(events(3));
  gateway.behave = () => ({ kind: "lost_answer" });
  await flush(due);
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 0, waiting: 3 });
  gateway.behave = answering;
  await flush(forced);
  expect(gateway.stored.size).toBe(3);
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 3, waiting: 0 });
});

test("waits double from one second to minutes while the gateway is away", async () => {
  await outbox.add(events(1));
  gateway.behave = unreachable;
  const waitsS: number[] = [];
  for (let tries = 0; tries < 11; tries += 1) {
    const result = await flush(due);
    if (result.status !== "waiting") throw new Error(result.status);
    waitsS.push((result.nextTryAtMs - nowMs) / 1_000);
    nowMs = result.nextTryAtMs;
  }
  expect(waitsS).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 250, 250, 250]);
});

test("the longest wait differs from page to page, and is five minutes at most", async () => {
  await outbox.add(events(1));
  gateway.behave = unreachable;
  random = 0.999;
  for (let tries = 0; tries < 11; tries += 1) {
    await flush(due);
    nowMs += 300_000;
  }
  const result = await flush(due);
  if (result.status !== "waiting") throw new Error(result.status);
  expect(result.nextTryAtMs - nowMs).toBeGreaterThan(299_000);
  expect(result.nextTryAtMs - nowMs).toBeLessThanOrEqual(300_000);
});

test("a wait is stretched by up to a fifth, so that many pages do not come back in step", async () => {
  await outbox.add(events(1));
  gateway.behave = unreachable;
  random = 0.999;
  expect(await flush(due)).toMatchObject({ status: "waiting", nextTryAtMs: nowMs + 1_200 });
});

test("nobody tries before the wait is over, not even another tab", async () => {
  await outbox.add(events(1));
  gateway.behave = unreachable;
  await flush(due);
  nowMs += 999;
  expect(await flush(due)).toMatchObject({ status: "waiting" });
  expect(gateway.posts).toHaveLength(1);
  nowMs += 1;
  await flush(due);
  expect(gateway.posts).toHaveLength(2);
});

test("a forced flush tries at once and starts the backoff anew", async () => {
  await outbox.add(events(1));
  gateway.behave = unreachable;
  for (let tries = 0; tries < 5; tries += 1) {
    await flush(due);
    nowMs += 300_000;
  }
  await flush(due);
  expect(await flush(forced)).toMatchObject({ status: "waiting", nextTryAtMs: nowMs + 1_000 });
  expect(gateway.posts).toHaveLength(7);
});

test("a success forgets the failures before it", async () => {
  await outbox.add(events(1));
  gateway.behave = unreachable;
  await flush(due);
  gateway.behave = answering;
  await flush(forced);
  expect((await outbox.summary()).gate).toBeNull();
});

test("Retry-After is honoured where it is longer than the own wait", async () => {
  await outbox.add(events(1));
  gateway.behave = () => ({ kind: "status", status: 429, headers: { "retry-after": "42" } });
  expect(await flush(due)).toMatchObject({ status: "waiting", nextTryAtMs: nowMs + 42_000 });
});

test("a wait set before the clock was put back does not hold anything up", async () => {
  await outbox.add(events(1));
  gateway.behave = unreachable;
  await flush(due);
  nowMs -= 3_600_000;
  gateway.behave = answering;
  expect(await flush(due)).toEqual({ status: "empty" });
});

test("a refused event is parked and the rest of its batch is stored", async () => {
  const [good, bad] = [anEvent(), anEvent()];
  await outbox.add([good, bad]);
  gateway.refuses = ({ receipt_id }) => receipt_id === bad.receipt_id;
  expect(await flush(due)).toEqual({ status: "empty" });
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 1, parked: 1, waiting: 0 });
});

test("a batch refused as a whole is halved until the guilty event is alone, and that one is parked", async () => {
  const batch = events(100);
  const guilty = batch[37]?.receipt_id;
  await outbox.add(batch);
  gateway.spoils = ({ receipt_id }) => receipt_id === guilty;
  expect(await flush(due)).toEqual({ status: "empty" });
  expect(gateway.stored.size).toBe(99);
  expect(await db.parked.toArray()).toMatchObject([{ receipt_id: guilty, code: "invalid_body" }]);
  expect(gateway.posts.length).toBeLessThan(20);
});

test("a batch too large for the way is split until it passes", async () => {
  await outbox.add(events(100));
  gateway.maxBytes = 8_000;
  expect(await flush(due)).toEqual({ status: "empty" });
  expect(gateway.stored.size).toBe(100);
});

test("a failure in the middle of splitting keeps what was not answered", async () => {
  const batch = events(8);
  await outbox.add(batch);
  gateway.spoils = ({ receipt_id }) => receipt_id === batch[0]?.receipt_id;
  gateway.behave = () => (gateway.posts.length > 3 ? unreachable() : answering());
  expect(await flush(due)).toMatchObject({ status: "waiting" });
  expect((await outbox.recount()).balanced).toBe(true);
  gateway.behave = answering;
  await flush(forced);
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 7, parked: 1, waiting: 0 });
});

test("events an answer leaves out are tried again later, each with its own growing wait", async () => {
  await outbox.add(events(3));
  gateway.behave = () => ({ kind: "answers_only", count: 1 });
  expect(await flush(due)).toMatchObject({ status: "waiting", nextTryAtMs: nowMs + 1_000 });
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 1, waiting: 2 });
  nowMs += 1_000;
  gateway.behave = answering;
  expect(await flush(due)).toEqual({ status: "empty" });
});

test("an answer without any of the receipts counts as a failure", async () => {
  await outbox.add(events(3));
  gateway.behave = () => ({ kind: "answers_only", count: 0 });
  expect(await flush(due)).toMatchObject({ status: "waiting" });
  expect(gateway.posts).toHaveLength(1);
});

test("answers for receipts that were not sent are ignored", async () => {
  const event = anEvent();
  await outbox.add([event]);
  const post: PostBatch = async () => ({
    kind: "answered",
    receipts: [
      { index: 0, receipt_id: "somebody else's", outcome: "stored" },
      { index: 9, receipt_id: event.receipt_id, outcome: "stored" },
    ],
  });
  const confused = createFlush({ outbox, post, nowMs: () => nowMs, random: () => 0 });
  await confused(due);
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 0, waiting: 1 });
});

test("events older than seven days expire only after one more try has failed", async () => {
  await outbox.add(events(2));
  nowMs += 7 * DAY_MS + 1;
  await outbox.add(events(1));
  gateway.behave = unreachable;
  await flush(due);
  expect((await outbox.summary()).ledger).toMatchObject({ created: 3, expired: 2, waiting: 1 });
});

test("events older than seven days are delivered when the gateway is there", async () => {
  await outbox.add(events(2));
  nowMs += 30 * DAY_MS;
  await flush(due);
  expect((await outbox.summary()).ledger).toMatchObject({ acknowledged: 2, expired: 0 });
});

test("a broken row does not stop the queue", async () => {
  await outbox.add(events(2));
  const [first] = (await outbox.due(1)).rows;
  await db.table("waiting").put({ ...first, json: "{" });
  expect(await flush(due)).toEqual({ status: "empty" });
  expect(await outbox.recount()).toMatchObject({
    ledger: { acknowledged: 1, parked: 1, waiting: 0 },
    balanced: true,
  });
});

test("a stopped flush is no failure of the gateway", async () => {
  await outbox.add(events(1));
  expect(await flush({ forced: false, signal: AbortSignal.abort() })).toEqual({ status: "stopped" });
  expect((await outbox.summary()).gate).toBeNull();
});
