import type { EventRecord } from "#contract/events.ts";
import type { ParkedEvent } from "#contract/sinks.ts";
import type { DeadLetterTable, EventsTable, SinkLedgersTable } from "../kernel/database.ts";
import { eventOf } from "../kernel/event-row.ts";
import type { ClaimedEvent, Counters } from "./outbox.ts";
import { troubleIn } from "./troubles.ts";

// what SQLite and PostgreSQL have in common

/** One step of `expire` gives up at most so many: nothing else is written meanwhile. */
export const EXPIRED_AT_ONCE = 1_000;
/** Of the dead letter, moved in one transaction; the gateway does other things between two of them. */
export const MOVED_AT_ONCE = 500;

/** The columns of an event `e` as a sink is sent it: `c` is what a person corrected. */
export const CORRECTED_EVENT = `e.receipt_id, e.event_name, e.ts, e.store_id, e.org_id, e.source, e.camera_id, e.zone_id,
  case when c.sink_id is null then e.payload else c.payload end as payload,
  case when c.sink_id is null then e.meta else c.meta end as meta, e.received_at`;

export type OutboxRow = Omit<EventsTable, "seq"> & { event_seq: number; attempts: number };
export type ParkedRow = Omit<DeadLetterTable, "seq" | "sink_id"> & { seq: number } & Omit<EventsTable, "seq">;

/** A column of JSON; null of a field that an event does not have. */
export const jsonOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** The lane of an event within a sink. */
export const cameraOf = (event: EventRecord): string => event.camera_id ?? "";

export function claimedOf({ event_seq, attempts, ...columns }: OutboxRow): ClaimedEvent {
  const { received_at: _, ...event } = eventOf(columns);
  return { seq: event_seq, attempts, event };
}

/** Null of a sink that is gone, where its ledger was looked for beside other things. */
export type LedgerRow = { [Column in keyof SinkLedgersTable]?: SinkLedgersTable[Column] | null };

/** A sink that is gone counts nothing. */
export function countersOf(row: LedgerRow | undefined): Counters {
  return {
    created: row?.created ?? 0,
    acknowledged: row?.acknowledged ?? 0,
    parked: row?.parked ?? 0,
    discarded: row?.discarded ?? 0,
    expired: row?.expired ?? 0,
    lastSuccessAtMs: row?.last_success_at_ms ?? null,
  };
}

export function parkedOf(row: ParkedRow): ParkedEvent {
  const { seq, event_seq: _, code, reason, request, answer, attempts, parked_at_ms, ...columns } = row;
  const { received_at: __, ...event } = eventOf(columns);
  const trouble = troubleIn(reason);
  return {
    seq,
    event,
    code,
    reason,
    ...(trouble && { trouble }),
    request,
    answer,
    attempts,
    parkedAtMs: parked_at_ms,
  };
}
