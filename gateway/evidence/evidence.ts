import type { EventRecord } from "#contract/events.ts";
import type { Bus } from "../kernel/bus.ts";
import type { Database } from "../kernel/database.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import { sqliteEvidence } from "./evidence.sqlite.ts";
import { createEvidenceFiles } from "./evidence-files.ts";
import { createSnapshotThrottle } from "./snapshot-throttle.ts";
import { sqliteSnapshotTickets } from "./snapshot-tickets.sqlite.ts";
import { createSnapshots } from "./snapshots.ts";
import { createStoreEvidence } from "./store-evidence.ts";
import { createSweep } from "./sweep-evidence.ts";

/** For `/metrics`. `stored` and `swept` count pictures since the start; the others are what is kept now. */
export type EvidenceFigures = { stored: number; swept: number; pictures: number; bytes: number };

export type EvidenceDeps = {
  db: Database;
  /** Where the pictures lie; made where it is missing. */
  folder: string;
  /** May change while it runs. */
  retentionDays: () => number;
  bus: Bus;
  record: (events: EventRecord[]) => Promise<void>;
  storeId: string;
  newId: () => string;
  nowMs: () => number;
  log: Logger;
  /** Calls `work` once, `afterMs` from now; returns what calls it off. */
  later?: (work: () => void, afterMs: number) => () => void;
};

const SWEEP_EVERY_MS = 24 * 3_600_000;
/** What a run had no time for goes on after a pause. */
const SWEEP_AGAIN_MS = 60_000;

/** Everything about pictures of evidence, joined: storing, snapshots on demand, retention, figures. */
export function createEvidence(deps: EvidenceDeps) {
  const { db, nowMs, log, later = laterByTimer } = deps;
  const rows = sqliteEvidence({ db });
  const files = createEvidenceFiles(deps.folder, nowMs);
  const figures: EvidenceFigures = { stored: 0, swept: 0, pictures: 0, bytes: 0 };
  const life = new AbortController();
  let cancelNext = () => {};
  let sweeping: Promise<void> = Promise.resolve();

  const snapshots = createSnapshots({
    tickets: sqliteSnapshotTickets({ db }),
    throttle: createSnapshotThrottle(nowMs),
    record: deps.record,
    storeId: deps.storeId,
    newId: deps.newId,
    nowMs,
  });
  const storeNow = createStoreEvidence({ ...deps, rows, files, onKept: snapshots.onKept });
  const sweep = createSweep({
    ...deps,
    rows,
    files,
    onSwept(pictures, bytes) {
      figures.swept += pictures;
      figures.pictures -= pictures;
      figures.bytes -= bytes;
    },
  });

  async function runSweep(): Promise<void> {
    const result = await sweep(life.signal);
    await snapshots.forgetOld().catch((error: unknown) => {
      log.warn({ reason: messageOf(error) }, "old leave to take pictures could not be removed now");
    });
    if (!life.signal.aborted) sweepIn(result === "more" ? SWEEP_AGAIN_MS : SWEEP_EVERY_MS);
  }

  function sweepIn(afterMs: number): void {
    cancelNext = later(() => {
      sweeping = runSweep();
    }, afterMs);
  }

  /** The gateway was killed between a picture and its event. */
  async function tellWhatWasCutOff(): Promise<void> {
    for (const mediaId of await snapshots.withPicture()) {
      const row = await rows.find(mediaId);
      if (row) await snapshots.onKept(row);
    }
  }

  return {
    files,
    find: rows.find,
    ask: snapshots.ask,
    async store(picture: Parameters<typeof storeNow>[0]) {
      const answer = await storeNow(picture);
      if (answer.outcome === "stored") {
        figures.stored += 1;
        figures.pictures += 1;
        figures.bytes += picture.bytes.length;
      }
      return answer;
    },
    figures: (): EvidenceFigures => figures,
    /** When a picture stored then is given up. */
    keptUntilMs: (storedAtMs: number): number => storedAtMs + deps.retentionDays() * 24 * 3_600_000,
    /** Before the first picture may come: nothing is being written yet. */
    async start(): Promise<void> {
      Object.assign(figures, await rows.totals());
      try {
        await files.clearIncoming();
        await tellWhatWasCutOff();
      } catch (error) {
        log.warn({ reason: messageOf(error) }, "the pictures of the last run could not be looked after");
      }
      sweepIn(0);
    },
    async stop(): Promise<void> {
      life.abort();
      cancelNext();
      await sweeping;
    },
  };
}
export type Evidence = ReturnType<typeof createEvidence>;

function laterByTimer(work: () => void, afterMs: number): () => void {
  const timer = setTimeout(work, afterMs).unref();
  return () => clearTimeout(timer);
}
