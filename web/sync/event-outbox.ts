import { Dexie } from "dexie";
import { z } from "zod";
import type { EventRecord, ReceiptAnswer } from "#contract/events.ts";
import { createGroupedWrites } from "./grouped-writes.ts";
import {
  type CounterRow,
  type GateRow,
  type GuaritaDb,
  onLiveConnection,
  type WaitingRow,
} from "./guarita-db.ts";
import type { OutboxLedger } from "./sync.ts";

/** An event and what the gateway said of it. */
export type Settlement = { receipt_id: string; answer: ReceiptAnswer | Refusal };
/** For an event that was refused without an answer of its own (alone in a batch that was refused as a whole). */
export type Refusal = { outcome: "refused"; code: string; reason: string };

export type OutboxSummary = {
  ledger: OutboxLedger;
  oldestAddedAtMs: number | null;
  /** When the first of the postponed rows is due; 0 when one is due already, null when none waits. */
  nextDueAtMs: number | null;
  gate: GateRow | null;
};

/** The door for what an older version, or a broken disk, left. The event itself is for the gateway to judge. */
const ReadableRow = z.object({
  receipt_id: z.string(),
  json: z.string(),
  addedAtMs: z.number(),
  dueAtMs: z.number(),
  attempts: z.number(),
});

const BROKEN_ROW = "broken_row";
const NOTHING_COUNTED: CounterRow = { name: "events", created: 0, acknowledged: 0, parked: 0, expired: 0 };

