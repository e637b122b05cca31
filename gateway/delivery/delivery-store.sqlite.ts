import type { SinkCamerasTable } from "../kernel/database.ts";
import { sqliteDeadLetter } from "./dead-letter.sqlite.ts";
import { type SqliteDeps, sqliteOutbox } from "./outbox.sqlite.ts";
import type { CameraBook, DeliveryStore } from "./outbox.ts";
import type { SinkNotes } from "./sink.ts";

/** All that delivery keeps in SQLite, besides the list of sinks. */
export function sqliteDelivery(deps: SqliteDeps): DeliveryStore {
  return {
    outbox: sqliteOutbox(deps),
    deadLetter: sqliteDeadLetter(deps),
    cameraBook: cameraBook(deps),
    notes: notes(deps),
    forgetNotes: forgetNotes(deps),
  };
}

function notes({ raw, nowMs }: Pick<SqliteDeps, "raw" | "nowMs">): (sinkId: string) => SinkNotes {
  const read = raw
    .prepare<[string, string], string>("select value from sink_notes where sink_id = ? and key = ?")
    .pluck();
  const write = raw.prepare<[string, string, string, number]>(
    `insert into sink_notes (sink_id, key, value, set_at_ms) values (?, ?, ?, ?)
     on conflict (sink_id, key) do update set value = excluded.value, set_at_ms = excluded.set_at_ms`,
  );
  const remove = raw.prepare<[string, string]>("delete from sink_notes where sink_id = ? and key = ?");
  return (sinkId) => ({
    get: async (key) => read.get(sinkId, key) ?? null,
    set: async (key, value) => void write.run(sinkId, key, value, nowMs()),
    delete: async (key) => void remove.run(sinkId, key),
  });
}

/** One step forgets at most so many: the gateway does nothing else meanwhile. */
const FORGOTTEN_AT_ONCE = 1_000;

function forgetNotes({ raw, nowMs }: Pick<SqliteDeps, "raw" | "nowMs">): DeliveryStore["forgetNotes"] {
  const oldestParked = raw
    .prepare<[string], number>("select parked_at_ms from dead_letter where sink_id = ? order by seq limit 1")
    .pluck();
  const forget = raw.prepare<[{ sink: string; before: number; limit: number }]>(
    `delete from sink_notes where sink_id = @sink and key in (
       select key from sink_notes where sink_id = @sink and set_at_ms < @before order by set_at_ms limit @limit)`,
  );
  return async (sink, ageMs) => {
    const before = Math.min(nowMs(), oldestParked.get(sink) ?? Number.POSITIVE_INFINITY) - ageMs;
    return forget.run({ sink, before, limit: FORGOTTEN_AT_ONCE }).changes;
  };
}

function cameraBook({ raw }: Pick<SqliteDeps, "raw">): CameraBook {
  const read = raw.prepare<[string], SinkCamerasTable>(
    "select * from sink_cameras where sink_id = ? order by camera_id",
  );
  const write = raw.prepare<[SinkCamerasTable]>(
    `insert into sink_cameras (sink_id, camera_id, version, digest) values (@sink_id, @camera_id, @version, @digest)
     on conflict (sink_id, camera_id) do update set version = @version, digest = @digest`,
  );
  return {
    all: async (sinkId) =>
      read.all(sinkId).map(({ camera_id, version, digest }) => ({ cameraId: camera_id, version, digest })),
    put: async (sinkId, { cameraId, version, digest }) =>
      void write.run({ sink_id: sinkId, camera_id: cameraId, version, digest }),
  };
}
