import { EventName, type StoredEvent } from "#contract/events.ts";
import type { Database } from "../kernel/database.ts";
import { eventOf } from "../kernel/event-row.ts";
import type { EventFilter, EventReader } from "./search-events.ts";

/** Finds events in SQLite and in PostgreSQL. */
export function createFind(db: Database): EventReader["find"] {
  async function findNamed(name: string | null, filter: EventFilter): Promise<Row[]> {
    const { before, limit, camera_id, from, to } = filter;
    let query = db.selectFrom("events").selectAll().orderBy("ts", "desc").orderBy("seq", "desc").limit(limit);
    if (name !== null) query = query.where("event_name", "=", name);
    if (camera_id !== null) query = query.where("camera_id", "=", camera_id);
    if (from !== null) query = query.where("ts", ">=", from);
    if (to !== null) query = query.where("ts", "<=", to);
    if (before !== null) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple("ts", "seq"), "<", tuple(before.ts, before.seq)),
      );
    }
    return (await query.execute()).map(({ seq, ...row }) => ({ seq, event: eventOf(row) }));
  }

  /** Name by name, newest first: the index leads to each, past all that is left out. */
  return async function find(filter) {
    const { event_name, not_event_name, limit } = filter;
    if (not_event_name.length === 0) return findNamed(event_name, filter);
    const names = EventName.options.filter(
      (name) => !not_event_name.includes(name) && (event_name === null || name === event_name),
    );
    const found = await Promise.all(names.map((name) => findNamed(name, filter)));
    return found.flat().sort(newestFirst).slice(0, limit);
  };
}

type Row = { seq: number; event: StoredEvent };

const newestFirst = (a: Row, b: Row): number =>
  a.event.ts === b.event.ts ? b.seq - a.seq : a.event.ts < b.event.ts ? 1 : -1;