/** The durable list of what is still to be sent, and its ledger, which changes with the rows in one transaction. */
export function createEventOutbox(db: GuaritaDb, nowMs: () => number) {
  const { waiting, parked, counters, gates } = db;

  /** `work` in one read-write transaction over rows and counters, on disk when it resolves. It may run twice. */
  function change<T>(work: (counted: CounterRow) => Promise<T>): Promise<T> {
    return onLiveConnection(db, () =>
      db.transaction("rw", waiting, parked, counters, async () => {
        const counted = { ...((await counters.get("events")) ?? NOTHING_COUNTED) };
        return work(counted);
      }),
    );
  }

  const write = createGroupedWrites<WaitingRow[]>((groups) => insert(groups.flat()));

  function insert(rows: WaitingRow[]): Promise<void> {
    return change(async (counted) => {
      const unique = [...new Map(rows.map((row) => [row.receipt_id, row])).values()];
      const ids = unique.map((row) => row.receipt_id);
      const known = await Promise.all([waiting.bulkGet(ids), parked.bulkGet(ids)]);
      const fresh = unique.filter((_, index) => known.every((rows) => rows[index] === undefined));
      if (fresh.length === 0) return;
      await Promise.all([
        waiting.bulkAdd(fresh),
        counters.put({ ...counted, created: counted.created + fresh.length }),
      ]);
    });
  }

  /** Resolves when the events are on disk. A receipt that already waits or is parked stays one row and one count. */
  async function add(events: EventRecord[]): Promise<void> {
    const addedAtMs = nowMs();
    // as JSON at the caller's door: what cannot be written is that caller's error alone
    const rows = events.map((event) => ({
      receipt_id: event.receipt_id,
      json: JSON.stringify(event),
      addedAtMs,
      dueAtMs: 0,
      attempts: 0,
    }));
    if (rows.length > 0) await write(rows);
  }

  /** Up to `limit` rows whose time has come, in the order they were added. Rows that cannot be read are parked. */
  async function due(limit: number): Promise<WaitingRow[]> {
    for (;;) {
      const rows = await onLiveConnection(db, () =>
        waiting
          .where("[dueAtMs+addedAtMs]")
          .between([Dexie.minKey, Dexie.minKey], [nowMs(), Dexie.maxKey])
          .limit(limit)
          .toArray(),
      );
      const readable = rows.filter(isReadable);
      if (readable.length === rows.length) return rows;
      await parkBroken(rows.filter((row) => !isReadable(row)));
      if (readable.length > 0) return readable;
    }
  }

  /** Of `ids`, those that still wait: another tab may have settled some. */
  async function stillWaiting(ids: string[]): Promise<Map<string, WaitingRow>> {
    const rows = await waiting.bulkGet(ids);
    return new Map(rows.flatMap((row) => (row ? [[row.receipt_id, row]] : [])));
  }

  /** Removes what the gateway has, parks what it refused. The only way out of the list besides `expire`. */
  function settle(settlements: Settlement[]): Promise<void> {
    return change(async (counted) => {
      const rows = await stillWaiting(settlements.map(({ receipt_id }) => receipt_id));
      const parkedAtMs = nowMs();
      const refused = settlements.flatMap(({ receipt_id, answer }) => {
        const row = rows.get(receipt_id);
        if (!row || answer.outcome !== "refused") return [];
        const { json, addedAtMs } = row;
        return [{ receipt_id, json, addedAtMs, parkedAtMs, code: answer.code, reason: answer.reason }];
      });
      await Promise.all([
        waiting.bulkDelete([...rows.keys()]),
        parked.bulkPut(refused),
        counters.put({
          ...counted,
          acknowledged: counted.acknowledged + rows.size - refused.length,
          parked: counted.parked + refused.length,
        }),
      ]);
    });
  }

  /** For events that an answer left out: each waits `waitMs(attempts so far)`, while the others go on. */
  function postpone(ids: string[], waitMs: (attempts: number) => number): Promise<void> {
    return change(async () => {
      const rows = await stillWaiting(ids);
      const later = [...rows.values()].map((row) => ({
        ...row,
        attempts: row.attempts + 1,
        dueAtMs: nowMs() + waitMs(row.attempts),
      }));
      await waiting.bulkPut(later);
    });
  }

  /** Ends every postponement. */
  async function hasten(): Promise<void> {
    await onLiveConnection(db, () =>
      waiting.where("[dueAtMs+addedAtMs]").above([0, Dexie.maxKey]).modify({ dueAtMs: 0 }),
    );
  }

  /** Gives up what was added before `beforeMs`; counted, never silent. Returns how many. */
  function expire(beforeMs: number): Promise<number> {
    return change(async (counted) => {
      const expired = await waiting.where("addedAtMs").below(beforeMs).delete();
      if (expired > 0) await counters.put({ ...counted, expired: counted.expired + expired });
      return expired;
    });
  }

  /** Moves unreadable rows away, by whatever key they have. */
  function parkBroken(rows: unknown[]): Promise<void> {
    return change(async (counted) => {
      const parkedAtMs = nowMs();
      const broken = rows.map((row) => ({ key: keyOf(row), row }));
      // the key's type is not known to be a string: that is what may be broken
      await waiting.bulkDelete(broken.map(({ key }) => key as string));
      await parked.bulkPut(
        broken.map(({ key, row }) => ({
          receipt_id: typeof key === "string" ? key : `${BROKEN_ROW}:${JSON.stringify(key)}`,
          json: JSON.stringify(row),
          code: BROKEN_ROW,
          reason: "The row on this device cannot be read.",
          addedAtMs: parkedAtMs,
          parkedAtMs,
        })),
      );
      await counters.put({ ...counted, parked: counted.parked + rows.length });
    });
  }

  /** Parks rows that no index shows (a key field is missing). Cheap when there are none. Returns how many. */
  async function sweep(): Promise<number> {
    const [all, indexed] = await onLiveConnection(db, () =>
      Promise.all([waiting.count(), waiting.orderBy("[dueAtMs+addedAtMs]").count()]),
    );
    if (all === indexed) return 0;
    const broken: unknown[] = await waiting.filter((row) => !isReadable(row)).toArray();
    await parkBroken(broken);
    return broken.length;
  }

  function summary(): Promise<OutboxSummary> {
    return onLiveConnection(db, () =>
      db.transaction("r", waiting, counters, gates, async () => {
        const [counted, oldest, nextDue, gate] = await Promise.all([
          counters.get("events"),
          waiting.orderBy("addedAtMs").first(),
          waiting.orderBy("[dueAtMs+addedAtMs]").first(),
          gates.get("gateway"),
        ]);
        return {
          ledger: ledgerOf(counted ?? NOTHING_COUNTED),
          oldestAddedAtMs: oldest?.addedAtMs ?? null,
          nextDueAtMs: nextDue?.dueAtMs ?? null,
          gate: gate ?? null,
        };
      }),
    );
  }

  /** The check on the counters: counts the rows themselves. */
  function recount(): Promise<{ ledger: OutboxLedger; waiting: number; parked: number; balanced: boolean }> {
    return onLiveConnection(db, () =>
      db.transaction("r", waiting, parked, counters, async () => {
        const [counted, waitingRows, parkedRows] = await Promise.all([
          counters.get("events"),
          waiting.count(),
          parked.count(),
        ]);
        const ledger = ledgerOf(counted ?? NOTHING_COUNTED);
        const balanced = ledger.waiting === waitingRows && ledger.parked === parkedRows;
        return { ledger, waiting: waitingRows, parked: parkedRows, balanced };
      }),
    );
  }

  return {
    add,
    due,
    settle,
    postpone,
    hasten,
    expire,
    sweep,
    summary,
    recount,
    gate: () => onLiveConnection(db, () => gates.get("gateway")),
    setGate: (gate: Omit<GateRow, "name">) =>
      onLiveConnection(db, () => gates.put({ ...gate, name: "gateway" })),
    clearGate: () => onLiveConnection(db, () => gates.delete("gateway")),
  };
}
export type EventOutbox = ReturnType<typeof createEventOutbox>;

function ledgerOf({ created, acknowledged, parked, expired }: CounterRow): OutboxLedger {
  return { created, acknowledged, waiting: created - acknowledged - parked - expired, parked, expired };
}

function isReadable(row: unknown): boolean {
  const parsed = ReadableRow.safeParse(row);
  if (!parsed.success) return false;
  try {
    const event: unknown = JSON.parse(parsed.data.json);
    return (
      typeof event === "object" &&
      event !== null &&
      Reflect.get(event, "receipt_id") === parsed.data.receipt_id
    );
  } catch {
    return false; // not JSON: that is the answer, not an error
  }
}

function keyOf(row: unknown): unknown {
  return typeof row === "object" && row !== null ? Reflect.get(row, "receipt_id") : undefined;
}
