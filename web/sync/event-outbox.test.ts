import { IDBDatabase as MemoryDatabase } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { anEvent } from "#contract/examples.ts";
import { memoryDevice } from "./database.memory.ts";
import { createEventOutbox, type EventOutbox } from "./event-outbox.ts";
import type { GuaritaDb, WaitingRow } from "./guarita-db.ts";

const REFUSED = { outcome: "refused", code: "invalid_payload", reason: "no such field" } as const;

let nowMs: number;
let device: ReturnType<typeof memoryDevice>;
let db: GuaritaDb;
let outbox: EventOutbox;

function restart() {
  db?.close();
  db = device.open();
  outbox = createEventOutbox(db, () => nowMs);
}

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  device = memoryDevice();
  restart();
});

afterEach(() => {
  vi.restoreAllMocks();
});

const stored = (receipt_id: string) =>
  ({ receipt_id, answer: { index: 0, receipt_id, outcome: "stored" } }) as const;
const idsOf = (rows: WaitingRow[]) => rows.map((row) => row.receipt_id);

test("an event is on disk when add resolves", async () => {
  const event = anEvent();
  await outbox.add([event]);
  restart();
  const [row] = await outbox.due(10);
  expect(JSON.parse(row?.json ?? "")).toEqual(event);
});

/** The durability asked for by each write transaction. */
function watchWrites() {
  const transaction = vi.spyOn(MemoryDatabase.prototype, "transaction");
  return () =>
    transaction.mock.calls.flatMap(([, mode, options]) =>
      mode === "readwrite" ? [options?.durability] : [],
    );
}

test("every write asks for strict durability", async () => {
  const writes = watchWrites();
  await outbox.add([anEvent()]);
  expect(writes()).toEqual(["strict"]);
});

test("concurrent adds share one transaction", async () => {
  const writes = watchWrites();
  await Promise.all(Array.from({ length: 50 }, () => outbox.add([anEvent()])));
  expect(writes()).toHaveLength(1);
  expect((await outbox.recount()).waiting).toBe(50);
});

test("a receipt added twice is one row and one count", async () => {
  const event = anEvent();
  await Promise.all([outbox.add([event, event]), outbox.add([event])]);
  await outbox.add([event]);
  expect(await outbox.recount()).toMatchObject({ ledger: { created: 1 }, waiting: 1, balanced: true });
});

test("a parked receipt added again stays parked", async () => {
  const event = anEvent();
  await outbox.add([event]);
  await outbox.settle([{ receipt_id: event.receipt_id, answer: REFUSED }]);
  await outbox.add([event]);
  expect(await outbox.recount()).toMatchObject({ ledger: { created: 1 }, waiting: 0, parked: 1 });
});

