import { Dexie, type EntityTable } from "dexie";
import type { ParkedCode } from "../lib/parked-code.ts";

/** An event on its way to the gateway. `json` is the record exactly as it will be sent. */
export type WaitingRow = {
  /** The order of adding. As the key it lets a whole batch be read, and deleted, as one range. */
  seq: number;
  receipt_id: string;
  json: string;
  /** By this device's clock. */
  addedAtMs: number;
  /** Only on an event that an answer left out: not before then. */
  dueAtMs?: number;
  /** How often an answer left it out. */
  attempts: number;
};

/** An event that waits for a person: the gateway refused it, or its row cannot be read. */
export type ParkedRow = {
  receipt_id: string;
  json: string;
  /** A `ParkedCode`, as far as this version wrote it. */
  code: string;
  reason: string;
  addedAtMs: number;
  parkedAtMs: number;
};

/** Changes only in the transaction that moves the rows. What waits is created minus the others. */
export type CounterRow = {
  name: "events";
  created: number;
  acknowledged: number;
  parked: number;
  /** Absent in rows of before there was more than one station. */
  dropped?: number;
  /** Absent in rows of before a person could discard. */
  discarded?: number;
  expired: number;
};

/** An event that a person gave up, and why. */
export type DiscardRow = {
  /** The order of discarding. */
  seq: number;
  receipt_id: string;
  json: string;
  /** Why it had been parked. */
  code: string;
  reason: string;
  /** What the person said. */
  why: string;
  discardedAtMs: number;
};

/** The code of a row that cannot be read: nothing was sent. */
export const BROKEN_ROW = "broken_row" satisfies ParkedCode;

/** The wait after a failure, one for every tab and the service worker. Absent: nothing failed since the last success. */
export type GateRow = {
  name: "gateway";
  /** Failures in a row. */
  attempts: number;
  setAtMs: number;
  nextTryAtMs: number;
  lastError: string;
};

/**
 * The device's database. A change of shape becomes `version(3).stores(...).upgrade(...)` below the others, which are never
 * edited: devices that were off for months migrate step by step. Rows that do not fit in the end are parked.
 */
export class GuaritaDb extends Dexie {
  declare waiting: EntityTable<WaitingRow, "seq">;
  declare parked: EntityTable<ParkedRow, "receipt_id">;
  declare counters: EntityTable<CounterRow, "name">;
  declare gates: EntityTable<GateRow, "name">;
  declare discards: EntityTable<DiscardRow, "seq">;

  constructor(name = "guarita", options: { indexedDB?: IDBFactory; IDBKeyRange?: typeof IDBKeyRange } = {}) {
    // "relaxed", Chromium's default, may lose the last seconds when the power goes
    super(name, { chromeTransactionDurability: "strict", ...options });
    this.version(1).stores({
      waiting: "++seq, &receipt_id, dueAtMs",
      parked: "receipt_id, parkedAtMs",
      counters: "name",
      gates: "name",
    });
    this.version(2).stores({ discards: "++seq" });
  }
}
