import type { EventPage, EventQuery, StoredEvent } from "#contract/events.ts";
import { GatewayError } from "../kernel/errors.ts";

/** Where a page ended: the instant of its last event, and its order of storing among events of one instant. */
export type Place = { ts: string; seq: number };

/** What a store is asked; times are in the stored form (24 characters), both ends included. */
export type EventFilter = {
  before: Place | null;
  limit: number;
  event_name: string | null;
  /** Left out; none when empty. */
  not_event_name: string[];
  camera_id: string | null;
  from: string | null;
  to: string | null;
};

export type EventReader = {
  /** Newest first by `ts`; among equals the later stored first. */
  find(filter: EventFilter): Promise<{ event: StoredEvent; seq: number }[]>;
};

/** Pages through stored events, newest first. A page that follows a cursor never repeats or skips a stored event. */
export function createSearchEvents(reader: EventReader) {
  return async function searchEvents(query: EventQuery): Promise<EventPage> {
    const found = await reader.find({
      before: query.cursor === undefined ? null : parseCursor(query.cursor),
      limit: query.limit + 1, // one more than asked tells whether there is a next page
      event_name: query.event_name ?? null,
      not_event_name: query.not_event_name ?? [],
      camera_id: query.camera_id?.toLowerCase() ?? null,
      from: query.from === undefined ? null : new Date(query.from).toISOString(),
      to: query.to === undefined ? null : new Date(query.to).toISOString(),
    });
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    const events = rows.map(({ event }) => event);
    if (found.length <= query.limit || !last) return { events };
    return { events, next_cursor: `${last.event.ts}~${last.seq}` };
  };
}
export type SearchEvents = ReturnType<typeof createSearchEvents>;

function parseCursor(cursor: string): Place {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)~(\d{1,15})$/.exec(cursor);
  if (!match?.[1]) throw new GatewayError("bad_request", "The cursor is not one that this gateway gave.");
  return { ts: match[1], seq: Number(match[2]) };
}
