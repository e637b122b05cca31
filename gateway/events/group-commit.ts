import type Sqlite from "better-sqlite3";
import { type FlushedLog, storageUnavailable } from "./flush-log.ts";
import type { EventRows, Insert } from "./insert-rows.ts";

/** As `InsertNew` (store-events.ts), of events that are rows already. */
export type InsertRows = (rows: EventRows) => Promise<boolean[]>;

type Waiting = {
  rows: EventRows;
  resolve: (isNew: boolean[]) => void;
  reject: (error: unknown) => void;
};

/** While each turn of the event loop brings another batch, a commit waits for it; with so many it waits no longer. */
const BATCHES_PER_COMMIT = 4;

/**
 * Batches that arrive together share one commit; each has a savepoint of its own, so that one which throws undoes itself
 * alone. The next ones are taken in while the disk is waited for.
 */
export function createGroupCommit(raw: Sqlite.Database, insert: Insert, log: FlushedLog): InsertRows {
  let waiting: Waiting[] = [];
  const inSavepoint = raw.transaction(insert); // nested below: a savepoint
  const runGroup = raw.transaction((group: Waiting[]) =>
    group.map(({ rows, resolve, reject }) => {
      try {
        const isNew = inSavepoint(rows);
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

  return function insertRows(rows) {
    return new Promise((resolve, reject) => {
      waiting.push({ rows, resolve, reject });
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
