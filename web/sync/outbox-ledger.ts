import { onLiveConnection } from "../lib/live-connection.ts";
import type { CounterRow, GateRow, GuaritaDb } from "./guarita-db.ts";
import type { OutboxCounts } from "./sync.ts";

export type OutboxSummary = {
  ledger: OutboxCounts;
  oldestAddedAtMs: number | null;
  gate: GateRow | null;
};

export const NOTHING_COUNTED: CounterRow = {
  name: "events",
  created: 0,
  acknowledged: 0,
  parked: 0,
  dropped: 0,
  discarded: 0,
  expired: 0,
};

/** Reads the ledger that the outbox keeps, and checks it. */
export function createOutboxLedger(db: GuaritaDb) {
  const { waiting, parked, counters, gates } = db;

  function summary(): Promise<OutboxSummary> {
    return onLiveConnection(db, () =>
      db.transaction("r", waiting, counters, gates, async () => {
        const [counted, oldest, gate] = await Promise.all([
          counters.get("events"),
          waiting.toCollection().first(),
          gates.get("gateway"),
        ]);
        return {
          ledger: ledgerOf(counted ?? NOTHING_COUNTED),
          oldestAddedAtMs: oldest?.addedAtMs ?? null,
          gate: gate ?? null,
        };
      }),
    );
  }

  /** The check on the counters: counts the rows themselves. */
  function recount(): Promise<{ ledger: OutboxCounts; waiting: number; parked: number; balanced: boolean }> {
    return onLiveConnection(db, () =>
      db.transaction("r", waiting, parked, counters, async () => {
        const [counted, waitingRows, parkedRows] = await Promise.all([
          counters.get("events"),
          waiting.count(),
          parked.count(),
        ]);
        const ledger = ledgerOf(counted ?? NOTHING_COUNTED);
        const balanced = ledger.waiting === waitingRows && ledger.parked === parkedRows;
        return { ledger, waiting: waitingRows, parked: parkedRows, balanced };
      }),
    );
  }

  return { summary, recount };
}

function ledgerOf(row: CounterRow): OutboxCounts {
  const { created, acknowledged, parked, dropped = 0, discarded = 0, expired } = row;
  const waiting = created - acknowledged - parked - dropped - discarded - expired;
  return { created, acknowledged, waiting, parked, dropped, discarded, expired };
}
