import Sqlite from "better-sqlite3";

/** So long a connection waits for another one that writes. */
const BUSY_MS = 5_000;

/** WAL with `synchronous=FULL`: what is committed is on disk. */
export function openSqlite(file: string): Sqlite.Database {
  const raw = new Sqlite(file);
  raw.pragma("journal_mode = WAL");
  raw.pragma("synchronous = FULL");
  raw.pragma(`busy_timeout = ${BUSY_MS}`);
  return raw;
}
