import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import type { EvidenceFiles } from "./evidence-files.ts";
import type { EvidenceRows } from "./store-evidence.ts";

type SweepDeps = {
  rows: EvidenceRows;
  files: EvidenceFiles;
  /** Asked at every run. */
  retentionDays: () => number;
  nowMs: () => number;
  log: Logger;
  onSwept: (pictures: number, bytes: number) => void;
};

export type SweepResult =
  /** Nothing is left that should go. */
  | "done"
  /** The time was up: the rest waits for the next run. */
  | "more";

const DAY_MS = 24 * 3_600_000;
/** One run takes no longer, so that a disk with a month's pictures is not busy with nothing else. */
export const SWEEP_LIMIT_MS = 20_000;
const AT_ONCE = 100;
/** A file without a row may be one whose row is just being written. */
const ORPHAN_AGE_MS = 10 * 60_000;
/** So long the gateway still knows that it had a picture ("no longer kept") after its file is gone. */
const REMEMBERED_DAYS = 400;

/**
 * Gives up pictures older than the retention, and files that a crash left without a row. The row says first that the
 * picture is gone: a file that outlives its row is found again here, a row never promises a file that is not there.
 */
export function createSweep({ rows, files, retentionDays, nowMs, log, onSwept }: SweepDeps) {
  async function giveUp(old: { mediaId: string; file: string; sizeBytes: number }[]): Promise<void> {
    await rows.markSwept(
      old.map(({ mediaId }) => mediaId),
      nowMs(),
    );
    onSwept(
      old.length,
      old.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
    for (const { file } of old) await files.remove(file);
  }

  async function removeOrphans(day: string): Promise<void> {
    const settled = (await files.ofDay(day)).filter(({ ageMs }) => ageMs > ORPHAN_AGE_MS);
    for (let at = 0; at < settled.length; at += AT_ONCE) {
      const names = settled.slice(at, at + AT_ONCE).map(({ name }) => name);
      const kept = await rows.keptFiles(names);
      for (const name of names) if (!kept.has(name)) await files.remove(name);
    }
    await files.closeDay(day);
  }

  /** Never rejects: what cannot be removed now is tried again at the next run. */
  return async function sweep(signal?: AbortSignal): Promise<SweepResult> {
    const endsAtMs = nowMs() + SWEEP_LIMIT_MS;
    const isOver = () => signal?.aborted === true || nowMs() >= endsAtMs;
    try {
      for (;;) {
        const old = await rows.storedBefore(nowMs() - retentionDays() * DAY_MS, AT_ONCE);
        if (old.length === 0) break;
        await giveUp(old);
        if (isOver()) return "more";
      }
      for (const day of await files.days()) {
        await removeOrphans(day);
        if (isOver()) return "more";
      }
      await rows.forgetSwept(nowMs() - (retentionDays() + REMEMBERED_DAYS) * DAY_MS);
    } catch (error) {
      log.warn({ reason: messageOf(error) }, "old pictures could not be removed now");
    }
    return "done";
  };
}
export type Sweep = ReturnType<typeof createSweep>;
