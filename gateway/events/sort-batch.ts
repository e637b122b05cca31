import {
  EventBatch,
  type EventName,
  EventRecord,
  type ReceiptAnswer,
  type RefusalCode,
} from "#contract/events.ts";
import { PAYLOADS } from "#contract/payloads.ts";
import { describeIssue, parseInput } from "../kernel/http.ts";
import { type Check, quickCheck } from "./quick-check.ts";

/** An event that may be stored, its place in the batch, and its receipt exactly as the sender wrote it. */
export type GoodEvent = { index: number; receiptAsSent: string; event: EventRecord };
type Refused = Extract<ReceiptAnswer, { outcome: "refused" }>;
export type SortedBatch = { good: GoodEvent[]; refused: Refused[] };

/** Payload and meta nest at most this deep: no reader of the table ever overflows its stack. */
const MAX_DEPTH = 32;
const Receipt = EventRecord.shape.receipt_id;
const isRecord = quickCheck(EventRecord) as (value: unknown) => value is EventRecord; // what its schema accepts is one
const fitsPayload = Object.fromEntries(
  Object.entries(PAYLOADS).map(([name, schema]) => [name, quickCheck(schema)]),
) as Record<EventName, Check>; // the same names

/** Throws a `GatewayError` when the envelope is no batch; what is wrong with one event refuses that event alone. */
export function sortBatch(body: unknown): SortedBatch {
  const sorted: SortedBatch = { good: [], refused: [] };
  const { events } = parseInput(EventBatch, body);
  for (const [index, candidate] of events.entries()) {
    const checked = checkEvent(candidate);
    if (checked.ok) {
      const receiptAsSent = checked.event.receipt_id;
      sorted.good.push({ index, receiptAsSent, event: inStoredForm(checked.event) });
    } else {
      const { code, reason } = checked;
      sorted.refused.push({ index, receipt_id: receiptOf(candidate), outcome: "refused", code, reason });
    }
  }
  return sorted;
}

/** Why an event would not be taken in; null when it would. */
export function whyRefused(candidate: unknown): string | null {
  const checked = checkEvent(candidate);
  return checked.ok ? null : checked.reason;
}

type Checked = { ok: true; event: EventRecord } | { ok: false; code: RefusalCode; reason: string };

function checkEvent(candidate: unknown): Checked {
  const record = isRecord(candidate)
    ? ({ success: true, data: candidate } as const)
    : EventRecord.safeParse(candidate);
  if (!record.success) return { ok: false, code: "invalid_event", reason: describeIssue(record.error) };
  const event = record.data;
  if (!fitsPayload[event.event_name](event.payload)) {
    const payload = PAYLOADS[event.event_name].safeParse(event.payload);
    if (!payload.success) {
      return { ok: false, code: "invalid_payload", reason: `payload ${describeIssue(payload.error)}` };
    }
  }
  const fault = faultOf(event.payload, "payload", 1) ?? faultOf(event.meta, "meta", 1);
  if (fault !== null) return { ok: false, code: "invalid_payload", reason: fault };
  return { ok: true, event };
}

/**
 * What JSON lets through and storage, or a reader, would bend: half a surrogate pair, a number beyond doubles or a whole
 * one beyond their exact ones, bottomless nesting, a key that is no field to most programs.
 */
function faultOf(value: unknown, where: string, depth: number): string | null {
  if (typeof value === "string") return value.isWellFormed() ? null : `${where}: text is not well formed`;
  if (typeof value === "number") return isKeptExactly(value) ? null : `${where}: number out of range`;
  if (typeof value !== "object" || value === null) return null;
  if (depth > MAX_DEPTH) return `${where}: nested deeper than ${MAX_DEPTH}`;
  const fields = value as Record<string, unknown>; // an object or array: its keys are text
  for (const key in fields) {
    const fault = isKey(key) ? faultOf(fields[key], where, depth + 1) : `${where}: no key is called so`;
    if (fault !== null) return fault;
  }
  return null;
}

/** Of a whole number above 2^53 the parser keeps a neighbour: an id of twenty digits would become another. */
const isKeptExactly = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

/** Schemas pass over `__proto__`, whatever it holds. */
const isKey = (key: string): boolean => key !== "__proto__" && key.isWellFormed();

const ID_FIELDS = ["receipt_id", "store_id", "org_id", "camera_id", "zone_id"] as const;

/** One spelling each, so that equal ids are equal text and times sort as text: lower case, milliseconds. */
function inStoredForm(event: EventRecord): EventRecord {
  const isExact = event.ts.length === "2026-03-01T12:00:00.000Z".length;
  const loud = ID_FIELDS.filter((field) => event[field] !== event[field]?.toLowerCase());
  if (isExact && loud.length === 0) return event;
  const ids = Object.fromEntries(loud.map((field) => [field, event[field]?.toLowerCase()]));
  return { ...event, ...ids, ts: isExact ? event.ts : new Date(event.ts).toISOString() };
}

function receiptOf(candidate: unknown): string | null {
  if (typeof candidate !== "object" || candidate === null || !("receipt_id" in candidate)) return null;
  const receipt = Receipt.safeParse(candidate.receipt_id);
  return receipt.success ? receipt.data : null;
}
