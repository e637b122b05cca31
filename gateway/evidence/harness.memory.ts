import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import { createBus } from "../kernel/bus.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createEvidence, type EvidenceDeps } from "./evidence.ts";

/** A gateway's evidence on a real disk and a database in memory, that can be started again. Time passes by hand. */
export async function evidenceHarness() {
  const folder = mkdtempSync(join(tmpdir(), "guarita-evidence-"));
  const database: OpenDatabase = await openDatabase(":memory:");
  const recorded: EventRecord[] = [];
  const told: string[] = [];
  const waiting: { work: () => void; atMs: number }[] = [];
  const harness = {
    folder,
    database,
    /** Events as the table would have them: one a receipt. */
    recorded,
    /** Media ids that the bus told. */
    told,
    nowMs: Date.now(),
    /** How storing an event fails, where it does. */
    recordFails: null as Error | null,
    /** A new life over the same disk and database. */
    start(overrides: Partial<EvidenceDeps> = {}) {
      const bus = createBus(silentLogger());
      bus.on("evidence.stored", ({ mediaId }) => told.push(mediaId));
      waiting.length = 0;
      return createEvidence({
        db: database.db,
        folder,
        retentionDays: () => 30,
        bus,
        async record(events) {
          if (harness.recordFails) throw harness.recordFails;
          for (const event of events) {
            if (!recorded.some(({ receipt_id }) => receipt_id === event.receipt_id)) recorded.push(event);
          }
        },
        storeId: STORE_ID,
        newId: anId,
        nowMs: () => harness.nowMs,
        log: silentLogger(),
        later(work, afterMs) {
          const entry = { work, atMs: harness.nowMs + afterMs };
          waiting.push(entry);
          return () => void waiting.splice(waiting.indexOf(entry), 1);
        },
        ...overrides,
      });
    },
    /** Runs what is due; the work goes on by itself. */
    pass(byMs: number) {
      harness.nowMs += byMs;
      for (const entry of waiting.filter(({ atMs }) => atMs <= harness.nowMs)) {
        waiting.splice(waiting.indexOf(entry), 1);
        entry.work();
      }
    },
    isSweepPlanned: () => waiting.length > 0,
    /** Files below the folder, without folders. */
    files: () =>
      existsSync(folder)
        ? readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map(({ name }) => name)
        : [],
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return harness;
}
export type EvidenceHarness = Awaited<ReturnType<typeof evidenceHarness>>;
