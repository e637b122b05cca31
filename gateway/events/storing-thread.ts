import type { Worker } from "node:worker_threads";
import type { Logger } from "../kernel/logger.ts";
import { storageUnavailable } from "./flush-log.ts";
import type { InsertRows } from "./group-commit.ts";
import type { EventRows } from "./insert-rows.ts";
import type { FromThread, ToThread } from "./storing.protocol.ts";

/** With so many events within a second a thread is worth its 15 MB: storing them here takes 3 % of that second. */
const HEAVY_EVENTS = 2_000;
/** No such second for so long, and the thread ends. */
const IDLE_MS = 30_000;

export type StoringDeps = {
  /** Stores on this thread's own connection. */
  here: InsertRows;
  startThread: () => Worker;
  /** False while something else writes all the time: it would wait for the thread, and all of this process with it. */
  mayUseThread: () => boolean;
  steadyMs: () => number;
  idleMs?: number;
  log: Logger;
};

/**
 * Stores here, and in a thread of its own while many events come in. The two take turns: the thread is given a batch when
 * what began here is on disk, so that no promise of one connection stands behind a failed flush of the other.
 */
export function createStoring(deps: StoringDeps) {
  const { here, startThread, mayUseThread, steadyMs, idleMs = IDLE_MS, log } = deps;
  const begunHere = new Set<Promise<unknown>>();
  const isHeavy = createIsHeavy(steadyMs);
  /** Else the log of the database is in doubt, and the next batch here mends it. */
  let isWellHere = true;
  let thread: StoringThread | null = null;
  let idle: NodeJS.Timeout | undefined;

  /** One that is gone stays so for a while: what made it fail may do so again. */
  function keepThread(): void {
    if (!mayUseThread()) void endThread();
    else if (!thread) {
      thread = openStoringThread(startThread(), log);
      idle = setTimeout(endThread, idleMs).unref();
    } else if (thread.state() !== "gone") idle?.refresh();
  }

  /** It goes on with what it has; what comes next is stored here. */
  async function endThread(): Promise<void> {
    clearTimeout(idle);
    const ending = thread;
    thread = null;
    await ending?.end();
  }

  async function insertHere(rows: EventRows): Promise<boolean[]> {
    const inserting = here(rows);
    begunHere.add(inserting);
    try {
      const isNew = await inserting;
      isWellHere = true;
      return isNew;
    } catch (error) {
      isWellHere = false;
      throw error;
    } finally {
      begunHere.delete(inserting);
    }
  }

  return {
    async insertRows(rows: EventRows): Promise<boolean[]> {
      if (isHeavy(rows.count)) keepThread();
      if (thread?.state() === "ready") {
        await Promise.allSettled(begunHere);
        if (isWellHere && thread?.state() === "ready") return thread.insertRows(rows);
      }
      return insertHere(rows);
    },
    /** Resolves when nothing is under way any more. */
    async stop(): Promise<void> {
      await Promise.allSettled([...begunHere, endThread()]);
    },
  };
}

/** Says of so many events more whether the second they come in is a heavy one. */
function createIsHeavy(steadyMs: () => number) {
  let startedAtMs = 0;
  let events = 0;
  return function isHeavy(more: number): boolean {
    if (steadyMs() - startedAtMs >= 1_000) {
      startedAtMs = steadyMs();
      events = 0;
    }
    events += more;
    return events >= HEAVY_EVENTS;
  };
}

type StoringThread = ReturnType<typeof openStoringThread>;

/** This side of the thread. Once it is gone, whatever was under way is for its sender to send again. */
export function openStoringThread(worker: Worker, log: Logger) {
  const underWay = new Map<number, { resolve(isNew: boolean[]): void; reject(error: unknown): void }>();
  let state: "starting" | "ready" | "gone" = "starting";
  let lastId = 0;
  const tell = (message: ToThread) => worker.postMessage(message);

  function settle(answer: Exclude<FromThread, { kind: "ready" }>): void {
    const waiting = underWay.get(answer.id);
    underWay.delete(answer.id);
    if (answer.kind === "inserted") waiting?.resolve(answer.isNew);
    else {
      const error = new Error(answer.message);
      waiting?.reject(answer.isUnavailable ? storageUnavailable(error) : error);
    }
  }

  worker.on("message", (message: FromThread) => {
    if (message.kind === "ready") state = "ready";
    else settle(message);
  });
  worker.on("error", (error) => log.error({ err: error }, "the thread that stores events failed"));
  const gone = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      state = "gone";
      const error = storageUnavailable(new Error("the thread that stores events ended"));
      for (const { reject } of underWay.values()) reject(error);
      resolve();
    });
  });

  return {
    state: () => state,
    insertRows: (rows: EventRows) =>
      new Promise<boolean[]>((resolve, reject) => {
        lastId += 1;
        underWay.set(lastId, { resolve, reject });
        tell({ kind: "insert", id: lastId, rows });
      }),
    end(): Promise<void> {
      tell({ kind: "end" });
      return gone;
    },
  };
}
