import type { EventQuery } from "#contract/events.ts";

/** What the page asks of every list of events; the time span comes from scrolling. */
export type EventFilter = Pick<EventQuery, "event_name" | "not_event_name" | "camera_id">;

/** The names under which answers are kept. The feed writes to the same places. */
export const queryKeys = {
  health: ["health"],
  cameras: ["cameras"],
  camerasHealth: ["camerasHealth"],
  zones: ["zones"],
  shop: ["shop"],
  settings: ["settings"],
  models: ["models"],
  plates: ["plates"],
  queues: ["queues"],
  /** What is known of a picture of evidence. */
  evidence: (mediaId: string) => ["evidence", mediaId],
  stations: ["stations"],
  sinks: ["sinks"],
  /** Prefix: parked for one sink. */
  parked: (sinkId: string) => ["parked", sinkId],
  /** Parked in this browser. */
  parkedHere: ["parkedHere"],
  /** Prefix of every event list. */
  allEvents: ["events"],
  events: (filter: EventFilter) => ["events", filter],
} as const;
