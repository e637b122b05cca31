import { expect, test } from "vitest";
import { StationLedger } from "#contract/ledger.ts";
import { NO_EVENTS, NOTHING_KNOWN, type SyncStatus } from "../sync/sync.ts";
import { stationLedger } from "./station-ledger.ts";

const aStatus = (overrides: Partial<SyncStatus> = {}): SyncStatus => ({
  ...NOTHING_KNOWN,
  ...overrides,
});

test("nothing is said of events before they were read from the disk", () => {
  expect(stationLedger(aStatus(), 0)).toBeNull();
});

test("what is said fits the contract, and its age is never negative", () => {
  const ledger = { ...NO_EVENTS, created: 2, waiting: 2 };
  const said = (nowMs: number) => stationLedger(aStatus({ ledger, oldestWaitingAtMs: 1_000 }), nowMs);
  expect(StationLedger.parse(said(4_000))).toEqual({ ...ledger, oldestWaitingMs: 3_000 });
  expect(said(500)?.oldestWaitingMs).toBe(0);
  expect(stationLedger(aStatus({ ledger }), 0)?.oldestWaitingMs).toBeNull();
});
