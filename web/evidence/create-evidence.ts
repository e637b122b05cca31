import { type Later, laterByTimer } from "../lib/later.ts";
import { onPageWake } from "../lib/page-wake.ts";
import { createTabChanges, type TabChanges } from "../lib/tab-changes.ts";
import { createTabLocks, type TabLocks } from "../lib/tab-locks.ts";
import { type Evidence, type EvidencePicture, type EvidenceStatus, NO_EVIDENCE } from "./evidence.ts";
import { EvidenceDb } from "./evidence-db.ts";
import { createPictureOutbox, type OutboxLimit } from "./picture-outbox.ts";
import { createPutPicture } from "./put-picture.ts";
import { createSendPictures, type SendResult } from "./send-pictures.ts";

export type EvidenceServiceDeps = {
  db: EvidenceDb;
  fetch: typeof fetch;
  locks: TabLocks;
  /** Calls `wake` when a new try is promising; returns how to end it. */
  onWake: (wake: () => void) => () => void;
  openChanges: () => TabChanges;
  limit: OutboxLimit;
  nowMs: () => number;
  random: () => number;
  later: Later;
};

const CHANNEL_NAME = "guarita-evidence";
const LOCK_NAME = "guarita-evidence";
const LIMIT: OutboxLimit = { pictures: 200, bytes: 100_000_000 };
/** Another tab sends, or was closed while it did. */
const BUSY_RETRY_MS = 2_000;
/** The database itself failed (disk full, connection lost). */
const STORAGE_RETRY_MS = 10_000;

/** Pictures become durable here, and leave when the gateway has them. One sender over all tabs (Web Locks). */
export function createEvidence({
  db = new EvidenceDb(),
  fetch = (...request) => globalThis.fetch(...request), // as a method of the global object, as browsers demand
  locks = createTabLocks(LOCK_NAME, globalThis.navigator?.locks),
  onWake = onPageWake,
  openChanges = () => createTabChanges(CHANNEL_NAME),
  limit = LIMIT,
  nowMs = Date.now,
  random = Math.random,
  later = laterByTimer,
}: Partial<EvidenceServiceDeps> = {}): Evidence {
  const outbox = createPictureOutbox(db, limit);
  const put = createPutPicture({ fetch });
  const send = createSendPictures({ outbox, put, nowMs, random, onProgress: changed });
  const listeners = new Set<() => void>();
  let status: EvidenceStatus = NO_EVIDENCE;
  /** Aborted by `stop`; null while stopped. */
  let life: AbortController | null = null;
  let endings: (() => void)[] = [];
  let cancelRetry: (() => void) | null = null;
  let running: Promise<void> | null = null;
  let wanted: "no" | "due" | "forced" = "no";
  let changes: TabChanges | null = null;
  let reading: "no" | "once" | "again" = "no";

  function show(next: EvidenceStatus): void {
    status = next;
    for (const listener of listeners) listener();
  }

  /** Rows changed here: tell the other tabs, and show it. */
  function changed(): void {
    changes?.announce();
    void refresh();
  }

  /** One read at a time; what changes meanwhile is read once more. */
  async function refresh(): Promise<void> {
    if (reading !== "no") {
      reading = "again";
      return;
    }
    do {
      reading = "once";
      await outbox.summary().then(onRows, onStorageTrouble);
    } while (isReadingAgain());
    reading = "no";
  }

  const isReadingAgain = (): boolean => reading === "again";

  /** What waits and nobody here is about to send: kept by another tab, which may be closed by now. */
  function onRows(next: EvidenceStatus): void {
    show(next);
    if (next.waiting > 0 && !running && !cancelRetry) retryIn(BUSY_RETRY_MS);
  }

  function onStorageTrouble(error: unknown): void {
    show({ ...status, lastError: messageOf(error) });
  }

  function retryIn(delayMs: number): void {
    forgetRetry();
    if (!life) return;
    cancelRetry = later(
      () => {
        cancelRetry = null;
        void run(false);
      },
      Math.max(0, delayMs),
    );
  }

  function forgetRetry(): void {
    cancelRetry?.();
    cancelRetry = null;
  }

  /** One run at a time; what is asked for meanwhile becomes one further run. */
  function run(forced: boolean): Promise<void> {
    if (!life) return Promise.resolve();
    if (forced || wanted === "no") wanted = forced ? "forced" : "due";
    running ??= runAll(life.signal).finally(() => {
      running = null;
      if (wanted !== "no") void run(wanted === "forced"); // asked for in the last moment
      void refresh();
    });
    return running;
  }

  async function runAll(signal: AbortSignal): Promise<void> {
    while (wanted !== "no" && !signal.aborted) {
      const forced = wanted === "forced";
      wanted = "no";
      forgetRetry();
      try {
        settle(await locks.ifFree(() => send(forced, signal)));
      } catch (error) {
        onStorageTrouble(error);
        retryIn(STORAGE_RETRY_MS);
      }
    }
  }

  function settle(result: SendResult | "busy"): void {
    if (result === "busy") retryIn(BUSY_RETRY_MS);
    else if (result.status === "waiting") retryIn(result.nextTryAtMs - nowMs());
  }

  return {
    start() {
      if (life) return;
      life = new AbortController();
      changes = openChanges();
      changes.onChange(() => void refresh());
      endings = [onWake(() => void run(true))];
      void run(true);
    },
    stop() {
      life?.abort();
      life = null;
      forgetRetry();
      for (const end of endings.splice(0)) end();
      changes?.close();
      changes = null;
    },
    async keep(picture: EvidencePicture) {
      await outbox.add(picture);
      changed();
      void run(false);
    },
    async makeRoom() {
      const isShed = await outbox.shedHalf();
      changed();
      return isShed;
    },
    flush: () => run(true),
    status: () => status,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
