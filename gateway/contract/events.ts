import { z } from "zod";

/** The closed list. A new kind of rule becomes a payload, never a name. */
export const EventName = z.enum([
  "camera.health",
  "camera.snapshot",
  "queue.detected",
  "idle.detected",
  "compliance.detected",
  "vision.metrics.v1",
]);
export type EventName = z.infer<typeof EventName>;

/** Any JSON object. Not `z.record`, which copies and checks key by key: ingest spends most of its time here. */
const JsonObject = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected an object",
);

/** The published record. Its field names are the contract's, in snake_case, everywhere they appear. */
export const EventRecord = z.strictObject({
  /** Made once, where the event is born. The gateway stores a receipt at most once. */
  receipt_id: z.uuid(),
  event_name: EventName,
  /** When it happened: ISO 8601, UTC, by the gateway's clock. */
  ts: z.iso.datetime(),
  store_id: z.uuid(),
  org_id: z.uuid().optional(),
  source: z.enum(["edge", "backend", "system"]),
  camera_id: z.uuid().optional(),
  zone_id: z.uuid().optional(),
  payload: JsonObject.optional(),
  meta: JsonObject.optional(),
});
export type EventRecord = z.infer<typeof EventRecord>;

/** A batch holds at most this many events and bytes of JSON. */
export const BATCH_LIMIT = { events: 500, bytes: 1_048_576 };

/** Elements are checked one by one, so that one bad event never spoils its batch. */
export const EventBatch = z.strictObject({
  events: z.array(z.unknown()).min(1).max(BATCH_LIMIT.events),
});
export type EventBatch = { events: EventRecord[] };

/**
 * `stale_lease`: a station says so that had lost the camera by then (`meta.fence` is older than the lease that was
 * granted at or before `ts`). Nothing is lost: the new one has told of it.
 */
export const RefusalCode = z.enum(["invalid_event", "invalid_payload", "stale_lease"]);
export type RefusalCode = z.infer<typeof RefusalCode>;

/**
 * What became of one event of a batch. `index` is its place in the batch, so that an event whose receipt could not be
 * read still gets its answer; `receipt_id` is null only then.
 */
export const ReceiptAnswer = z.discriminatedUnion("outcome", [
  z.object({ index: z.int(), receipt_id: z.string(), outcome: z.literal("stored") }),
  z.object({ index: z.int(), receipt_id: z.string(), outcome: z.literal("duplicate") }),
  z.object({
    index: z.int(),
    receipt_id: z.string().nullable(),
    outcome: z.literal("refused"),
    code: RefusalCode,
    reason: z.string(),
  }),
]);
export type ReceiptAnswer = z.infer<typeof ReceiptAnswer>;

export const BatchAnswer = z.object({ receipts: z.array(ReceiptAnswer) });
export type BatchAnswer = z.infer<typeof BatchAnswer>;

/** Filters of `GET /api/events`, newest first. `cursor` is an answer's `next_cursor`. */
export const EventQuery = z.object({
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  event_name: EventName.optional(),
  /** Names to leave out, with commas between them. */
  not_event_name: z
    .string()
    .transform((names) => names.split(","))
    .pipe(z.array(EventName).max(EventName.options.length))
    .optional(),
  camera_id: z.uuid().optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type EventQuery = z.infer<typeof EventQuery>;

/** A stored event: the record and when the gateway took it in. */
export const StoredEvent = EventRecord.extend({ received_at: z.iso.datetime() });
export type StoredEvent = z.infer<typeof StoredEvent>;

export const EventPage = z.object({
  events: z.array(StoredEvent),
  /** Present when there may be more. */
  next_cursor: z.string().optional(),
});
export type EventPage = z.infer<typeof EventPage>;
