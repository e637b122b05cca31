import type { EventRecord } from "#contract/events.ts";
import type { StationLedger } from "#contract/ledger.ts";

/** The ledger of hop one, over all tabs of this browser. `isBalanced`: as the last recount of the rows found it. */
export type OutboxLedger = Omit<StationLedger, "oldestWaitingMs">;
export type OutboxCounts = Omit<OutboxLedger, "isBalanced">;

export type SyncStatus = {
  ledger: OutboxLedger;
  /** Whether the gateway answered the last try; until one was made, what the browser says of its network. */
  online: boolean;
  flushing: boolean;
  /** When the oldest waiting event was made; null when none waits. */
  oldestWaitingAtMs: number | null;
  /** When the next try is due after a failure; null when nothing failed. */
  nextTryAtMs: number | null;
  lastError: string | null;
  /** The last event could not be written for want of room, whatever was given up for it. */
  isOutOfRoom: boolean;
};

/** Counted as nothing, until the rows were read. */
export const NO_EVENTS: OutboxLedger = {
  created: 0,
  acknowledged: 0,
  waiting: 0,
  parked: 0,
  dropped: 0,
  discarded: 0,
  expired: 0,
  isBalanced: true,
};

/** An event that waits for a person. */
export type ParkedHere = {
  receiptId: string;
  /** Null where the row itself cannot be read. */
  event: EventRecord | null;
  /** As it lies on the disk. */
  json: string;
  code: string;
  reason: string;
  parkedAtMs: number;
};

export type DiscardedHere = { receiptId: string; json: string; why: string; discardedAtMs: number };

/** All that are parked, or those of these receipts. */
export type WhichParked = "all" | string[];
/** Absent parts are left out of the event. */
export type Correction = Pick<EventRecord, "payload" | "meta">;

export type Sync = {
  start(): void;
  stop(): void;
  /** Resolves once the events are on disk (IndexedDB, strict durability). */
  enqueue(events: EventRecord[]): Promise<void>;
  /** Tries now, whatever the backoff says. */
  flush(): Promise<void>;
  status(): SyncStatus;
  subscribe(listener: (status: SyncStatus) => void): () => void;
  /** Events that wait for a person, and what can be done about them: parked-events.ts. */
  parked(): Promise<ParkedHere[]>;
  retryParked(which: WhichParked): Promise<number>;
  discardParked(which: WhichParked, why: string): Promise<number>;
  correctParked(receiptId: string, correction: Correction): Promise<boolean>;
  discarded(): Promise<DiscardedHere[]>;
};
