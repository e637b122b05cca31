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

const stored = (row: WaitingRow) =>
  ({ row, answer: { index: 0, receipt_id: row.receipt_id, outcome: "stored" } }) as const;

/** Adds that many events and returns their rows. */
async function addRows(count: number): Promise<WaitingRow[]> {
  const ids = Array.from({ length: count }, () => anEvent());
  await outbox.add(ids);
  return (await outbox.due(1_000)).rows.slice(-count);
}

const idsOf = (rows: WaitingRow[]) => rows.map((row) => row.receipt_id);
const dueIds = async (limit = 10) => idsOf((await outbox.due(limit)).rows);

test("an event is on disk when add resolves", async () => {
  const event = anEvent();
  await outbox.add([event]);
  restart();
  const [row] = (await outbox.due(10)).rows;
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

test("a receipt that waits already does not keep its companions out", async () => {
  const [known, fresh] = [anEvent(), anEvent()];
  await outbox.add([known]);
  await outbox.add([known, fresh]);
  expect(await dueIds()).toEqual([known.receipt_id, fresh.receipt_id]);
  expect(await outbox.recount()).toMatchObject({ ledger: { created: 2 }, balanced: true });
});

test("a parked receipt added again stays parked", async () => {
  const event = anEvent();
  await outbox.add([event]);
  await outbox.settle((await outbox.due(1)).rows.map((row) => ({ row, answer: REFUSED })));
  await outbox.add([event, anEvent()]);
  expect(await outbox.recount()).toMatchObject({
    ledger: { created: 2 },
    waiting: 1,
    parked: 1,
    balanced: true,
  });
});

test("an event that cannot become JSON rejects its caller and no other", async () => {
  const payload: Record<string, unknown> = {};
  payload.self = payload;
  const results = await Promise.allSettled([outbox.add([anEvent({ payload })]), outbox.add([anEvent()])]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});

test("due gives rows in the order they were added, and says whether there are more", async () => {
  const events = [anEvent(), anEvent(), anEvent()].reverse();
  for (const event of events) await outbox.add([event]);
  expect(await dueIds(2)).toEqual(events.slice(0, 2).map((event) => event.receipt_id));
  expect((await outbox.due(2)).more).toBe(true);
  expect((await outbox.due(4)).more).toBe(false);
});

test("events stay due when the clock is put back", async () => {
  await outbox.add([anEvent()]);
  nowMs -= 3_600_000;
  expect(await dueIds()).toHaveLength(1);
});

test("settling deletes what is stored, parks what is refused with its reason, and counts both", async () => {
  const [kept, refused, left] = (await addRows(3)) as [WaitingRow, WaitingRow, WaitingRow];
  await outbox.settle([stored(kept), { row: refused, answer: REFUSED }]);
  expect(await dueIds()).toEqual([left.receipt_id]);
  expect(await db.parked.toArray()).toMatchObject([
    { receipt_id: refused.receipt_id, code: "invalid_payload", reason: "no such field", parkedAtMs: nowMs },
  ]);
  const { ledger } = await outbox.summary();
  const untouched = { dropped: 0, discarded: 0, expired: 0 };
  expect(ledger).toEqual({ created: 3, acknowledged: 1, waiting: 1, parked: 1, ...untouched });
});

test("what another station told instead leaves the list without a person, and is counted", async () => {
  const [stale] = (await addRows(2)) as [WaitingRow, WaitingRow];
  const answer = { outcome: "refused", code: "stale_lease", reason: "another station had it" } as const;
  await outbox.settle([{ row: stale, answer }]);
  expect(await db.parked.count()).toBe(0);
  const { ledger, balanced } = await outbox.recount();
  expect(ledger).toMatchObject({ created: 2, acknowledged: 0, waiting: 1, parked: 0, dropped: 1 });
  expect(balanced).toBe(true);
});

test("settling touches nothing that lies between the rows it is told", async () => {
  const [first, between, last] = (await addRows(3)) as [WaitingRow, WaitingRow, WaitingRow];
  await outbox.settle([stored(first), stored(last)]);
  expect(await dueIds()).toEqual([between.receipt_id]);
});

test("an event settled twice is counted once", async () => {
  const rows = await addRows(2);
  await Promise.all([outbox.settle(rows.map(stored)), outbox.settle(rows.map(stored))]);
  expect(await outbox.recount()).toMatchObject({ ledger: { acknowledged: 2 }, balanced: true });
});

test("a postponed event lets the others pass and comes back when its time has come", async () => {
  const [late, next] = (await addRows(2)) as [WaitingRow, WaitingRow];
  await outbox.postpone([late], (attempts) => 1_000 * 2 ** attempts);
  expect(await dueIds(1)).toEqual([next.receipt_id]);
  expect(await outbox.nextDueAtMs()).toBe(nowMs + 1_000);
  nowMs += 1_000;
  expect(await dueIds()).toHaveLength(2);
});

test("hasten ends a postponement", async () => {
  await outbox.postpone(await addRows(1), () => 60_000);
  expect(await dueIds()).toHaveLength(0);
  await outbox.hasten();
  expect(await dueIds()).toHaveLength(1);
  expect(await outbox.nextDueAtMs()).toBeNull();
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
  ["text that is not JSON", { seq: 1, receipt_id: "x", json: "{", addedAtMs: 1, attempts: 0 }],
  ["another shape", { seq: 1, receipt_id: "x", event: {} }],
  ["another receipt inside", { seq: 1, receipt_id: "x", json: "{}", addedAtMs: 1, attempts: 0 }],
  ["a receipt of another type", { seq: 1, receipt_id: 7, json: "{}", addedAtMs: 1, attempts: 0 }],
  ["nothing but its key", { seq: 1 }],
])("a row with %s is parked and the queue goes on", async (_, row) => {
  await plantRow(row);
  const good = anEvent();
  await outbox.add([good]);
  expect(await dueIds(1)).toEqual([good.receipt_id]);
  expect(await db.parked.toArray()).toMatchObject([{ code: "broken_row", json: JSON.stringify(row) }]);
  expect((await outbox.recount()).balanced).toBe(true);
});

test("recount notices a ledger that does not balance", async () => {
  const [row] = await addRows(2);
  await db.waiting.delete(row?.seq ?? 0);
  expect(await outbox.recount()).toMatchObject({ ledger: { waiting: 2 }, waiting: 1, balanced: false });
});

/** A database that gives no room for so many writes. */
function refuseWrites(count: number) {
  let left = count;
  const add = db.waiting.bulkAdd.bind(db.waiting);
  db.waiting.bulkAdd = ((rows: WaitingRow[]) => {
    left -= 1;
    return left < 0 ? add(rows) : Promise.reject(new DOMException("disk full", "QuotaExceededError"));
  }) as typeof add;
}

test("an event without room is written once something else was given up for it", async () => {
  refuseWrites(2);
  let given = 0;
  const makeRoom = async () => {
    given += 1;
    return true;
  };
  await createEventOutbox(db, () => nowMs, makeRoom).add([anEvent()]);
  expect(given).toBe(2);
  expect(await outbox.recount()).toMatchObject({ ledger: { created: 1 }, waiting: 1, balanced: true });
});

test("an event for which nothing more can be given up is refused to its maker, and not counted", async () => {
  refuseWrites(1);
  await expect(outbox.add([anEvent()])).rejects.toThrow("disk full");
  expect(await outbox.recount()).toMatchObject({ ledger: { created: 0 }, balanced: true });
});

test("a lost connection is opened again", async () => {
  await outbox.add([anEvent()]);
  db.backendDB().close();
  await outbox.add([anEvent()]);
  expect(await dueIds()).toHaveLength(2);
});
