import type { EventRecord } from "#contract/events.ts";
import type { Bus } from "../kernel/bus.ts";
import type { StoreEvents } from "./store-events.ts";

/** Stores what the gateway itself noticed, and tells it like what a station sent. Rejects when nothing can be stored. */
export function createRecordEvents({ storeEvents, bus }: { storeEvents: StoreEvents; bus: Bus }) {
  return async function recordEvents(events: EventRecord[]): Promise<void> {
    const good = events.map((event, index) => ({ index, receiptAsSent: event.receipt_id, event }));
    const { stored } = await storeEvents(good);
    if (stored.length > 0) bus.emit("events.stored", { events: stored });
  };
}
