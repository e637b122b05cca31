import type { EventRecord } from "#contract/events.ts";

const PLACEHOLDER = /\{(store_id|camera_id|zone_id|event_name)\}/g;
/** What would add a level to the topic, or ask for others. */
const NOT_PLAIN = /[^A-Za-z0-9._-]/g;

/** The topic of an event by a template of the sink; `none` stands for a camera or zone that it does not have. */
export function topicOf(
  template: string,
  event: Pick<EventRecord, "store_id"> & Partial<EventRecord>,
): string {
  return template.replace(PLACEHOLDER, (_whole, field: "store_id" | "camera_id" | "zone_id" | "event_name") =>
    (event[field] ?? "none").replace(NOT_PLAIN, "_"),
  );
}
