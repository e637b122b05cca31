import { type Expression, type RawBuilder, sql } from "kysely";

/** The moment, in milliseconds UTC, as part of a statement. */
export type SqlNow = Expression<number>;
/** The one clock of all gateways: the database's, as the transaction began. */
export const databaseNow: SqlNow = sql`(extract(epoch from now()) * 1000)::bigint`;

/**
 * `lanes` (`no`, `sink_id`, `camera_id`) of what is in `wanted` (`sink_id`, `camera_id`), the missing ones made. One that
 * another transaction makes at the same moment is not seen by this statement: the conflict waits for it and answers it.
 */
export function lanesOfWanted(now: SqlNow): RawBuilder<unknown> {
  return sql`
    pairs as (select distinct sink_id, camera_id from wanted),
    known as (select no, sink_id, camera_id from outbox_lanes join pairs using (sink_id, camera_id)),
    made as (
      insert into outbox_lanes (sink_id, camera_id, due_at_ms)
      select sink_id, camera_id, ${now} from pairs
      where not exists (select from known where known.sink_id = pairs.sink_id and known.camera_id = pairs.camera_id)
      order by sink_id, camera_id
      on conflict (sink_id, camera_id) do update set due_at_ms = outbox_lanes.due_at_ms
      returning no, sink_id, camera_id
    ),
    lanes as (select * from known union all select * from made)`;
}

/**
 * Puts what is in `stored` into the outbox of every sink that wants it, within the statement that stores. A sink cannot
 * be removed meanwhile, nor its lanes, which go with it alone. Ledgers are taken in one order, so that two statements
 * never wait for each other.
 */
export function postgresQueue(now = databaseNow) {
  return function queueStored(): RawBuilder<unknown> {
    return sql`,
    open_sinks as materialized (
      select id, event_names from sinks where is_enabled = 1 order by id for key share
    ),
    wanted as materialized (
      select s.id as sink_id, coalesce(e.camera_id, '') as camera_id, e.seq
      from stored e join open_sinks s
      on s.event_names is null or strpos(s.event_names, '"' || e.event_name || '"') > 0
    ),
    ${lanesOfWanted(now)},
    queued as (
      insert into outbox (lane_no, event_seq, queued_at_ms)
      select lanes.no, wanted.seq, ${now} from wanted join lanes using (sink_id, camera_id)
    ),
    news as (select sink_id, count(*) as added from wanted group by sink_id),
    ledgers as materialized (
      select sink_id from sink_ledgers where sink_id in (select sink_id from news)
      order by sink_id for no key update
    ),
    counted as (
      update sink_ledgers l set created = created + added from news join ledgers using (sink_id)
      where l.sink_id = news.sink_id
    )`;
  };
}
export type QueueStored = ReturnType<typeof postgresQueue>;
