import type { StoredEvent } from "#contract/events.ts";
import type { GoodEvent } from "./sort-batch.ts";

/**
 * Stores what is new, and queues it for delivery, in one transaction: all of it is on disk when the promise resolves.
 * What rejects may be sent again: none of it was stored, or all of it, and then it is no longer new. Answers for each
 * event whether it is new; one whose receipt was stored before, or stands earlier in the list, is not.
 */
export type InsertNew = (events: StoredEvent[]) => Promise<boolean[]>;

export type StoreEventsDeps = { insertNew: InsertNew; nowMs: () => number };

/** The answers of a batch in its order, and the events that were new. */
export type StoreOutcome = {
  answers: { index: number; receipt_id: string; outcome: "stored" | "duplicate" }[];
  stored: StoredEvent[];
};

/** A batch sent again changes nothing. */
export function createStoreEvents({ insertNew, nowMs }: StoreEventsDeps) {
  return async function storeEvents(good: GoodEvent[]): Promise<StoreOutcome> {
    const receivedAt = new Date(nowMs()).toISOString();
    const events = good.map(({ event }): StoredEvent => ({ ...event, received_at: receivedAt }));
    const isNew = await insertNew(events);
    const answers = good.map(({ index, receiptAsSent }, place): StoreOutcome["answers"][number] => ({
      index,
      receipt_id: receiptAsSent,
      outcome: isNew[place] ? "stored" : "duplicate",
    }));
    return { answers, stored: events.filter((_, place) => isNew[place]) };
  };
}
export type StoreEvents = ReturnType<typeof createStoreEvents>;
