import { type RawBuilder, sql } from "kysely";
import { inTransaction, pastDeadlocks } from "../kernel/postgres.ts";
import type { PostgresDeps } from "./outbox.postgres.ts";
import type { DeadLetter, Which } from "./outbox.ts";
import { databaseNow, lanesOfWanted } from "./queue.postgres.ts";
import { CORRECTED_EVENT, jsonOf, MOVED_AT_ONCE, type ParkedRow, parkedOf } from "./rows.ts";

/** The dead letter in PostgreSQL. What two people move at the same moment is moved by one of them. */
export function postgresDeadLetter({
  db,
  nowMs,
  now = databaseNow,
}: Omit<PostgresDeps, "newId">): DeadLetter {
  const parkedEvents = (sink: string, where: RawBuilder<unknown>) => sql<ParkedRow>`
    select d.seq, d.event_seq, d.code, d.reason, d.request, d.answer, d.attempts, d.parked_at_ms,
      ${sql.raw(CORRECTED_EVENT)}
    from dead_letter d join events e on e.seq = d.event_seq
    left join event_corrections c on c.sink_id = d.sink_id and c.event_seq = d.event_seq
    where d.sink_id = ${sink} and ${where}`;

  /** Takes those that `which` finds out of the dead letter, in the statement that `then` goes on with. */
  async function moveSome(
    sink: string,
    which: RawBuilder<unknown>,
    then: RawBuilder<unknown>,
  ): Promise<number> {
    const { rows } = await pastDeadlocks(() =>
      sql<{ count: number }>`
        with found as materialized (
          select seq from dead_letter where sink_id = ${sink} and ${which} order by seq limit ${MOVED_AT_ONCE}
          for update skip locked
        ), moved as (
          delete from dead_letter where seq in (select seq from found) returning event_seq, attempts
        ), ${then} select count(*) as count from moved`.execute(db),
    );
    return rows[0]?.count ?? 0;
  }

  /** What is parked while this runs is not among `all`. */
  async function move(sink: string, which: Which, then: () => RawBuilder<unknown>): Promise<number> {
    let total = 0;
    if (which !== "all") {
      for (let i = 0; i < which.length; i += MOVED_AT_ONCE) {
        const these = sql`seq = any(${which.slice(i, i + MOVED_AT_ONCE)}::bigint[])`;
        total += await moveSome(sink, these, then());
      }
      return total;
    }
    const newest = await db
      .selectFrom("dead_letter")
      .select(({ fn }) => fn.max("seq").as("seq"))
      .where("sink_id", "=", sink)
      .executeTakeFirst();
    const upToNewest = sql`seq <= ${newest?.seq ?? 0}`;
    for (let moved = MOVED_AT_ONCE; moved === MOVED_AT_ONCE; total += moved) {
      moved = await moveSome(sink, upToNewest, then());
    }
    return total;
  }

  const requeue = (sink: string) => () =>
    sql`
      wanted as materialized (
        select ${sink}::text as sink_id, coalesce(camera_id, '') as camera_id, event_seq, attempts
        from moved join events on seq = event_seq
      ), ${lanesOfWanted(now)}, woken as (
        update outbox_lanes l set due_at_ms = least(l.due_at_ms, ${now}) from known where l.no = known.no
      ), queued as (
        insert into outbox (lane_no, event_seq, queued_at_ms, attempts)
        select no, event_seq, ${now}, attempts from wanted join lanes using (sink_id, camera_id)
      ), counted as (
        update sink_ledgers set parked = parked - (select count(*) from moved) where sink_id = ${sink}
      )`;

  const giveUp = (sink: string, reason: string) => () =>
    sql`
    noted as (
      insert into discarded_events (sink_id, event_seq, reason, discarded_at_ms)
      select ${sink}, event_seq, ${reason}, ${nowMs()}::bigint from moved
    ), tidied as (
      delete from event_corrections where sink_id = ${sink} and event_seq in (select event_seq from moved)
    ), counted as (
      update sink_ledgers set parked = parked - (select count(*) from moved),
        discarded = discarded + (select count(*) from moved) where sink_id = ${sink}
    )`;

  return {
    async page(sink, { before, limit }) {
      const where = before === null ? sql`true` : sql`d.seq < ${before}`;
      const { rows } = await sql<ParkedRow>`
        ${parkedEvents(sink, where)} order by d.seq desc limit ${limit}`.execute(db);
      return rows.map(parkedOf);
    },
    retry: (sink, which) => move(sink, which, requeue(sink)),
    discard: (sink, which, reason) => move(sink, which, giveUp(sink, reason)),
    correct: (sink, seq, { payload, meta }) =>
      inTransaction(db, async (transaction) => {
        const corrected = { payload: jsonOf(payload), meta: jsonOf(meta) };
        const found = await transaction
          .selectFrom("dead_letter")
          .select("event_seq")
          .where("sink_id", "=", sink)
          .where("seq", "=", seq)
          .forUpdate() // so that nobody moves it meanwhile
          .executeTakeFirst();
        if (!found) return null;
        await transaction
          .insertInto("event_corrections")
          .values({ sink_id: sink, event_seq: found.event_seq, ...corrected })
          .onConflict((conflict) => conflict.columns(["sink_id", "event_seq"]).doUpdateSet(corrected))
          .execute();
        const { rows } = await parkedEvents(sink, sql`d.seq = ${seq}`).execute(transaction);
        return rows[0] ? parkedOf(rows[0]) : null;
      }),
  };
}
