import { createTabChanges } from "../lib/tab-changes.ts";
import { createTabLocks } from "../lib/tab-locks.ts";
import { createEventOutbox } from "./event-outbox.ts";
import { createFlush } from "./flush.ts";
import { GuaritaDb } from "./guarita-db.ts";
import { createPostBatch } from "./post-batch.ts";
import { FLUSH_LOCK, OUTBOX_CHANNEL } from "./shared-names.ts";

/** The tag under which the page asks the browser to wake the service worker. */
export const BACKGROUND_SYNC_TAG = "guarita-flush";

/** A page that flushes holds the lock; if it ends in the middle, the service worker goes on from there. */
const LONGEST_TURN_WAIT_MS = 60_000;

/**
 * One flush for the service worker: waits for its turn, sends all that waits, closes everything. Rejects when events
 * stay, so that the browser wakes the worker again.
 */
export async function flushInBackground(): Promise<void> {
  const nowMs = Date.now;
  const db = new GuaritaDb();
  const changes = createTabChanges(OUTBOX_CHANNEL);
  const flush = createFlush({
    outbox: createEventOutbox(db, nowMs),
    post: createPostBatch({ fetch: (...request) => fetch(...request), nowMs }),
    nowMs,
    random: Math.random,
    onProgress: changes.announce,
  });
  try {
    const result = await createTabLocks(FLUSH_LOCK, navigator.locks).inTurn(
      () => flush({ forced: true, signal: new AbortController().signal }),
      AbortSignal.timeout(LONGEST_TURN_WAIT_MS),
    );
    if (result.status === "waiting") throw new Error(`Events stay on this device: ${result.reason}`);
  } finally {
    changes.close();
    db.close();
  }
}
