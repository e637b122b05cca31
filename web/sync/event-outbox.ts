import { Dexie } from "dexie";
import type { EventRecord, ReceiptAnswer, RefusalCode } from "#contract/events.ts";
import { onLiveConnection } from "../lib/live-connection.ts";
import { isOutOfRoom } from "../lib/out-of-room.ts";
import type { ParkedCode } from "../lib/parked-code.ts";
import { createGroupedWrites } from "./grouped-writes.ts";
import { BROKEN_ROW, type CounterRow, type GateRow, type GuaritaDb, type WaitingRow } from "./guarita-db.ts";
import { createOutboxLedger, NOTHING_COUNTED } from "./outbox-ledger.ts";
import { isReadable } from "./readable-row.ts";

/** A waiting event and what the gateway said of it. */
export type Settlement = { row: WaitingRow; answer: ReceiptAnswer | Refusal };
/** For an event that was refused without an answer of its own (alone in a batch that was refused as a whole). */
export type Refusal = { outcome: "refused"; code: ParkedCode; reason: string };

/** `more`: there may be further rows behind these. */
export type DueRows = { rows: WaitingRow[]; more: boolean };

type NewRow = Omit<WaitingRow, "seq">;

const EXPIRY_PAGE_ROWS = 500;
/** Nobody has to look at it: the station that had the camera by then has told of it. */
const TOLD_BY_ANOTHER: RefusalCode = "stale_lease";

/** Gives something up that is worth less than events; false when there is nothing. */
export type MakeRoom = () => Promise<boolean>;

