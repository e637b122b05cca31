import type Sqlite from "better-sqlite3";
import type { StoredEvent } from "#contract/events.ts";
import type { Database, EventsTable } from "../kernel/database.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { EventReader } from "./search-events.ts";
import type { EventWriter, InTransaction } from "./store-events.ts";

/**
 * Events in SQLite. Writing uses prepared statements, because this is the hot path: a query builder would cost more
 * than the disk. Reading uses the builder.
 */
export function sqliteEvents({ db, raw }: { db: Database; raw: Sqlite.Database }) {
  const inTransaction = createGroupCommit(raw, createWriter(raw));

  const find: EventReader["find"] = async ({ before, limit, event_name, camera_id, from, to }) => {
    let query = db.selectFrom("events").selectAll().orderBy("ts", "desc").orderBy("seq", "desc").limit(limit);
    if (event_name !== null) query = query.where("event_name", "=", event_name);
    if (camera_id !== null) query = query.where("camera_id", "=", camera_id);
    if (from !== null) query = query.where("ts", ">=", from);
    if (to !== null) query = query.where("ts", "<=", to);
    if (before !== null) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple("ts", "seq"), "<", tuple(before.ts, before.seq)),
      );
    }
    return (await query.execute()).map(({ seq, ...row }) => ({ seq, event: eventOf(row) }));
  };

  return { inTransaction, find };
}

const COLUMNS =
  "receipt_id, event_name, ts, store_id, org_id, source, camera_id, zone_id, payload, meta, received_at";
const ONE_ROW = `(${COLUMNS.replace(/\w+/g, "?")})`;
/**
 * Rows of one insert statement: 64 in one cost 0.7 of what 64 single ones cost, and more win nothing. Powers of two, so
 * that seven statements write a batch of any size.
 */
const ROWS_PER_INSERT = [64, 32, 16, 8, 4, 2, 1];

function createWriter(raw: Sqlite.Database): EventWriter {
  const inserts = ROWS_PER_INSERT.map((rows) => {
    const values = Array(rows).fill(ONE_ROW).join(", ");
    const sql = `insert into events (${COLUMNS}) values ${values} on conflict (receipt_id) do nothing`;
    return { rows, statement: raw.prepare(sql) };
  });
  const newestSeq = raw.prepare<[], number | null>("select max(seq) from events").pluck();
  const receiptsAfter = raw.prepare<[number], string>("select receipt_id from events where seq > ?").pluck();

  return {
    insertNew(events) {
      const seqBefore = newestSeq.get() ?? 0;
      let inserted = 0;
      let done = 0;
      for (const { rows, statement } of inserts) {
        for (; events.length - done >= rows; done += rows) {
          inserted += statement.run(valuesOf(events.slice(done, done + rows))).changes;
        }
      }
      if (inserted === events.length) return events.map(() => true);
      const fresh = new Set(receiptsAfter.all(seqBefore));
      return events.map(({ receipt_id }) => fresh.delete(receipt_id)); // of a receipt sent twice the first is the new one
    },
  };
}

/** In the order of `COLUMNS`, row after row. */
function valuesOf(events: StoredEvent[]): (string | null)[] {
  const values: (string | null)[] = [];
  for (const event of events) {
    values.push(
      event.receipt_id,
      event.event_name,
      event.ts,
      event.store_id,
      event.org_id ?? null,
      event.source,
      event.camera_id ?? null,
      event.zone_id ?? null,
      event.payload === undefined ? null : JSON.stringify(event.payload),
      event.meta === undefined ? null : JSON.stringify(event.meta),
      event.received_at,
    );
  }
  return values;
}

type Waiting = { work: () => unknown; resolve: (result: unknown) => void; reject: (error: unknown) => void };

/**
 * Batches that arrive together share one commit, and so one wait for the disk; each has a savepoint of its own, so that
 * one which throws undoes itself alone.
 */
function createGroupCommit(raw: Sqlite.Database, writer: EventWriter): InTransaction {
  let waiting: Waiting[] = [];
  const inSavepoint = raw.transaction((work: () => unknown) => work()); // nested below: a savepoint
  const runGroup = raw.transaction((group: Waiting[]) =>
    group.map(({ work, resolve, reject }) => {
      try {
        const result = inSavepoint(work);
        return () => resolve(result);
      } catch (error) {
        if (!raw.inTransaction) throw error; // SQLite gave up the whole transaction (a full disk)
        return () => reject(storageError(error));
      }
    }),
  );

  function commitWaiting(): void {
    const group = waiting;
    waiting = [];
    try {
      for (const settle of runGroup.immediate(group)) settle();
    } catch (error) {
      for (const { reject } of group) reject(storageError(error));
    }
  }

  return function inTransaction<T>(work: (writer: EventWriter) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(commitWaiting);
      // `resolve` gets exactly what this `work` returned
      waiting.push({ work: () => work(writer), resolve: resolve as Waiting["resolve"], reject });
    });
  };
}

/** A full disk, a failing disk and a locked file are for the sender to try again; anything else is a bug. */
function storageError(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN)/.test(code)) return error;
  return new GatewayError(
    "storage_unavailable",
    "The gateway cannot write to its disk now. Try again later.",
    {
      cause: error,
    },
  );
}

type Row = Omit<EventsTable, "seq">;

/** Columns that are null are left out of the record. */
function eventOf({ payload, meta, ...columns }: Row): StoredEvent {
  const present: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(columns)) if (value !== null) present[name] = value;
  if (payload !== null) present.payload = JSON.parse(payload);
  if (meta !== null) present.meta = JSON.parse(meta);
  return present as StoredEvent; // the table holds only what passed the contract's schema
}
