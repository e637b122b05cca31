import type { StoredEvent } from "#contract/events.ts";
import type { GoodEvent } from "./sort-batch.ts";

export type EventWriter = {
  /** False, and nothing changed, when the receipt was stored before. */
  insertNew(event: StoredEvent): boolean;
};

/**
 * Runs `work` in one write transaction, on disk when the promise resolves; a throw undoes all of it. `work` never
 * awaits: the connection belongs to everybody, and nobody else's statement may slip in between.
 */
export type InTransaction = <T>(work: (writer: EventWriter) => T) => Promise<T>;

export type StoreEventsDeps = { inTransaction: InTransaction; nowMs: () => number };

/** The answers of a batch in its order, and the events that were new. */
export type StoreOutcome = {
  answers: { index: number; receipt_id: string; outcome: "stored" | "duplicate" }[];
  stored: StoredEvent[];
};

/** Stores what is new, all or nothing; a batch sent again changes nothing. */
export function createStoreEvents({ inTransaction, nowMs }: StoreEventsDeps) {
  return function storeEvents(good: GoodEvent[]): Promise<StoreOutcome> {
    const receivedAt = new Date(nowMs()).toISOString();
    return inTransaction((writer) => {
      const outcome: StoreOutcome = { answers: [], stored: [] };
      for (const { index, receiptAsSent, event } of good) {
        const storedEvent: StoredEvent = { ...event, received_at: receivedAt };
        const isNew = writer.insertNew(storedEvent);
        if (isNew) outcome.stored.push(storedEvent);
        outcome.answers.push({
          index,
          receipt_id: receiptAsSent,
          outcome: isNew ? "stored" : "duplicate",
        });
      }
      return outcome;
    });
  };
}
export type StoreEvents = ReturnType<typeof createStoreEvents>;
