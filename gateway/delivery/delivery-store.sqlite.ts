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
  };
}

function notes({ raw }: Pick<SqliteDeps, "raw">): (sinkId: string) => SinkNotes {
  const read = raw
    .prepare<[string, string], string>("select value from sink_notes where sink_id = ? and key = ?")
    .pluck();
  const write = raw.prepare<[string, string, string]>(
    `insert into sink_notes (sink_id, key, value) values (?, ?, ?)
     on conflict (sink_id, key) do update set value = excluded.value`,
  );
  const remove = raw.prepare<[string, string]>("delete from sink_notes where sink_id = ? and key = ?");
  return (sinkId) => ({
    get: async (key) => read.get(sinkId, key) ?? null,
    set: async (key, value) => void write.run(sinkId, key, value),
    delete: async (key) => void remove.run(sinkId, key),
  });
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
