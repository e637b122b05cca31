import { type RawBuilder, sql, type Transaction } from "kysely";
import type { Database, Tables } from "../kernel/database.ts";
import { inTransaction } from "../kernel/postgres.ts";
import type { Claim, Outbox, Outcome, Recount } from "./outbox.ts";
import { databaseNow, type SqlNow } from "./queue.postgres.ts";
import {
  CORRECTED_EVENT,
  cameraOf,
  claimedOf,
  countersOf,
  EXPIRED_AT_ONCE,
  type LedgerRow,
  type OutboxRow,
} from "./rows.ts";

/** `now` decides over claims and waits; `nowMs`, this gateway's own, is what callers speak of. */
export type PostgresDeps = { db: Database; newId: () => string; nowMs: () => number; now?: SqlNow };

/** No living gateway holds a claim for longer; one that says so was made while the clock was ahead. */
const LONGEST_CLAIM_MS = 600_000;

/** After what is due was found in another gateway's claim: what it leaves of it must not wait for the next event. */
const LOOK_AGAIN_MS = 1_000;

/** Outcomes that counted, of a kind. */
type Settled<Kind extends Outcome["outcome"]> = {
  lane: number;
  outcome: Extract<Outcome, { outcome: Kind }>;
}[];
type Count = { count: number };

/**
 * The outbox in PostgreSQL, for several gateways at once. Whoever takes rows out of a lane holds the lane's row first:
 * claiming passes over lanes that somebody holds, and looks at their events in a statement of its own, which sees what
 * became of them before. Lanes stay when they are empty; they go with their sink.
 */
export function postgresOutbox({ db, newId, nowMs, now = databaseNow }: PostgresDeps): Outbox {
  async function claim(sink: string, size: Parameters<Outbox["claim"]>[1]): Promise<Claim | null> {
    const id = newId();
    return inTransaction(db, async (transaction) => {
      const lanes = await holdDueLanes(transaction, { sink, now, limit: size.limit + 1 });
      const rows = await headsOf(transaction, { ...size, sink, lanes });
      if (rows.length === 0) return null;
      const taken = [...new Set(rows.map(({ lane_no }) => lane_no))];
      await sql`update outbox_lanes set claim = ${id}, claimed_until_ms = ${now} + ${size.claimMs}, due_at_ms = ${now}
        where no = any(${taken}::bigint[])`.execute(transaction);
      const isAll = rows.length === rows[0]?.due;
      const events = rows.map(({ lane_no: _, place: __, due: ___, bytes: ____, ...row }) => claimedOf(row));
      events.sort((a, b) => a.seq - b.seq);
      return { id, sinkId: sink, claimMs: size.claimMs, events, isAll };
    });
  }

  async function settle(claim: Claim, outcomes: Outcome[], next: "more" | "done"): Promise<number> {
    return inTransaction(db, async (transaction) => {
      const lanes = await holdLanesOf(transaction, claim);
      if (lanes.size === 0) return 0;
      const settled = outcomes.flatMap((outcome) => {
        const lane = lanes.get(cameraOf(outcome.claimed.event));
        return lane === undefined ? [] : [{ lane, outcome }];
      });
      const statements = [
        acknowledge(claim.sinkId, ofKind(settled, "acknowledged"), nowMs()),
        park(claim.sinkId, ofKind(settled, "parked"), nowMs()),
        hold(ofKind(settled, "retry"), { now, nowMs: nowMs() }),
      ];
      let counted = 0;
      for (const statement of statements) {
        if (statement) counted += (await statement.execute(transaction)).rows[0]?.count ?? 0;
      }
      const held =
        next === "more"
          ? sql`claim = ${claim.id}, claimed_until_ms = ${now} + ${claim.claimMs}`
          : sql`claim = null, claimed_until_ms = null`;
      await sql`update outbox_lanes set ${held}
        where no = any(${[...lanes.values()]}::bigint[])`.execute(transaction);
      return counted;
    });
  }

  async function expire(sink: string, queuedBeforeMs: number): Promise<number> {
    const before = sql`${now} - ${Math.round(nowMs() - queuedBeforeMs)}`;
    return inTransaction(db, async (transaction) => {
      const { rows } = await sql<{ no: number }>`
        select no from outbox_lanes l where sink_id = ${sink} and (claim is null or claimed_until_ms <= ${now})
        and (select queued_at_ms from outbox where lane_no = l.no order by event_seq limit 1) < ${before}
        order by no for update skip locked`.execute(transaction);
      if (rows.length === 0) return 0;
      const lanes = rows.map(({ no }) => no);
      const expired = await giveUp({ sink, lanes, before, now }).execute(transaction);
      return expired.rows[0]?.count ?? 0;
    });
  }

  const ledgerOf = (sink: string) =>
    db.selectFrom("sink_ledgers").selectAll().where("sink_id", "=", sink).executeTakeFirst();

  return {
    claim,
    settle,
    expire,
    async startOver(sink) {
      const latest = sql`${now} + ${LONGEST_CLAIM_MS}`;
      await sql`update outbox_lanes set due_at_ms = least(due_at_ms, ${now}),
        claimed_until_ms = case when claimed_until_ms > ${latest} then ${latest} else claimed_until_ms end
        where sink_id = ${sink} and (due_at_ms > ${now} or claimed_until_ms > ${latest})`.execute(db);
    },
    async nextDueAtMs(sink) {
      const { rows } = await sql<{ wait_ms: number | null }>`
        select min(case when due_at_ms > ${now} then due_at_ms - ${now} else ${LOOK_AGAIN_MS} end) as wait_ms
        from outbox_lanes where sink_id = ${sink} and (due_at_ms > ${now} or claimed_until_ms > ${now})
        and exists (select from outbox where lane_no = no)`.execute(db);
      const waitMs = rows[0]?.wait_ms ?? null;
      return waitMs === null ? null : nowMs() + waitMs;
    },
    counters: async (sink) => countersOf(await ledgerOf(sink)),
    async recount(sink) {
      const { rows } = await countRows(sink, now).execute(db);
      const { waiting, parked_rows, oldest_ms, ...ledger } = rows[0] ?? NOTHING;
      return {
        counters: countersOf(ledger),
        rows: { waiting, parked: parked_rows },
        oldestAtMs: oldest_ms === null ? null : nowMs() - oldest_ms,
      } satisfies Recount;
    },
  };
}

