import type { StationLedger } from "#contract/ledger.ts";
import { NO_EVENTS, type SyncStatus } from "../sync/sync.ts";

/** What this station says of its events; null until they were read from its disk. */
export function stationLedger(
  { ledger, oldestWaitingAtMs }: SyncStatus,
  nowMs: number,
): StationLedger | null {
  if (ledger === NO_EVENTS) return null;
  const oldestWaitingMs = oldestWaitingAtMs === null ? null : Math.max(0, nowMs - oldestWaitingAtMs);
  return { ...ledger, oldestWaitingMs };
}
