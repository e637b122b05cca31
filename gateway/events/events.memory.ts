import type { StoredEvent } from "#contract/events.ts";
import type { EventReader } from "./search-events.ts";
import type { InsertNew } from "./store-events.ts";

type Row = { seq: number; event: StoredEvent };

/** Events in an array, for tests of what is built on the ports. `onStored` queues them; a throw undoes the batch. */
export function memoryEvents(onStored: (events: StoredEvent[]) => void = () => {}) {
  let rows: Row[] = [];

  const insertNew: InsertNew = async (events) => {
    const before = [...rows];
    const isNew = events.map((event) => {
      if (rows.some((row) => row.event.receipt_id === event.receipt_id)) return false;
      rows.push({ seq: rows.length + 1, event: structuredClone(event) });
      return true;
    });
    try {
      onStored(events.filter((_, place) => isNew[place]));
    } catch (error) {
      rows = before;
      throw error;
    }
    return isNew;
  };

  const find: EventReader["find"] = async ({
    before,
    limit,
    event_name,
    not_event_name,
    camera_id,
    from,
    to,
  }) =>
    rows
      .filter(({ event }) => event_name === null || event.event_name === event_name)
      .filter(({ event }) => !not_event_name.includes(event.event_name))
      .filter(({ event }) => camera_id === null || event.camera_id === camera_id)
      .filter(({ event }) => (from === null || event.ts >= from) && (to === null || event.ts <= to))
      .filter((row) => before === null || isBefore(row, before))
      .sort((a, b) => (isBefore(a, { ts: b.event.ts, seq: b.seq }) ? 1 : -1))
      .slice(0, limit);

  return { insertNew, find };
}

function isBefore({ event, seq }: Row, place: { ts: string; seq: number }): boolean {
  return event.ts < place.ts || (event.ts === place.ts && seq < place.seq);
}