/** Lanes that wait, the longest first, passing over those that another gateway holds at this moment. */
async function holdDueLanes(
  transaction: Transaction<Tables>,
  { sink, now, limit }: { sink: string; now: SqlNow; limit: number },
): Promise<number[]> {
  const { rows } = await sql<{ no: number }>`
    select no from outbox_lanes l where sink_id = ${sink} and due_at_ms <= ${now}
    and (claim is null or claimed_until_ms <= ${now}) and exists (select from outbox where lane_no = l.no)
    order by due_at_ms, no limit ${limit} for update skip locked`.execute(transaction);
  return rows.map(({ no }) => no);
}

type Head = OutboxRow & {
  lane_no: number;
  place: number;
  /** How many there are, if one more than the limit is all that counts. */
  due: number;
  bytes: number;
};

/** The oldest events of lanes, lane by lane, while there is room; the first of all fits always. */
async function headsOf(
  transaction: Transaction<Tables>,
  { sink, lanes, limit, maxBytes }: { sink: string; lanes: number[]; limit: number; maxBytes: number },
): Promise<Head[]> {
  if (lanes.length === 0) return [];
  const { rows } = await sql<Head>`
    with heads as (
      select row_number() over (order by rank, event_seq) as place, o.*
      from unnest(${lanes}::bigint[]) with ordinality as l (no, rank) cross join lateral (
        select lane_no, event_seq, attempts from outbox where lane_no = l.no order by event_seq limit ${limit + 1}
      ) o order by place limit ${limit + 1}
    ), sized as (
      select h.*, ${sql.raw(CORRECTED_EVENT)}, count(*) over () as due, sum(
        coalesce(octet_length(case when c.sink_id is null then e.payload else c.payload end), 0)
        + coalesce(octet_length(case when c.sink_id is null then e.meta else c.meta end), 0)
      ) over (order by h.place) as bytes
      from heads h join events e on e.seq = h.event_seq
      left join event_corrections c on c.sink_id = ${sink} and c.event_seq = h.event_seq
    )
    select * from sized where place <= ${limit} and (place = 1 or bytes <= ${maxBytes}) order by place`.execute(
    transaction,
  );
  return rows;
}

/** By camera; those that are still this claim's. Nobody else touches them before this transaction ends. */
async function holdLanesOf(transaction: Transaction<Tables>, claim: Claim): Promise<Map<string, number>> {
  const { rows } = await sql<{ no: number; camera_id: string }>`
    select no, camera_id from outbox_lanes where sink_id = ${claim.sinkId} and claim = ${claim.id}
    order by no for update`.execute(transaction);
  return new Map(rows.map(({ no, camera_id }) => [camera_id, no]));
}

function ofKind<Kind extends Outcome["outcome"]>(
  settled: { lane: number; outcome: Outcome }[],
  kind: Kind,
): Settled<Kind> {
  return settled.filter(({ outcome }) => outcome.outcome === kind) as Settled<Kind>; // its kind was asked for
}

/** `name` (`lane`, `seq`): the rows that were settled. */
const rowsOf = (settled: { lane: number; outcome: Outcome }[]): RawBuilder<unknown> => sql`
  unnest(${settled.map(({ lane }) => lane)}::bigint[], ${settled.map(({ outcome }) => outcome.claimed.seq)}::bigint[])`;