test("an event that cannot become JSON rejects its caller and no other", async () => {
  const payload: Record<string, unknown> = {};
  payload.self = payload;
  const results = await Promise.allSettled([outbox.add([anEvent({ payload })]), outbox.add([anEvent()])]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});

test("due gives rows in the order they were added", async () => {
  const events = [anEvent(), anEvent(), anEvent()].reverse();
  for (const event of events) {
    await outbox.add([event]);
    nowMs += 1;
  }
  expect(idsOf(await outbox.due(2))).toEqual(events.slice(0, 2).map((event) => event.receipt_id));
});

test("events stay due when the clock is put back", async () => {
  await outbox.add([anEvent()]);
  nowMs -= 3_600_000;
  expect(await outbox.due(10)).toHaveLength(1);
});

test("settling deletes what is stored, parks what is refused with its reason, and counts both", async () => {
  const [kept, refused, left] = [anEvent(), anEvent(), anEvent()];
  await outbox.add([kept, refused, left]);
  await outbox.settle([stored(kept.receipt_id), { receipt_id: refused.receipt_id, answer: REFUSED }]);
  expect(idsOf(await outbox.due(10))).toEqual([left.receipt_id]);
  expect(await db.parked.toArray()).toMatchObject([
    { receipt_id: refused.receipt_id, code: "invalid_payload", reason: "no such field", parkedAtMs: nowMs },
  ]);
  const { ledger } = await outbox.summary();
  expect(ledger).toEqual({ created: 3, acknowledged: 1, waiting: 1, parked: 1, expired: 0 });
});

test("an event settled twice is counted once", async () => {
  const event = anEvent();
  await outbox.add([event]);
  await Promise.all([outbox.settle([stored(event.receipt_id)]), outbox.settle([stored(event.receipt_id)])]);
  expect(await outbox.recount()).toMatchObject({ ledger: { acknowledged: 1 }, balanced: true });
});

test("a postponed event lets the others pass and comes back when its time has come", async () => {
  const [late, next] = [anEvent(), anEvent()];
  await outbox.add([late, next]);
  await outbox.postpone([late.receipt_id], (attempts) => 1_000 * 2 ** attempts);
  expect(idsOf(await outbox.due(10))).toEqual([next.receipt_id]);
  nowMs += 1_000;
  expect(await outbox.due(10)).toHaveLength(2);
});

test("hasten ends a postponement", async () => {
  const event = anEvent();
  await outbox.add([event]);
  await outbox.postpone([event.receipt_id], () => 60_000);
  expect(await outbox.due(10)).toHaveLength(0);
  await outbox.hasten();
  expect(await outbox.due(10)).toHaveLength(1);
});

test("what expires is counted", async () => {
  await outbox.add([anEvent(), anEvent()]);
  nowMs += 1_000;
  await outbox.add([anEvent()]);
  expect(await outbox.expire(nowMs)).toBe(2);
  expect(await outbox.recount()).toMatchObject({
    ledger: { created: 3, expired: 2, waiting: 1 },
    balanced: true,
  });
});

/** Puts a row as another version might have left it, and counts it as created. */
async function plantRow(row: Record<string, unknown>) {
  await outbox.add([anEvent()]);
  await db.waiting.clear();
  await db.table("waiting").put(row);
}

test.each([
  ["text that is not JSON", { receipt_id: "x", json: "{", addedAtMs: 1, dueAtMs: 0, attempts: 0 }],
  ["another shape", { receipt_id: "x", event: {}, addedAtMs: 1, dueAtMs: 0 }],
  ["another receipt inside", { receipt_id: "x", json: "{}", addedAtMs: 1, dueAtMs: 0, attempts: 0 }],
  ["a key of another type", { receipt_id: 7, json: "{}", addedAtMs: 1, dueAtMs: 0, attempts: 0 }],
])("a row with %s is parked and the queue goes on", async (_, row) => {
  await plantRow(row);
  const good = anEvent();
  await outbox.add([good]);
  expect(idsOf(await outbox.due(1))).toEqual([good.receipt_id]);
  expect(await db.parked.toArray()).toMatchObject([{ code: "broken_row", json: JSON.stringify(row) }]);
  expect((await outbox.recount()).balanced).toBe(true);
});

test("a row that no index shows is found and parked by a sweep", async () => {
  await plantRow({ receipt_id: "x", json: "{}" });
  expect(await outbox.due(10)).toEqual([]);
  expect(await outbox.sweep()).toBe(1);
  expect(await outbox.sweep()).toBe(0);
  expect(await outbox.recount()).toMatchObject({ waiting: 0, parked: 1, balanced: true });
});

test("recount notices a ledger that does not balance", async () => {
  await outbox.add([anEvent(), anEvent()]);
  const [row] = await outbox.due(1);
  await db.waiting.delete(row?.receipt_id ?? "");
  expect(await outbox.recount()).toMatchObject({ ledger: { waiting: 2 }, waiting: 1, balanced: false });
});

test("a lost connection is opened again", async () => {
  await outbox.add([anEvent()]);
  db.backendDB().close();
  await outbox.add([anEvent()]);
  expect(await outbox.due(10)).toHaveLength(2);
});
