import { open } from "node:fs/promises";
import type Sqlite from "better-sqlite3";
import { GatewayError } from "../kernel/errors.ts";

/** Committing in two steps: into SQLite's log at once, and the log onto the disk beside other work. */
export type FlushedLog = {
  /** Runs `commit`, which must end its transaction. What it commits is on disk after the next `flushed`. */
  unflushed<T>(commit: () => T): T;
  /** Resolves when all that was committed before the call is on disk. */
  flushed(): Promise<void>;
};

/** Where a commit flushes by itself: in a thread that has nothing else to do, or without a log. */
export const FLUSHED_BY_COMMIT: FlushedLog = { unflushed: (commit) => commit(), flushed: async () => {} };

/**
 * SQLite flushes its log within a commit, and the whole gateway waits. Here the commit leaves that out, for this one
 * transaction (`synchronous=NORMAL`), and the file is flushed in a thread of Node's own; whoever wants to say "stored"
 * waits for that, and nobody else does. A power cut in between loses what nobody was told to be stored. Frames of the
 * log carry checksums, so that the database stays whole.
 */
export function createFlushedLog(raw: Sqlite.Database, flushFile = flushToDisk): FlushedLog {
  const hasLog = raw.pragma("journal_mode", { simple: true }) === "wal";
  if (!hasLog) return FLUSHED_BY_COMMIT;

  let isInDoubt = false;
  const flushed = createShared(async () => {
    try {
      if (isInDoubt) checkpointAll(raw);
      await flushFile(`${raw.name}-wal`);
      isInDoubt = false;
    } catch (error) {
      isInDoubt = true; // the system may drop what it could not write, and find nothing to flush the next time
      throw storageUnavailable(error);
    }
  });

  return {
    unflushed(commit) {
      raw.pragma("synchronous = NORMAL");
      try {
        return commit();
      } finally {
        raw.pragma("synchronous = FULL");
      }
    },
    flushed,
  };
}

/** Runs `work` once at a time. Who calls meanwhile shares the run that begins afterwards: it began after their call. */
function createShared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let following: Promise<void> | null = null;

  function run(): Promise<void> {
    following = null;
    running = work().finally(() => {
      running = null;
    });
    return running;
  }

  return function shared() {
    if (following) return following;
    if (!running) return run();
    following = running.then(run, run);
    return following;
  };
}

/** Opened anew each time: the file goes and comes with the connections to the database. */
async function flushToDisk(path: string): Promise<void> {
  const file = await open(path, "r+"); // Windows flushes only what may be written
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Moves the whole log into the database itself, flushed; throws when that cannot be. */
function checkpointAll(raw: Sqlite.Database): void {
  const [{ busy } = { busy: 1 }] = raw.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[]; // so documented
  if (busy !== 0) throw new Error("another program reads the database's log, which must be written anew");
}

/** For the sender to try again later. */
export const storageUnavailable = (cause: unknown): GatewayError =>
  new GatewayError("storage_unavailable", "The gateway cannot write to its disk now. Try again later.", {
    cause,
  });
