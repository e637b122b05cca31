import type { EventRecord } from "#contract/events.ts";
import { type Later, laterByTimer } from "../lib/later.ts";
import { isOutOfRoom } from "../lib/out-of-room.ts";
import { createStorageWatch, type StorageWatch } from "../lib/storage-watch.ts";
import { createTabChanges, type TabChanges } from "../lib/tab-changes.ts";
import { createTabLocks, type TabLocks } from "../lib/tab-locks.ts";
import { createEventOutbox, type MakeRoom } from "./event-outbox.ts";
import { createFlush, type FlushResult } from "./flush.ts";
import { GuaritaDb } from "./guarita-db.ts";
import { createPageSignals, type PageSignals } from "./page-signals.ts";
import { createParkedEvents } from "./parked-events.ts";
import { createPostBatch } from "./post-batch.ts";
import { FLUSH_LOCK, OUTBOX_CHANNEL } from "./shared-names.ts";
import { NOTHING_KNOWN, type ParkedEvents, type Sync, type SyncStatus } from "./sync.ts";

export type SyncDeps = {
  db: GuaritaDb;
  fetch: typeof fetch;
  locks: TabLocks;
  openChanges: () => TabChanges;
  page: PageSignals;
  storage: StorageWatch;
  /** Asked when the browser gives no more room for an event. */
  makeRoom: MakeRoom;
  nowMs: () => number;
  random: () => number;
  later: Later;
};

/** Another tab flushes: look again soon, in case it stopped looking just before our event was written. */
const BUSY_RETRY_MS = 1_000;
/** Runs that new events ask for start at most this often. */
const FLUSH_EVERY_MS = 200;
/** Events wait and no failure is known: another tab sends them, or was closed while it did. */
const STRAGGLER_MS = 5_000;
/** The database itself failed (disk full, connection lost). */
const STORAGE_RETRY_MS = 10_000;
/** Status is read from the database at most this often, so that it does not stand in the way of writes. */
const STATUS_EVERY_MS = 250;
/** Counting all rows costs more than reading the counters; a sum that is wrong stays wrong. */
const RECOUNT_EVERY_MS = 10_000;

