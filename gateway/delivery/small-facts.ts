import type { Database } from "../kernel/database.ts";
import type { CameraBook, DeliveryStore } from "./outbox.ts";
import type { SinkNotes } from "./sink.ts";

type Deps = { db: Database; nowMs: () => number };

/** One step forgets at most so many: the gateway does nothing else meanwhile. */
const FORGOTTEN_AT_ONCE = 1_000;

/** Notes of sinks, in SQLite and in PostgreSQL. */
export function createNotes({ db, nowMs }: Deps): (sinkId: string) => SinkNotes {
  return (sinkId) => ({
    async get(key) {
      const row = await db
        .selectFrom("sink_notes")
        .select("value")
        .where("sink_id", "=", sinkId)
        .where("key", "=", key)
        .executeTakeFirst();
      return row?.value ?? null;
    },
    async set(key, value) {
      const set_at_ms = nowMs();
      await db
        .insertInto("sink_notes")
        .values({ sink_id: sinkId, key, value, set_at_ms })
        .onConflict((conflict) => conflict.columns(["sink_id", "key"]).doUpdateSet({ value, set_at_ms }))
        .execute();
    },
    async delete(key) {
      await db.deleteFrom("sink_notes").where("sink_id", "=", sinkId).where("key", "=", key).execute();
    },
  });
}

/** Of the oldest notes of a sink; in SQLite and in PostgreSQL. */
export function createForgetNotes({ db, nowMs }: Deps): DeliveryStore["forgetNotes"] {
  return async (sinkId, ageMs) => {
    const parked = await db
      .selectFrom("dead_letter")
      .select("parked_at_ms")
      .where("sink_id", "=", sinkId)
      .orderBy("seq")
      .limit(1)
      .executeTakeFirst();
    const before = Math.min(nowMs(), parked?.parked_at_ms ?? Number.POSITIVE_INFINITY) - ageMs;
    const { numDeletedRows } = await db
      .deleteFrom("sink_notes")
      .where("sink_id", "=", sinkId)
      .where("key", "in", (notes) =>
        notes
          .selectFrom("sink_notes")
          .select("key")
          .where("sink_id", "=", sinkId)
          .where("set_at_ms", "<", before)
          .orderBy("set_at_ms")
          .limit(FORGOTTEN_AT_ONCE),
      )
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  };
}

/** What sinks were told of cameras, in SQLite and in PostgreSQL. */
export function createCameraBook(db: Database): CameraBook {
  return {
    async all(sinkId) {
      const rows = await db
        .selectFrom("sink_cameras")
        .selectAll()
        .where("sink_id", "=", sinkId)
        .orderBy("camera_id")
        .execute();
      return rows.map(({ camera_id, version, digest }) => ({ cameraId: camera_id, version, digest }));
    },
    async put(sinkId, { cameraId, version, digest }) {
      await db
        .insertInto("sink_cameras")
        .values({ sink_id: sinkId, camera_id: cameraId, version, digest })
        .onConflict((conflict) => conflict.columns(["sink_id", "camera_id"]).doUpdateSet({ version, digest }))
        .execute();
    },
    async forget(sinkId) {
      await db.deleteFrom("sink_cameras").where("sink_id", "=", sinkId).execute();
    },
  };
}