function acknowledge(sink: string, settled: Settled<"acknowledged">, now: number): RawBuilder<Count> | null {
  if (settled.length === 0) return null;
  return sql`
    with gone as (
      delete from outbox using ${rowsOf(settled)} as s (lane, seq)
      where lane_no = s.lane and event_seq = s.seq returning event_seq
    ), tidied as (
      delete from event_corrections where sink_id = ${sink} and event_seq in (select event_seq from gone)
    ), counted as (
      update sink_ledgers set acknowledged = acknowledged + (select count(*) from gone), last_success_at_ms = ${now}
      where sink_id = ${sink} and exists (select from gone)
    )
    select count(*) as count from gone`;
}

function park(sink: string, settled: Settled<"parked">, now: number): RawBuilder<Count> | null {
  if (settled.length === 0) return null;
  const textsOf = (name: "code" | "reason" | "request" | "answer") =>
    sql`${settled.map(({ outcome }) => outcome.refusal[name])}::text[]`;
  return sql`
    with gone as (
      delete from outbox using ${rowsOf(settled)} as s (lane, seq)
      where lane_no = s.lane and event_seq = s.seq returning event_seq, attempts
    ), parked as (
      insert into dead_letter (sink_id, event_seq, code, reason, request, answer, attempts, parked_at_ms)
      select ${sink}, seq, code, reason, request, answer, attempts + 1, ${now}::bigint
      from gone join unnest(${settled.map(({ outcome }) => outcome.claimed.seq)}::bigint[], ${textsOf("code")},
        ${textsOf("reason")}, ${textsOf("request")}, ${textsOf("answer")}) with ordinality
        as r (seq, code, reason, request, answer, place) on seq = event_seq order by place
    ), counted as (
      update sink_ledgers set parked = parked + (select count(*) from gone) where sink_id = ${sink}
    )
    select count(*) as count from gone`;
}

/** How long each waits is said by a gateway's clock, and counted by the database's. */
function hold(
  settled: Settled<"retry">,
  { now, nowMs }: { now: SqlNow; nowMs: number },
): RawBuilder<Count> | null {
  if (settled.length === 0) return null;
  return sql`
    with tried as (
      update outbox set attempts = attempts + 1 from ${rowsOf(settled)} as s (lane, seq)
      where lane_no = s.lane and event_seq = s.seq returning lane_no, event_seq
    ), held as (
      update outbox_lanes set due_at_ms = greatest(due_at_ms, until) from (
        select lane_no, ${now} + max(wait_ms) as until from tried
        join unnest(${settled.map(({ outcome }) => outcome.claimed.seq)}::bigint[],
          ${settled.map(({ outcome }) => outcome.dueAtMs - nowMs)}::bigint[]) as d (seq, wait_ms) on seq = event_seq
        group by lane_no
      ) waits where no = lane_no
    )
    select count(*) as count from tried`;
}

type OldRows = { sink: string; lanes: number[]; before: RawBuilder<unknown>; now: SqlNow };

/** From the head of each lane on, up to the first that is young enough. What waited behind them is due now. */
function giveUp({ sink, lanes, before, now }: OldRows): RawBuilder<Count> {
  return sql`
    with heads as (
      select lane_no, event_seq, bool_and(queued_at_ms < ${before})
        over (partition by lane_no order by event_seq) as is_old
      from unnest(${lanes}::bigint[]) as l (no) cross join lateral (
        select * from outbox where lane_no = l.no order by event_seq limit ${EXPIRED_AT_ONCE}
      ) o
    ), old as (
      select lane_no, event_seq from heads where is_old order by lane_no, event_seq limit ${EXPIRED_AT_ONCE}
    ), gone as (
      delete from outbox o using old where o.lane_no = old.lane_no and o.event_seq = old.event_seq
      returning o.lane_no, o.event_seq
    ), tidied as (
      delete from event_corrections where sink_id = ${sink} and event_seq in (select event_seq from gone)
    ), woken as (
      update outbox_lanes set due_at_ms = least(due_at_ms, ${now}) where no in (select lane_no from gone)
    ), counted as (
      update sink_ledgers set expired = expired + (select count(*) from gone) where sink_id = ${sink}
    )
    select count(*) as count from gone`;
}

type Counted = LedgerRow & {
  waiting: number;
  parked_rows: number;
  /** How long it has been waiting. */
  oldest_ms: number | null;
};
const NOTHING: Counted = { waiting: 0, parked_rows: 0, oldest_ms: null };

/** One statement, and so one moment. */
function countRows(sink: string, now: SqlNow): RawBuilder<Counted> {
  return sql`
    select ledger.*,
      (select count(*) from outbox_lanes join outbox on lane_no = no where sink_id = ${sink}) as waiting,
      (select count(*) from dead_letter where sink_id = ${sink}) as parked_rows,
      (select ${now} - min((select queued_at_ms from outbox where lane_no = no order by event_seq limit 1))
        from outbox_lanes where sink_id = ${sink}) as oldest_ms
    from (select) as one left join sink_ledgers ledger on sink_id = ${sink}`;
}
