import type Sqlite from "better-sqlite3";

/** Of the events `e` those that the sink `s` wants; the names stand in quotes in its list. */
const WANTED = `s.is_enabled and (s.event_names is null or instr(s.event_names, '"' || e.event_name || '"'))`;
const NEW_AND_WANTED = `from events e cross join sinks s on ${WANTED}`;
const LANE = "coalesce(e.camera_id, '')";

/**
 * Puts what was stored after `seq` into the outbox of every sink that wants it, in the transaction of whoever calls:
 * three statements, however many events and sinks there are.
 */
export function sqliteQueue({ raw, nowMs }: { raw: Sqlite.Database; nowMs: () => number }) {
  const hasSinks = raw.prepare<[], number>("select exists (select 1 from sinks where is_enabled)").pluck();
  type After = { seq: number; now: number };
  const addLanes = raw.prepare<[After]>(
    `insert into outbox_lanes (sink_id, camera_id, due_at_ms)
     select distinct s.id, ${LANE}, @now ${NEW_AND_WANTED} where e.seq > @seq
     on conflict (sink_id, camera_id) do nothing`,
  );
  const addRows = raw.prepare<[After]>(
    `insert into outbox (lane_no, event_seq, queued_at_ms)
     select l.no, e.seq, @now ${NEW_AND_WANTED}
     join outbox_lanes l on l.sink_id = s.id and l.camera_id = ${LANE} where e.seq > @seq`,
  );
  const count = raw.prepare<[Pick<After, "seq">]>(
    `update sink_ledgers set created = created + added
     from (select s.id, count(*) as added ${NEW_AND_WANTED} where e.seq > @seq group by s.id) as news
     where news.id = sink_ledgers.sink_id`,
  );

  return function queueStoredAfter(seq: number): void {
    if (!hasSinks.get()) return;
    const now = nowMs();
    addLanes.run({ seq, now });
    if (addRows.run({ seq, now }).changes > 0) count.run({ seq });
  };
}
export type QueueStoredAfter = ReturnType<typeof sqliteQueue>;

/** Whether any sink is sent to: its loop claims and settles rows all the time. */
export function sqliteIsSending(raw: Sqlite.Database): () => boolean {
  const exists = raw
    .prepare<[], number>("select exists (select 1 from sinks where is_enabled and not is_paused)")
    .pluck();
  return () => exists.get() === 1;
}
