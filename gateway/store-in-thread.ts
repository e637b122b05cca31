import { parentPort, workerData } from "node:worker_threads";
import { sqliteQueue } from "./delivery/queue.sqlite.ts";
import { FLUSHED_BY_COMMIT } from "./events/flush-log.ts";
import { createGroupCommit } from "./events/group-commit.ts";
import { createInsert } from "./events/insert-rows.ts";
import { serveStoring } from "./events/serve-storing.ts";
import { openSqlite } from "./kernel/sqlite.ts";

/** Stores events as `stores.ts` does, over a connection of its own, and waits for the disk itself. */
if (!parentPort) throw new Error("this is started as a thread");
const { file } = workerData as { file: string }; // so `stores.ts` starts it
const raw = openSqlite(file);
const insert = createInsert(raw, sqliteQueue({ raw, nowMs: Date.now }));
const insertRows = createGroupCommit(raw, insert, FLUSHED_BY_COMMIT);
serveStoring(parentPort, insertRows, () => raw.close());
