import type Sqlite from "better-sqlite3";
import type { SinkLedgersTable } from "../kernel/database.ts";
import type { Claim, Outbox, Outcome, Recount } from "./outbox.ts";
import { CORRECTED_EVENT, cameraOf, claimedOf, countersOf, EXPIRED_AT_ONCE, type OutboxRow } from "./rows.ts";

export type SqliteDeps = { raw: Sqlite.Database; newId: () => string; nowMs: () => number };

type LaneAt = { sink: string; now: number };

/**
 * The outbox in SQLite. Statements that do not await, each write in one transaction. One gateway works on the
 * database: whatever is claimed at a start was claimed by one that is dead.
 */
export function sqliteOutbox({ raw, newId, nowMs }: SqliteDeps): Outbox {
  const dueLanes = raw.prepare<[LaneAt & { limit: number }], { no: number }>(
    `select no from outbox_lanes where sink_id = @sink and due_at_ms <= @now
     and (claim is null or claimed_until_ms <= @now) order by due_at_ms, no limit @limit`,
  );
  const rowsOfLane = raw.prepare<[{ sink: string; lane: number; limit: number }], OutboxRow>(
    `select o.event_seq, o.attempts, ${CORRECTED_EVENT} from outbox o join events e on e.seq = o.event_seq
     left join event_corrections c on c.sink_id = @sink and c.event_seq = o.event_seq
     where o.lane_no = @lane order by o.event_seq limit @limit`,
  );
  const takeLane = raw.prepare<[{ lane: number; claim: string; now: number; until: number }]>(
    "update outbox_lanes set claim = @claim, claimed_until_ms = @until, due_at_ms = @now where no = @lane",
  );
  const laneOfClaim = raw
    .prepare<[{ sink: string; camera: string; claim: string }], number>(
      "select no from outbox_lanes where sink_id = @sink and camera_id = @camera and claim = @claim",
    )
    .pluck();
  const removeRow = raw.prepare<[number, number]>("delete from outbox where lane_no = ? and event_seq = ?");
  const dropCorrection = raw.prepare<[string, number]>(
    "delete from event_corrections where sink_id = ? and event_seq = ?",
  );
  const countAttempt = raw.prepare<[number, number]>(
    "update outbox set attempts = attempts + 1 where lane_no = ? and event_seq = ?",
  );
  const holdLane = raw.prepare<[number, number]>(
    "update outbox_lanes set due_at_ms = max(due_at_ms, ?) where no = ?",
  );
  const keepLane = raw.prepare<[number, number]>("update outbox_lanes set claimed_until_ms = ? where no = ?");
  const freeLane = raw.prepare<[number]>(
    "update outbox_lanes set claim = null, claimed_until_ms = null where no = ?",
  );
  const dropEmptyLane = raw.prepare<[number]>(
    "delete from outbox_lanes where no = ? and not exists (select 1 from outbox where lane_no = no)",
  );
  const park = raw.prepare(
    `insert into dead_letter (sink_id, event_seq, code, reason, request, answer, attempts, parked_at_ms)
     values (@sink, @seq, @code, @reason, @request, @answer, @attempts, @now)`,
  );
  type Moved = { sink: string; acknowledged: number; parked: number; lastSuccess: number | null };
  const countSettled = raw.prepare<[Moved]>(
    `update sink_ledgers set acknowledged = acknowledged + @acknowledged, parked = parked + @parked,
     last_success_at_ms = coalesce(@lastSuccess, last_success_at_ms) where sink_id = @sink`,
  );

  type Size = Parameters<Outbox["claim"]>[1];
  const claimNow = raw.transaction((sink: string, size: Size): Claim | null => {
    const now = nowMs();
    const claim: Claim = { id: newId(), sinkId: sink, claimMs: size.claimMs, events: [], isAll: true };
    const room = { events: size.limit, bytes: size.maxBytes };
    for (const { no } of dueLanes.all({ sink, now, limit: size.limit + 1 })) {
      const fitting = fillFrom(rowsOfLane.iterate({ sink, lane: no, limit: room.events + 1 }), room, claim);
      if (fitting > 0) takeLane.run({ lane: no, claim: claim.id, now, until: now + size.claimMs });
      if (!claim.isAll) break;
    }
    claim.events.sort((a, b) => a.seq - b.seq);
    return claim.events.length > 0 ? claim : null;
  });

  /** By camera; those that are still this claim's. */
  function lanesOf(claim: Claim): Map<string, number> {
    const lanes = new Map<string, number>();
    for (const camera of new Set(claim.events.map(({ event }) => cameraOf(event)))) {
      const lane = laneOfClaim.get({ sink: claim.sinkId, camera, claim: claim.id });
      if (lane !== undefined) lanes.set(camera, lane);
    }
    return lanes;
  }

  /** Whether it counted. */
  function settleOne(sink: string, lane: number, outcome: Outcome, now: number): boolean {
    const { seq, attempts } = outcome.claimed;
    if (outcome.outcome === "retry") {
      if (countAttempt.run(lane, seq).changes === 0) return false;
      holdLane.run(outcome.dueAtMs, lane);
      return true;
    }
    if (removeRow.run(lane, seq).changes === 0) return false;
    if (outcome.outcome === "acknowledged") dropCorrection.run(sink, seq);
    else park.run({ sink, seq, ...outcome.refusal, attempts: attempts + 1, now });
    return true;
  }

  const settleNow = raw.transaction((claim: Claim, outcomes: Outcome[], next: "more" | "done"): number => {
    const now = nowMs();
    const lanes = lanesOf(claim);
    const counts = { acknowledged: 0, parked: 0, retry: 0 };
    for (const outcome of outcomes) {
      const lane = lanes.get(cameraOf(outcome.claimed.event));
      if (lane === undefined) continue;
      if (settleOne(claim.sinkId, lane, outcome, now)) counts[outcome.outcome] += 1;
    }
    const { acknowledged, parked, retry } = counts;
    if (acknowledged + parked > 0) {
      countSettled.run({ sink: claim.sinkId, acknowledged, parked, lastSuccess: acknowledged ? now : null });
    }
    for (const lane of lanes.values()) {
      if (next === "more") keepLane.run(now + claim.claimMs, lane);
      else if (dropEmptyLane.run(lane).changes === 0) freeLane.run(lane);
    }
    return acknowledged + parked + retry;
  });

  const startOver = raw.prepare<[LaneAt]>(
    `update outbox_lanes set claim = null, claimed_until_ms = null, due_at_ms = min(due_at_ms, @now)
     where sink_id = @sink and (claim is not null or due_at_ms > @now)`,
  );
  const nextDue = raw
    .prepare<[LaneAt], number | null>(
      "select min(due_at_ms) from outbox_lanes where sink_id = @sink and due_at_ms > @now",
    )
    .pluck();

  const freeLanes = raw
    .prepare<[LaneAt], number>(
      "select no from outbox_lanes where sink_id = @sink and (claim is null or claimed_until_ms <= @now)",
    )
    .pluck();
  const headOfLane = raw.prepare<[number, number], { event_seq: number; queued_at_ms: number }>(
    "select event_seq, queued_at_ms from outbox where lane_no = ? order by event_seq limit ?",
  );
  const countExpired = raw.prepare<[number, string]>(
    "update sink_ledgers set expired = expired + ? where sink_id = ?",
  );
  const expireNow = raw.transaction((sink: string, queuedBeforeMs: number): number => {
    let expired = 0;
    for (const lane of freeLanes.all({ sink, now: nowMs() })) {
      for (const { event_seq, queued_at_ms } of headOfLane.all(lane, EXPIRED_AT_ONCE - expired)) {
        if (queued_at_ms >= queuedBeforeMs) break;
        removeRow.run(lane, event_seq);
        dropCorrection.run(sink, event_seq);
        expired += 1;
      }
      dropEmptyLane.run(lane);
      if (expired === EXPIRED_AT_ONCE) break;
    }
    if (expired > 0) countExpired.run(expired, sink);
    return expired;
  });

  const ledger = raw.prepare<[string], SinkLedgersTable>("select * from sink_ledgers where sink_id = ?");
  const countRows = raw.prepare<[{ sink: string }], Recount["rows"] & Pick<Recount, "oldestAtMs">>(
    `select (select count(*) from outbox_lanes join outbox on lane_no = no where sink_id = @sink) as waiting,
     (select count(*) from dead_letter where sink_id = @sink) as parked,
     (select min((select queued_at_ms from outbox where lane_no = no order by event_seq limit 1))
       from outbox_lanes where sink_id = @sink) as oldestAtMs`,
  );

  return {
    claim: async (sinkId, size) => claimNow.immediate(sinkId, size),
    settle: async (claim, outcomes, next) => settleNow.immediate(claim, outcomes, next),
    startOver: async (sink) => void startOver.run({ sink, now: nowMs() }),
    nextDueAtMs: async (sink) => nextDue.get({ sink, now: nowMs() }) ?? null,
    expire: async (sinkId, queuedBeforeMs) => expireNow.immediate(sinkId, queuedBeforeMs),
    counters: async (sinkId) => countersOf(ledger.get(sinkId)),
    async recount(sinkId) {
      const counters = countersOf(ledger.get(sinkId));
      const { oldestAtMs, ...rows } = countRows.get({ sink: sinkId }) ?? NOTHING;
      return { counters, rows, oldestAtMs };
    },
  };
}

const NOTHING = { waiting: 0, parked: 0, oldestAtMs: null };

/** Moves rows into the claim while there is room; the first of all fits always. Answers how many fitted. */
function fillFrom(rows: Iterable<OutboxRow>, room: { events: number; bytes: number }, claim: Claim): number {
  let fitting = 0;
  for (const row of rows) {
    const bytes = (row.payload?.length ?? 0) + (row.meta?.length ?? 0);
    if (room.events === 0 || (bytes > room.bytes && claim.events.length > 0)) {
      claim.isAll = false;
      break;
    }
    claim.events.push(claimedOf(row));
    room.events -= 1;
    room.bytes -= bytes;
    fitting += 1;
  }
  return fitting;
}
