import { beforeEach, expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent } from "#contract/examples.ts";
import { memoryDevice } from "./database.memory.ts";
import { createEventOutbox, type EventOutbox } from "./event-outbox.ts";
import type { GuaritaDb } from "./guarita-db.ts";
import { createParkedEvents } from "./parked-events.ts";
import type { ParkedEvents } from "./sync.ts";

const REFUSED = { outcome: "refused", code: "invalid_payload", reason: "no such field" } as const;
const DAY_MS = 24 * 3_600_000;

let nowMs: number;
let db: GuaritaDb;
let outbox: EventOutbox;
let parkedEvents: ParkedEvents;

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  db = memoryDevice().open();
  outbox = createEventOutbox(db, () => nowMs);
  parkedEvents = createParkedEvents(db, () => nowMs);
});

/** Events that the gateway refused, a second apart. */
async function park(count: number): Promise<EventRecord[]> {
  const events = Array.from({ length: count }, () => anEvent());
  for (const event of events) {
    await outbox.add([event]);
    await outbox.settle((await outbox.due(10)).rows.map((row) => ({ row, answer: REFUSED })));
    nowMs += 1_000;
  }
  return events;
}

const dueIds = async () => (await outbox.due(10)).rows.map(({ receipt_id }) => receipt_id);
const parkedIds = async () => (await parkedEvents.list()).map(({ receiptId }) => receiptId);

test("parked events are listed oldest first, with the event and the reason", async () => {
  const [first, second] = await park(2);
  expect(await parkedEvents.list()).toMatchObject([
    { receiptId: first?.receipt_id, event: first, code: "invalid_payload", reason: "no such field" },
    { receiptId: second?.receipt_id, event: second },
  ]);
});

test("a retried event waits again, and the ledger balances", async () => {
  const [first, second] = (await park(2)) as [EventRecord, EventRecord];
  expect(await parkedEvents.retry([first.receipt_id, "no such receipt"])).toBe(1);
  expect(await dueIds()).toEqual([first.receipt_id]);
  expect(await parkedIds()).toEqual([second.receipt_id]);
  expect(await outbox.recount()).toMatchObject({
    ledger: { created: 2, waiting: 1, parked: 1 },
    balanced: true,
  });
});

test("an event that lay parked for longer than events are kept does not expire at its retry", async () => {
  await park(1);
  nowMs += 30 * DAY_MS;
  await parkedEvents.retry("all");
  expect(await outbox.expire(nowMs - 7 * DAY_MS)).toBe(0);
  expect(await dueIds()).toHaveLength(1);
});

test("a discarded event is counted, and kept with what the person said", async () => {
  const [first, second] = (await park(2)) as [EventRecord, EventRecord];
  expect(await parkedEvents.discard([first.receipt_id], "a test of ours")).toBe(1);
  expect(await parkedIds()).toEqual([second.receipt_id]);
  expect(await parkedEvents.discarded()).toEqual([
    {
      receiptId: first.receipt_id,
      json: JSON.stringify(first),
      why: "a test of ours",
      discardedAtMs: nowMs,
    },
  ]);
  expect(await outbox.recount()).toMatchObject({
    ledger: { created: 2, parked: 1, discarded: 1, waiting: 0 },
    balanced: true,
  });
});

test("two tabs that discard and retry the same events at once move each one once", async () => {
  await park(3);
  const moved = await Promise.all([parkedEvents.retry("all"), parkedEvents.discard("all", "x")]);
  expect(moved.reduce((sum, count) => sum + count)).toBe(3);
  expect(await outbox.recount()).toMatchObject({ ledger: { created: 3, parked: 0 }, balanced: true });
});

test("a corrected event is sent with its new payload under the same receipt", async () => {
  const [event] = (await park(1)) as [EventRecord];
  const correction = { payload: { length: 4 }, meta: { by: "Ana" } };
  expect(await parkedEvents.correct(event.receipt_id, correction)).toBe(true);
  await parkedEvents.retry("all");
  const [row] = (await outbox.due(1)).rows;
  expect(JSON.parse(row?.json ?? "")).toEqual({ ...event, ...correction });
  expect(await parkedEvents.correct(event.receipt_id, correction)).toBe(false);
});

test("a row that cannot be read can be discarded, and neither retried nor corrected", async () => {
  await outbox.add([anEvent()]);
  await db.waiting.clear();
  await db.table("waiting").put({ seq: 1, receipt_id: "x", json: "{", addedAtMs: 1, attempts: 0 });
  await outbox.due(1);
  expect(await parkedEvents.list()).toMatchObject([{ receiptId: "x", event: null, code: "broken_row" }]);
  expect(await parkedEvents.retry("all")).toBe(0);
  expect(await parkedEvents.correct("x", { payload: {} })).toBe(false);
  expect(await parkedEvents.discard("all", "broken")).toBe(1);
  expect((await outbox.recount()).balanced).toBe(true);
});

test("what is no event by the contract is listed as it lies there, and may be sent again", async () => {
  const odd = { ...anEvent(), ts: "yesterday" };
  await outbox.add([odd]);
  await outbox.settle((await outbox.due(1)).rows.map((row) => ({ row, answer: REFUSED })));
  expect(await parkedEvents.list()).toMatchObject([{ event: null, json: JSON.stringify(odd) }]);
  expect(await parkedEvents.correct(odd.receipt_id, { payload: {} })).toBe(false);
  expect(await parkedEvents.retry("all")).toBe(1);
});

test("of the discards the last 500 are kept, and all are counted", async () => {
  await outbox.add(Array.from({ length: 501 }, () => anEvent()));
  await outbox.settle((await outbox.due(501)).rows.map((row) => ({ row, answer: REFUSED })));
  await parkedEvents.discard("all", "too many");
  expect(await parkedEvents.discarded()).toHaveLength(500);
  expect((await outbox.summary()).ledger).toMatchObject({ discarded: 501, parked: 0 });
});
