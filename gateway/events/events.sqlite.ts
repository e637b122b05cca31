import type Sqlite from "better-sqlite3";
import type { Database } from "../kernel/database.ts";
import { createFind } from "./find-events.ts";
import { createFlushedLog, type FlushedLog } from "./flush-log.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createInsert, rowsOf } from "./insert-rows.ts";
import type { InsertNew } from "./store-events.ts";
import { createStoring, type StoringDeps } from "./storing-thread.ts";

export type SqliteEventsDeps = {
  db: Database;
  raw: Sqlite.Database;
  /** Called in the transaction that stored new events: those above this `seq`. A throw undoes them. */
  onStoredAfter?: (seq: number) => void;
  /** For a database in a file; without it everything is stored over this connection. */
  thread?: Omit<StoringDeps, "here">;
  /** Tests hold its flushes. */
  log?: FlushedLog;
};

/**
 * Events in SQLite. Writing uses prepared statements, because this is the hot path: a query builder would cost more
 * than the disk.
 */
export function sqliteEvents(deps: SqliteEventsDeps) {
  const { db, raw, thread, onStoredAfter = () => {}, log = createFlushedLog(raw) } = deps;
  const here = createGroupCommit(raw, createInsert(raw, onStoredAfter), log);
  const storing = thread && createStoring({ ...thread, here });
  const insertRows = storing?.insertRows ?? here;
  const insertNew: InsertNew = (events) => insertRows(rowsOf(events));
  return { insertNew, find: createFind(db), stop: async () => storing?.stop() };
}
