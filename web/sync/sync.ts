import type { EventRecord } from "#contract/events.ts";
import type { StationLedger } from "#contract/ledger.ts";
import type { StorageState } from "../lib/storage-watch.ts";

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
  /** The room that the browser gives to everything of this page. */
  storage: StorageState;
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

/** What is shown until the outbox is here, and said what it holds. */
export const NOTHING_KNOWN: SyncStatus = {
  ledger: NO_EVENTS,
  online: true,
  flushing: false,
  oldestWaitingAtMs: null,
  nextTryAtMs: null,
  lastError: null,
  isOutOfRoom: false,
  storage: { status: "unknown" },
};

/** An event that waits for a person. */
export type ParkedHere = {
  receiptId: string;
  /** Null where the row cannot be read, or holds no event as the contract has it. */
  event: EventRecord | null;
  /** As it lies on the disk. */
  json: string;
  code: string;
  reason: string;
  parkedAtMs: number;
};

export type DiscardedHere = { receiptId: string; json: string; why: string; discardedAtMs: number };

/** What a person can do about events that wait for one. Rows and counters change in one transaction. */
export type ParkedEvents = {
  /** Oldest first. */
  list(): Promise<ParkedHere[]>;
  /** They wait anew, as if they were made now. A row that cannot be read stays. Returns how many. */
  retry(which: WhichParked): Promise<number>;
  /** Gives them up for good; `why` is kept. Returns how many. */
  discard(which: WhichParked, why: string): Promise<number>;
  /** Payload and meta as they should have been; it stays parked. False when it is gone, or is no event. */
  correct(receiptId: string, correction: Correction): Promise<boolean>;
  /** Newest first, the last of them. */
  discarded(): Promise<DiscardedHere[]>;
};

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
  /** Asks the browser anew not to clear what is here; resolves when its answer is shown. */
  askPersistence(): Promise<void>;
  /** Resolves when the outbox is here. */
  parked(): Promise<ParkedEvents>;
};
