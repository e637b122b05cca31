import type { Database } from "../kernel/database.ts";
import type { SnapshotTickets } from "./snapshots.ts";

/** Tickets in SQLite, one statement a call. */
export function sqliteSnapshotTickets({ db }: { db: Database }): SnapshotTickets {
  return {
    async insert({ mediaId, cameraId, reason, requestedBy, askedAtMs }) {
      await db
        .insertInto("snapshot_tickets")
        .values({
          media_id: mediaId,
          camera_id: cameraId,
          reason,
          requested_by: requestedBy,
          asked_at_ms: askedAtMs,
        })
        .execute();
    },
    async find(mediaId) {
      const row = await db
        .selectFrom("snapshot_tickets")
        .selectAll()
        .where("media_id", "=", mediaId)
        .executeTakeFirst();
      if (!row) return null;
      const { camera_id: cameraId, reason, requested_by: requestedBy, asked_at_ms: askedAtMs } = row;
      return { mediaId, cameraId, reason, requestedBy, askedAtMs };
    },
    async remove(mediaId) {
      await db.deleteFrom("snapshot_tickets").where("media_id", "=", mediaId).execute();
    },
    async removeBefore(beforeMs) {
      await db.deleteFrom("snapshot_tickets").where("asked_at_ms", "<", beforeMs).execute();
    },
    async withPicture() {
      const rows = await db
        .selectFrom("snapshot_tickets")
        .innerJoin("evidence", "evidence.media_id", "snapshot_tickets.media_id")
        .select("snapshot_tickets.media_id")
        .execute();
      return rows.map(({ media_id }) => media_id);
    },
  };
}