/** The durable list of what is still to be sent, and its ledger, which changes with the rows in one transaction. */
export function createEventOutbox(
  db: GuaritaDb,
  nowMs: () => number,
  makeRoom: MakeRoom = async () => false,
) {
  const { waiting, parked, counters, gates } = db;

  /** `work` in one read-write transaction over rows and counters, on disk when it resolves. It may run twice. */
  function change<T>(work: (counted: PromiseLike<CounterRow>) => Promise<T>): Promise<T> {
    return onLiveConnection(db, () =>
      db.transaction("rw", waiting, parked, counters, () =>
        work(counters.get("events").then((row) => row ?? NOTHING_COUNTED)),
      ),
    );
  }

  const write = createGroupedWrites<NewRow[]>((groups) => insertWithRoom(groups.flat()));

  /** As long as something else can go, it does. */
  async function insertWithRoom(rows: NewRow[]): Promise<void> {
    for (;;) {
      try {
        return await insert(rows);
      } catch (error) {
        if (!isOutOfRoom(error) || !(await makeRoom())) throw error;
      }
    }
  }

  /** Adds first and looks afterwards: in the usual case that is one round trip to the database less. */
  function insert(rows: NewRow[]): Promise<void> {
    return change(async (reading) => {
      const [counted, parkedCount, addedCount] = await Promise.all([
        reading,
        parked.count(),
        addUnknown(rows),
      ]);
      const again = parkedCount > 0 ? await removeParked(rows) : 0;
      const created = counted.created + addedCount - again;
      if (created > counted.created) await counters.put({ ...counted, created });
    });
  }

  /** Returns how many were not there before; the unique index on receipts tells. */
  async function addUnknown(rows: NewRow[]): Promise<number> {
    try {
      await waiting.bulkAdd(rows);
      return rows.length;
    } catch (error) {
      const isKnownReceipt = ({ name }: Error) => name === "ConstraintError";
      if (!(error instanceof Dexie.BulkError) || !error.failures.every(isKnownReceipt)) throw error;
      return rows.length - error.failures.length; // caught here, the others stay added
    }
  }

  /** What is parked must not wait as well. Returns how many were taken out again. */
  async function removeParked(rows: NewRow[]): Promise<number> {
    const ids = rows.map((row) => row.receipt_id);
    const parkedIds = await parked.where("receipt_id").anyOf(ids).primaryKeys();
    return waiting.where("receipt_id").anyOf(parkedIds).delete();
  }

  /** Resolves when the events are on disk. A receipt that already waits or is parked stays one row and one count. */
  async function add(events: EventRecord[]): Promise<void> {
    const addedAtMs = nowMs();
    // as JSON at the caller's door: what cannot be written is that caller's error alone
    const rows = events.map((event) => ({
      receipt_id: event.receipt_id,
      json: JSON.stringify(event),
      addedAtMs,
      attempts: 0,
    }));
    if (rows.length > 0) await write(rows);
  }

  /** Up to `limit` rows whose time has come, in the order they were added. Rows that cannot be read are parked. */
  async function due(limit: number): Promise<DueRows> {
    for (let after = Number.NEGATIVE_INFINITY; ; ) {
      const page = await onLiveConnection(db, () => waiting.where(":id").above(after).limit(limit).toArray());
      const broken = page.filter((row) => !isReadable(row));
      if (broken.length > 0) await parkBroken(broken);
      const rows = page.filter((row) => !broken.includes(row) && (row.dueAtMs ?? 0) <= nowMs());
      const more = page.length === limit;
      if (rows.length > 0 || !more) return { rows, more };
      after = page.at(-1)?.seq ?? after;
    }
  }

  /** Of `rows`, those that still wait (another tab may have settled some), and whether no other lies between them. */
  async function stillWaiting(rows: WaitingRow[]) {
    const sent = rows.map((row) => row.seq);
    const [first, last] = [Math.min(...sent), Math.max(...sent)];
    const inRange = waiting.where(":id").between(first, last, true, true);
    const present = new Set(await inRange.primaryKeys());
    const left = rows.filter((row) => present.has(row.seq));
    const remove = () =>
      left.length === present.size ? inRange.delete() : waiting.bulkDelete(left.map((row) => row.seq));
    return { left, remove };
  }

  /** Removes what the gateway has or needs no more, parks what it refused. The only way out of the list besides `expire`. */
  function settle(settlements: Settlement[]): Promise<void> {
    const answers = new Map(settlements.map(({ row, answer }) => [row.seq, answer]));
    return change(async (reading) => {
      const [counted, { left, remove }] = await Promise.all([
        reading,
        stillWaiting(settlements.map(({ row }) => row)),
      ]);
      const parkedAtMs = nowMs();
      let dropped = 0;
      const refused = left.flatMap(({ seq, receipt_id, json, addedAtMs }) => {
        const answer = answers.get(seq);
        if (answer?.outcome !== "refused") return [];
        if (answer.code === TOLD_BY_ANOTHER) {
          dropped += 1;
          return [];
        }
        return [{ receipt_id, json, addedAtMs, parkedAtMs, code: answer.code, reason: answer.reason }];
      });
      await Promise.all([
        remove(),
        parked.bulkPut(refused),
        counters.put({
          ...counted,
          acknowledged: counted.acknowledged + left.length - refused.length - dropped,
          parked: counted.parked + refused.length,
          dropped: (counted.dropped ?? 0) + dropped,
        }),
      ]);
    });
  }

  /** For events that an answer left out: each waits `waitMs(attempts so far)`, while the others go on. */
  function postpone(rows: WaitingRow[], waitMs: (attempts: number) => number): Promise<void> {
    return change(async () => {
      const { left } = await stillWaiting(rows);
      await waiting.bulkPut(
        left.map((row) => ({
          ...row,
          attempts: row.attempts + 1,
          dueAtMs: nowMs() + waitMs(row.attempts),
        })),
      );
    });
  }

  /** When the first postponed event is due; null when none is postponed. */
  async function nextDueAtMs(): Promise<number | null> {
    const row = await onLiveConnection(db, () => waiting.where("dueAtMs").above(0).first());
    return row?.dueAtMs ?? null;
  }

  /** Ends every postponement. */
  async function hasten(): Promise<void> {
    await onLiveConnection(db, () => waiting.where("dueAtMs").above(0).modify({ dueAtMs: 0 }));
  }

  /** Gives up what was added before `beforeMs`, oldest first; counted, never silent. Returns how many. */
  async function expire(beforeMs: number): Promise<number> {
    for (let expired = 0; ; ) {
      const oldest = await onLiveConnection(db, () => waiting.toCollection().first());
      if (!oldest || !(oldest.addedAtMs < beforeMs)) return expired;
      expired += await expirePage(beforeMs);
    }
  }

  function expirePage(beforeMs: number): Promise<number> {
    return change(async (reading) => {
      const [counted, oldest] = await Promise.all([reading, waiting.limit(EXPIRY_PAGE_ROWS).toArray()]);
      const firstKept = oldest.findIndex((row) => !(row.addedAtMs < beforeMs));
      const old = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
      if (old.length === 0) return 0;
      await waiting.bulkDelete(old.map((row) => row.seq));
      await counters.put({ ...counted, expired: counted.expired + old.length });
      return old.length;
    });
  }

  function parkBroken(rows: WaitingRow[]): Promise<void> {
    return change(async (reading) => {
      const [counted, { left, remove }] = await Promise.all([reading, stillWaiting(rows)]);
      const parkedAtMs = nowMs();
      await remove();
      await parked.bulkPut(
        left.map((row) => ({
          receipt_id: typeof row.receipt_id === "string" ? row.receipt_id : `${BROKEN_ROW}:${row.seq}`,
          json: JSON.stringify(row),
          code: BROKEN_ROW,
          reason: "The row on this device cannot be read.",
          addedAtMs: parkedAtMs,
          parkedAtMs,
        })),
      );
      await counters.put({ ...counted, parked: counted.parked + left.length });
    });
  }

  return {
    add,
    due,
    settle,
    postpone,
    hasten,
    nextDueAtMs,
    expire,
    ...createOutboxLedger(db),
    gate: () => onLiveConnection(db, () => gates.get("gateway")),
    setGate: (gate: Omit<GateRow, "name">) =>
      onLiveConnection(db, () => gates.put({ ...gate, name: "gateway" })),
    clearGate: () => onLiveConnection(db, () => gates.delete("gateway")),
  };
}
export type EventOutbox = ReturnType<typeof createEventOutbox>;
