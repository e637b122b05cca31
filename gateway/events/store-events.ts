import type { StoredEvent } from "#contract/events.ts";
import type { GoodEvent } from "./sort-batch.ts";

export type EventWriter = {
  /** For each event whether it is new; one whose receipt was stored before, or stands earlier in the list, is not. */
  insertNew(events: StoredEvent[]): boolean[];
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
    const events = good.map(({ event }): StoredEvent => ({ ...event, received_at: receivedAt }));
    return inTransaction((writer) => {
      const isNew = writer.insertNew(events);
      const answers = good.map(({ index, receiptAsSent }, place): StoreOutcome["answers"][number] => ({
        index,
        receipt_id: receiptAsSent,
        outcome: isNew[place] ? "stored" : "duplicate",
      }));
      return { answers, stored: events.filter((_, place) => isNew[place]) };
    });
  };
}
export type StoreEvents = ReturnType<typeof createStoreEvents>;