/** Hop one: events become durable here, and leave only when the gateway answered for them. */
export function createSync({
  db = new GuaritaDb(),
  fetch = (...request) => globalThis.fetch(...request), // as a method of the global object, as browsers demand
  locks = createTabLocks(FLUSH_LOCK, globalThis.navigator?.locks),
  openChanges = () => createTabChanges(OUTBOX_CHANNEL),
  page = createPageSignals(),
  storage = createStorageWatch({ storage: globalThis.navigator?.storage, every: everyByTimer }),
  makeRoom = async () => false,
  nowMs = Date.now,
  random = Math.random,
  later = laterByTimer,
}: Partial<SyncDeps> = {}): Sync {
  const outbox = createEventOutbox(db, nowMs, makeRoom);
  const parkedEvents = createParkedEvents(db, nowMs);
  const flushDue = createFlush({
    outbox,
    post: createPostBatch({ fetch, nowMs }),
    nowMs,
    random,
    onProgress: changed,
  });
  const listeners = new Set<(status: SyncStatus) => void>();
  let changes: TabChanges | null = null;
  let status: SyncStatus = { ...NOTHING_KNOWN, online: page.looksOnline() };
  /** Aborted by `stop`; null while stopped. */
  let life: AbortController | null = null;
  let endListening: (() => void)[] = [];
  let cancelRetry: (() => void) | null = null;
  let cancelRefresh: (() => void) | null = null;
  let startedAtMs = Number.NEGATIVE_INFINITY;
  let recountedAtMs = Number.NEGATIVE_INFINITY;
  /** The run under way, and the one that follows it. */
  let running: Promise<void> | null = null;
  let following: { forced: boolean; done: Promise<void> } | null = null;

  function show(part: Partial<SyncStatus>) {
    status = { ...status, ...part };
    for (const listener of listeners) listener(status);
  }

  /** Rows or counters changed here: tell the other tabs, and show it. */
  function changed() {
    changes?.announce();
    refreshSoon();
  }

  function refreshSoon() {
    if (!life || cancelRefresh) return;
    cancelRefresh = later(() => void refresh(), STATUS_EVERY_MS);
  }

  async function refresh(): Promise<void> {
    try {
      const { ledger, oldestAddedAtMs, gate } = await outbox.summary();
      const nextTryAtMs = gate && ledger.waiting > 0 ? gate.nextTryAtMs : null;
      const isBalanced = await recounted();
      show({
        ledger: { ...ledger, isBalanced },
        oldestWaitingAtMs: oldestAddedAtMs,
        nextTryAtMs,
        lastError: gate?.lastError ?? null,
      });
      // the tab that sends, or that waits after a failure, may be closed: any other must be able to take over
      if (ledger.waiting > 0 && !running && !cancelRetry) retryAt(nextTryAtMs ?? nowMs() + STRAGGLER_MS);
    } catch (error) {
      show({ lastError: messageOf(error) });
    } finally {
      cancelRefresh = null;
    }
  }

  /** Whether the sums agree: counted again now and then, else as it was found last. */
  async function recounted(): Promise<boolean> {
    // also when the clock was put back
    if (Math.abs(nowMs() - recountedAtMs) < RECOUNT_EVERY_MS) return status.ledger.isBalanced;
    recountedAtMs = nowMs();
    return (await outbox.recount()).balanced;
  }

  function retryAt(atMs: number) {
    forgetRetry();
    if (life) cancelRetry = later(() => void run(false), Math.max(0, atMs - nowMs()));
  }

  function forgetRetry() {
    cancelRetry?.();
    cancelRetry = null;
  }

  /** At once, but not again and again: what is enqueued in quick succession shares batches. */
  function flushSoon() {
    const { nextTryAtMs } = status;
    if (nextTryAtMs !== null && nowMs() < nextTryAtMs) return;
    const earliestAtMs = startedAtMs + FLUSH_EVERY_MS;
    if (earliestAtMs <= nowMs() || startedAtMs > nowMs()) void run(false);
    else if (!cancelRetry) retryAt(earliestAtMs);
  }

  /** One run at a time; what is asked for meanwhile becomes one further run. */
  function run(forced: boolean): Promise<void> {
    if (!life) return Promise.resolve();
    if (!running) {
      running = runOnce(forced, life.signal).finally(() => {
        running = null;
      });
      return running;
    }
    if (following) following.forced ||= forced;
    else following = { forced, done: running.then(() => runFollowing()) };
    return following.done;
  }

  function runFollowing(): Promise<void> {
    const forced = following?.forced ?? false;
    following = null;
    return run(forced);
  }

  async function runOnce(forced: boolean, signal: AbortSignal): Promise<void> {
    forgetRetry();
    startedAtMs = nowMs();
    show({ flushing: true });
    try {
      const result = await locks.ifFree(() => flushDue({ forced, signal }));
      settleRun(result);
    } catch (error) {
      show({ lastError: messageOf(error) });
      retryAt(nowMs() + STORAGE_RETRY_MS);
    } finally {
      show({ flushing: false });
      refreshSoon();
    }
  }

  function settleRun(result: FlushResult | "busy") {
    if (result === "busy") return retryAt(nowMs() + BUSY_RETRY_MS);
    if (result.status === "empty") return show({ online: true, nextTryAtMs: null, lastError: null });
    if (result.status === "stopped") return;
    show({ online: false, nextTryAtMs: result.nextTryAtMs, lastError: result.reason });
    retryAt(result.nextTryAtMs);
    page.requestBackgroundSync();
    changed();
  }

  async function enqueue(events: EventRecord[]): Promise<void> {
    try {
      await outbox.add(events);
    } catch (error) {
      if (isOutOfRoom(error)) show({ isOutOfRoom: true });
      throw error;
    }
    if (status.isOutOfRoom) show({ isOutOfRoom: false });
    changed();
    flushSoon();
  }

  const parkedHere: ParkedEvents = {
    ...parkedEvents,
    async retry(which) {
      const count = await parkedEvents.retry(which);
      changed();
      void run(true);
      return count;
    },
    async discard(which, why) {
      const count = await parkedEvents.discard(which, why);
      changed();
      return count;
    },
  };

  function start() {
    if (life) return;
    life = new AbortController();
    changes = openChanges();
    changes.onChange(refreshSoon);
    endListening = [
      page.onWake(() => void run(true)),
      page.onHide(() => {
        if (status.ledger.waiting > 0) page.requestBackgroundSync();
      }),
      storage.subscribe(() => show({ storage: storage.state() })),
    ];
    storage.start();
    storage.askPersistence().catch(() => {}); // refused: the database works, it is only evicted earlier
    void run(true);
  }

  function stop() {
    life?.abort();
    life = null;
    forgetRetry();
    cancelRefresh?.();
    cancelRefresh = null;
    for (const end of endListening) end();
    endListening = [];
    storage.stop();
    changes?.close();
    changes = null;
  }

  return {
    start,
    stop,
    enqueue,
    flush: () => run(true),
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    askPersistence: storage.askPersistence,
    parked: async () => parkedHere,
  };
}

function everyByTimer(work: () => void, periodMs: number): () => void {
  const timer = setInterval(work, periodMs);
  return () => clearInterval(timer);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
