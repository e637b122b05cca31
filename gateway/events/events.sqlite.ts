import type Sqlite from "better-sqlite3";
import type { StoredEvent } from "#contract/events.ts";
import type { Database } from "../kernel/database.ts";
import { createFind } from "./find-events.ts";
import { createFlushedLog, type FlushedLog, storageUnavailable } from "./flush-log.ts";
import type { InsertNew } from "./store-events.ts";

export type SqliteEventsDeps = {
  db: Database;
  raw: Sqlite.Database;
  /** Called in the transaction that stored new events: those above this `seq`. A throw undoes them. */
  onStoredAfter?: (seq: number) => void;
  /** Tests hold its flushes. */
  log?: FlushedLog;
};

/**
 * Events in SQLite. Writing uses prepared statements, because this is the hot path: a query builder would cost more
 * than the disk.
 */
export function sqliteEvents(deps: SqliteEventsDeps) {
  const { db, raw, onStoredAfter = () => {}, log = createFlushedLog(raw) } = deps;
  return { insertNew: createGroupCommit(raw, createInsert(raw, onStoredAfter), log), find: createFind(db) };
}

const COLUMNS = [
  "receipt_id",
  "event_name",
  "ts",
  "store_id",
  "org_id",
  "source",
  "camera_id",
  "zone_id",
  "payload",
  "meta",
  "received_at",
] as const satisfies (keyof StoredEvent)[];
type Column = (typeof COLUMNS)[number];

/**
 * Rows of one insert statement: more than 64 win nothing. Powers of two, so that seven statements write a batch of any
 * size.
 */
const ROWS_PER_INSERT = [64, 32, 16, 8, 4, 2, 1];
/** Batches of the same stations look alike; a sender of ever new kinds of batches must not fill the memory. */
const MAX_PREPARED = 128;

/** As `InsertNew`, but within a transaction of whoever calls, and done when it returns. */
type Insert = (events: StoredEvent[]) => boolean[];

/**
 * Handing values to SQLite costs as much as storing them. So a statement takes many rows, a value that all rows of a
 * batch share is bound once, and a column that none has is left out: 3.9 us a row instead of 6.4, one row at a time.
 */
function createInsert(raw: Sqlite.Database, onStoredAfter: (seq: number) => void): Insert {
  const prepared = new Map<string, Sqlite.Statement>();
  const newestSeq = raw.prepare<[], number | null>("select max(seq) from events").pluck();
  const receiptsAfter = raw.prepare<[number], string>("select receipt_id from events where seq > ?").pluck();

  function insertOf(rows: number, { own, shared }: Shape): Sqlite.Statement {
    const columns = [...own, ...shared].join(", ");
    const key = `${rows} ${own.length} ${columns}`;
    let statement = prepared.get(key);
    if (!statement) {
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      const row = [...own.map(() => "?"), ...shared.map((column) => `@${column}`)].join(", ");
      const values = Array(rows).fill(`(${row})`).join(", ");
      statement = raw.prepare(
        `insert into events (${columns}) values ${values} on conflict (receipt_id) do nothing`,
      );
      prepared.set(key, statement);
    }
    return statement;
  }

  return function insert(events) {
    const [first] = events;
    if (!first) return [];
    const seqBefore = newestSeq.get() ?? 0;
    const shape = shapeOf(events, first);
    const sharedValues = Object.fromEntries(shape.shared.map((column) => [column, sqlOf(first[column])]));
    let inserted = 0;
    let done = 0;
    for (const rows of ROWS_PER_INSERT) {
      for (; events.length - done >= rows; done += rows) {
        const values = valuesOf(events.slice(done, done + rows), shape.own);
        inserted += insertOf(rows, shape).run(values, sharedValues).changes;
      }
    }
    if (inserted > 0) onStoredAfter(seqBefore);
    if (inserted === events.length) return events.map(() => true);
    const fresh = new Set(receiptsAfter.all(seqBefore));
    return events.map(({ receipt_id }) => fresh.delete(receipt_id)); // of a receipt sent twice the first is the new one
  };
}

/** The columns that differ from row to row, and those with one value for all; the others are null. */
type Shape = { own: Column[]; shared: Column[] };

function shapeOf(events: StoredEvent[], first: StoredEvent): Shape {
  const shape: Shape = { own: [], shared: [] };
  for (const column of COLUMNS) {
    const value = first[column];
    if (!events.every((event) => event[column] === value)) shape.own.push(column);
    else if (value !== undefined) shape.shared.push(column);
  }
  return shape;
}

/** Row after row, each in the order of `columns`. */
function valuesOf(events: StoredEvent[], columns: Column[]): (string | null)[] {
  const values: (string | null)[] = [];
  for (const event of events) for (const column of columns) values.push(sqlOf(event[column]));
  return values;
}

/** Objects become JSON. */
function sqlOf(value: StoredEvent[Column]): string | null {
  return typeof value === "object" ? JSON.stringify(value) : (value ?? null);
}

type Waiting = {
  events: StoredEvent[];
  resolve: (isNew: boolean[]) => void;
  reject: (error: unknown) => void;
};

/** While each turn of the event loop brings another batch, a commit waits for it; with so many it waits no longer. */
const BATCHES_PER_COMMIT = 4;

/**
 * Batches that arrive together share one commit; each has a savepoint of its own, so that one which throws undoes itself
 * alone. The next ones are taken in while the disk is waited for.
 */
function createGroupCommit(raw: Sqlite.Database, insert: Insert, log: FlushedLog): InsertNew {
  let waiting: Waiting[] = [];
  const inSavepoint = raw.transaction(insert); // nested below: a savepoint
  const runGroup = raw.transaction((group: Waiting[]) =>
    group.map(({ events, resolve, reject }) => {
      try {
        const isNew = inSavepoint(events);
        return () => resolve(isNew);
      } catch (error) {
        if (!raw.inTransaction) throw error; // SQLite gave up the whole transaction (a full disk)
        return () => reject(storageError(error));
      }
    }),
  );

  /** `seen` batches waited one turn ago. */
  function commitSoon(seen: number): void {
    setImmediate(() => {
      const isStillComing = waiting.length > seen && waiting.length < BATCHES_PER_COMMIT;
      if (isStillComing) commitSoon(waiting.length);
      else void commitWaiting();
    });
  }

  async function commitWaiting(): Promise<void> {
    const group = waiting;
    waiting = [];
    try {
      const settles = log.unflushed(() => runGroup.immediate(group));
      await log.flushed();
      for (const settle of settles) settle();
    } catch (error) {
      for (const { reject } of group) reject(storageError(error));
    }
  }

  return function insertNew(events) {
    return new Promise((resolve, reject) => {
      waiting.push({ events, resolve, reject });
      if (waiting.length === 1) commitSoon(0);
    });
  };
}

/** A full disk, a failing disk and a locked file are for the sender to try again; anything else is a bug. */
function storageError(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!/^SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN)/.test(code)) return error;
  return storageUnavailable(error);
}
