import type { EventRecord } from "#contract/events.ts";
import type { EvidenceLink } from "./evidence-picture.ts";

/** Whether a picture of the moment belongs to it: something begins, or a plate was read. */
export const deservesPicture = ({ event_name, payload }: EventRecord): boolean =>
  payload?.state === "started" || (event_name === "compliance.detected" && payload?.state === undefined);

/** Why a picture was taken: the kind of rule, as the picture tells it. */
export function reasonOf({ event_name, payload }: EventRecord): string {
  const rule = payload?.rule as { kind?: string } | undefined; // as `station-events.ts` wrote it
  return rule?.kind ?? event_name.split(".", 1)[0] ?? event_name;
}

/** The events of a moment, those that deserve it linked to its picture. */
export function withPicture(events: EventRecord[], link: EvidenceLink | null): EventRecord[] {
  if (!link) return events;
  return events.map((event) => (deservesPicture(event) ? linked(event, link) : event));
}

function linked(event: EventRecord, { mediaId, sha256 }: EvidenceLink): EventRecord {
  const meta = { ...event.meta, media_id: mediaId, sha256 };
  if (event.event_name !== "compliance.detected") return { ...event, meta };
  return { ...event, payload: { ...event.payload, media_id: mediaId }, meta };
}
