import { setImmediate as nextTurn } from "node:timers/promises";
import type { SqliteDeps } from "./outbox.sqlite.ts";
import type { DeadLetter, Which } from "./outbox.ts";
import { CORRECTED_EVENT, jsonOf, MOVED_AT_ONCE, type ParkedRow, parkedOf } from "./rows.ts";

type Found = { seq: number; event_seq: number; attempts: number; camera_id: string };

/** The dead letter in SQLite. */
export function sqliteDeadLetter({ raw, nowMs }: Pick<SqliteDeps, "raw" | "nowMs">): DeadLetter {
  const parkedEvents = (where: string) =>
    `select d.seq, d.event_seq, d.code, d.reason, d.request, d.answer, d.attempts, d.parked_at_ms, ${CORRECTED_EVENT}
     from dead_letter d join events e on e.seq = d.event_seq
     left join event_corrections c on c.sink_id = d.sink_id and c.event_seq = d.event_seq
     where d.sink_id = @sink and ${where}`;
  const pageOf = raw.prepare<[{ sink: string; before: number; limit: number }], ParkedRow>(
    `${parkedEvents("d.seq < @before")} order by d.seq desc limit @limit`,
  );
  const oneOf = raw.prepare<[{ sink: string; seq: number }], ParkedRow>(parkedEvents("d.seq = @seq"));
  const putCorrection = raw.prepare(
    `insert into event_corrections (sink_id, event_seq, payload, meta) values (@sink, @eventSeq, @payload, @meta)
     on conflict (sink_id, event_seq) do update set payload = @payload, meta = @meta`,
  );

  const newest = raw
    .prepare<[string], number | null>("select max(seq) from dead_letter where sink_id = ?")
    .pluck();
  const FOUND = `select d.seq, d.event_seq, d.attempts, coalesce(e.camera_id, '') as camera_id
    from dead_letter d join events e on e.seq = d.event_seq where d.sink_id = @sink`;
  const oldestOnes = raw.prepare<[{ sink: string; upTo: number; limit: number }], Found>(
    `${FOUND} and d.seq <= @upTo order by d.seq limit @limit`,
  );
  const theseOnes = raw.prepare<[{ sink: string; seqs: string }], Found>(
    `${FOUND} and d.seq in (select value from json_each(@seqs))`,
  );
  const remove = raw.prepare<[number]>("delete from dead_letter where seq = ?");
  const count = raw.prepare<[{ sink: string; moved: number; discarded: number }]>(
    "update sink_ledgers set parked = parked - @moved, discarded = discarded + @discarded where sink_id = @sink",
  );
  const wakeLane = raw
    .prepare<[{ sink: string; camera: string; now: number }], number>(
      `insert into outbox_lanes (sink_id, camera_id, due_at_ms) values (@sink, @camera, @now)
       on conflict (sink_id, camera_id) do update set due_at_ms = min(due_at_ms, @now) returning no`,
    )
    .pluck();
  const addRow = raw.prepare<[number, number, number, number]>(
    "insert into outbox (lane_no, event_seq, queued_at_ms, attempts) values (?, ?, ?, ?)",
  );
  const noteDiscarded = raw.prepare<[string, number, string, number]>(
    "insert into discarded_events (sink_id, event_seq, reason, discarded_at_ms) values (?, ?, ?, ?)",
  );
  const dropCorrection = raw.prepare<[string, number]>(
    "delete from event_corrections where sink_id = ? and event_seq = ?",
  );

  function requeue(sink: string, { event_seq, attempts, camera_id: camera }: Found): void {
    const now = nowMs();
    const lane = wakeLane.get({ sink, camera, now });
    if (lane === undefined) throw new Error("a lane was neither found nor made");
    addRow.run(lane, event_seq, now, attempts);
  }

  function giveUp(sink: string, { event_seq }: Found, reason: string): void {
    noteDiscarded.run(sink, event_seq, reason, nowMs());
    dropCorrection.run(sink, event_seq);
  }

  type Move = { find: () => Found[]; one: (found: Found) => void; isDiscard: boolean };
  const moveSome = raw.transaction((sink: string, { find, one, isDiscard }: Move): number => {
    const found = find();
    for (const each of found) {
      one(each);
      remove.run(each.seq);
    }
    const moved = found.length;
    if (moved > 0) count.run({ sink, moved, discarded: isDiscard ? moved : 0 });
    return moved;
  });

  /** What is parked while this runs is not among `all`. */
  async function move(sink: string, which: Which, how: Omit<Move, "find">): Promise<number> {
    if (which !== "all") {
      return moveSome.immediate(sink, {
        ...how,
        find: () => theseOnes.all({ sink, seqs: JSON.stringify(which) }),
      });
    }
    const upTo = newest.get(sink) ?? 0;
    const find = () => oldestOnes.all({ sink, upTo, limit: MOVED_AT_ONCE });
    let total = 0;
    for (;;) {
      const moved = moveSome.immediate(sink, { ...how, find });
      total += moved;
      if (moved < MOVED_AT_ONCE) return total;
      await nextTurn();
    }
  }

  const correctNow = raw.transaction(
    (sink: string, seq: number, correction: Parameters<DeadLetter["correct"]>[2]) => {
      const eventSeq = oneOf.get({ sink, seq })?.event_seq;
      if (eventSeq === undefined) return undefined;
      const { payload, meta } = correction;
      putCorrection.run({ sink, eventSeq, payload: jsonOf(payload), meta: jsonOf(meta) });
      return oneOf.get({ sink, seq });
    },
  );

  return {
    page: async (sink, { before, limit }) =>
      pageOf.all({ sink, before: before ?? Number.MAX_SAFE_INTEGER, limit }).map(parkedOf),
    retry: (sink, which) => move(sink, which, { isDiscard: false, one: (found) => requeue(sink, found) }),
    discard: (sink, which, reason) =>
      move(sink, which, { isDiscard: true, one: (found) => giveUp(sink, found, reason) }),
    async correct(sink, seq, correction) {
      const row = correctNow.immediate(sink, seq, correction);
      return row ? parkedOf(row) : null;
    },
  };
}
