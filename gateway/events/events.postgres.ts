import { type RawBuilder, sql } from "kysely";
import type { StoredEvent } from "#contract/events.ts";
import type { Database } from "../kernel/database.ts";
import { pastDeadlocks } from "../kernel/postgres.ts";
import { createFind } from "./find-events.ts";
import type { InsertNew } from "./store-events.ts";

export type PostgresEventsDeps = {
  db: Database;
  /**
   * What follows in the statement that stores events: common table expressions, each after a comma, which queue what
   * is in the one named `stored` (`seq`, `event_name`, `camera_id`). When they fail, nothing is stored.
   */
  queueStored?: () => RawBuilder<unknown>;
};

/** One answer: how many were new, and which, unless all of them. */
type Stored = { count: number; fresh: string[] | null };

/**
 * Events in PostgreSQL. A batch is one statement, whatever is in it: one way to the server and back, a transaction by
 * itself, and on disk when it is answered.
 */
export function postgresEvents({ db, queueStored = () => sql`` }: PostgresEventsDeps) {
  const insertNew: InsertNew = async (events) => {
    if (events.length === 0) return [];
    const rows = JSON.stringify(events.map(rowOf));
    const { rows: answer } = await pastDeadlocks(() =>
      sql<Stored>`
        with stored as (
          insert into events (receipt_id, event_name, ts, store_id, org_id, source, camera_id, zone_id, payload, meta,
            received_at)
          select r->>0, r->>1, r->>2, r->>3, r->>4, r->>5, r->>6, r->>7, r->>8, r->>9, r->>10
          from json_array_elements(${rows}::json) with ordinality as list (r, place) order by place
          on conflict (receipt_id) do nothing
          returning seq, receipt_id, event_name, camera_id
        )${queueStored()}
        select count(*) as count, case when count(*) < ${events.length} then json_agg(receipt_id) end as fresh
        from stored`.execute(db),
    );
    const { count = 0, fresh } = answer[0] ?? {};
    if (count === events.length) return events.map(() => true);
    const isFresh = new Set(fresh ?? []);
    return events.map(({ receipt_id }) => isFresh.delete(receipt_id)); // of a receipt sent twice the first is the new one
  };

  return { insertNew, find: createFind(db) };
}

/** In the order of the columns above; objects become JSON. */
function rowOf(event: StoredEvent): (string | null)[] {
  return [
    event.receipt_id,
    event.event_name,
    event.ts,
    event.store_id,
    event.org_id ?? null,
    event.source,
    event.camera_id ?? null,
    event.zone_id ?? null,
    event.payload === undefined ? null : JSON.stringify(event.payload),
    event.meta === undefined ? null : JSON.stringify(event.meta),
    event.received_at,
  ];
}
