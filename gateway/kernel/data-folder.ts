import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { messageOf } from "./errors.ts";

export type DataFolder =
  | { status: "ours"; release(): void }
  /** Another gateway works on it. */
  | { status: "in_use" }
  | { status: "unusable"; reason: string };

/**
 * Makes the folder, readable by its owner alone, and takes it for this process. The lock is the operating system's, on
 * a file that SQLite holds: it ends with the process however that ends, so no stale lock ever stops a start.
 */
export function takeDataFolder(folder: string): DataFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lock = new Sqlite(join(folder, "gateway.lock"), { timeout: 0 });
    try {
      lock.exec("begin exclusive");
    } catch (error) {
      lock.close();
      if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") {
        return { status: "in_use" };
      }
      throw error;
    }
    return { status: "ours", release: () => void lock.close() };
  } catch (error) {
    return { status: "unusable", reason: messageOf(error) };
  }
}
