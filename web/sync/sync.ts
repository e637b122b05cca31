import type { EventRecord } from "#contract/events.ts";

/** The ledger of hop one: created = acknowledged + waiting + parked + dropped + expired. */
export type OutboxLedger = {
  created: number;
  acknowledged: number;
  waiting: number;
  parked: number;
  /** What another station told instead (`stale_lease`). */
  dropped: number;
  expired: number;
};

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
};

export type Sync = {
  start(): void;
  stop(): void;
  /** Resolves once the events are on disk (IndexedDB, strict durability). */
  enqueue(events: EventRecord[]): Promise<void>;
  /** Tries now, whatever the backoff says. */
  flush(): Promise<void>;
  status(): SyncStatus;
  subscribe(listener: (status: SyncStatus) => void): () => void;
};
