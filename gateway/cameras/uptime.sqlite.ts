import type { CameraUptimeTable, Database } from "../kernel/database.ts";
import type { UptimeHour, UptimeStore } from "./uptime.ts";

/** Hours in SQLite. Each write is one statement, for no part may hold a transaction open across an await. */
export function sqliteUptime({ db }: { db: Database }): UptimeStore {
  return {
    since: async (fromMs) =>
      (await db.selectFrom("camera_uptime").selectAll().where("hour_start_ms", ">=", fromMs).execute()).map(
        toHour,
      ),
    async put(hours) {
      if (hours.length === 0) return;
      await db
        .insertInto("camera_uptime")
        .values(hours.map(toRow))
        .onConflict((conflict) =>
          conflict.columns(["camera_id", "hour_start_ms"]).doUpdateSet(({ ref }) => ({
            watched_ms: ref("excluded.watched_ms"),
            up_ms: ref("excluded.up_ms"),
          })),
        )
        .execute();
    },
    async removeBefore(beforeMs) {
      await db.deleteFrom("camera_uptime").where("hour_start_ms", "<", beforeMs).execute();
    },
    async forget(cameraId) {
      await db.deleteFrom("camera_uptime").where("camera_id", "=", cameraId).execute();
    },
  };
}

const toRow = ({ cameraId, hourStartMs, watchedMs, upMs }: UptimeHour): CameraUptimeTable => ({
  camera_id: cameraId,
  hour_start_ms: hourStartMs,
  watched_ms: watchedMs,
  up_ms: upMs,
});

const toHour = (row: CameraUptimeTable): UptimeHour => ({
  cameraId: row.camera_id,
  hourStartMs: row.hour_start_ms,
  watchedMs: row.watched_ms,
  upMs: row.up_ms,
});
