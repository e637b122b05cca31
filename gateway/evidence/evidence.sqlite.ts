import type { Database, EvidenceTable } from "../kernel/database.ts";
import type { EvidenceRow, EvidenceRows } from "./store-evidence.ts";

/** Pictures' rows in SQLite. Each call is one statement, for no part may hold a transaction open across an await. */
export function sqliteEvidence({ db }: { db: Database }): EvidenceRows {
  return {
    async insert(row) {
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto("evidence")
        .values(toRow(row))
        .onConflict((conflict) => conflict.column("media_id").doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },
    async find(mediaId) {
      const row = await db
        .selectFrom("evidence")
        .selectAll()
        .where("media_id", "=", mediaId)
        .executeTakeFirst();
      return row ? fromRow(row) : null;
    },
    async storedBefore(beforeMs, limit) {
      const rows = await db
        .selectFrom("evidence")
        .select(["media_id", "file", "bytes"])
        .where("swept_at_ms", "is", null)
        .where("stored_at_ms", "<", beforeMs)
        .orderBy("stored_at_ms")
        .limit(limit)
        .execute();
      return rows.map(({ media_id, file, bytes }) => ({ mediaId: media_id, file, sizeBytes: bytes }));
    },
    async markSwept(mediaIds, atMs) {
      await db.updateTable("evidence").set({ swept_at_ms: atMs }).where("media_id", "in", mediaIds).execute();
    },
    async forgetSwept(beforeMs) {
      await db.deleteFrom("evidence").where("swept_at_ms", "<", beforeMs).execute();
    },
    async keptFiles(files) {
      if (files.length === 0) return new Set();
      const rows = await db
        .selectFrom("evidence")
        .select("file")
        .where("file", "in", files)
        .where("swept_at_ms", "is", null)
        .execute();
      return new Set(rows.map(({ file }) => file));
    },
    async totals() {
      const { pictures, bytes } = await db
        .selectFrom("evidence")
        .select(({ fn }) => [
          fn.countAll<number>().as("pictures"),
          fn.sum<number | null>("bytes").as("bytes"),
        ])
        .where("swept_at_ms", "is", null)
        .executeTakeFirstOrThrow();
      return { pictures, bytes: bytes ?? 0 };
    },
  };
}

const toRow = (row: EvidenceRow): EvidenceTable => ({
  media_id: row.mediaId,
  sha256: row.sha256,
  bytes: row.sizeBytes,
  width: row.widthPx,
  height: row.heightPx,
  camera_id: row.cameraId,
  taken_at_ms: row.takenAtMs,
  boxes: JSON.stringify(row.boxes),
  reason: row.reason,
  file: row.file,
  stored_at_ms: row.storedAtMs,
  swept_at_ms: row.sweptAtMs,
});

const fromRow = (row: EvidenceTable): EvidenceRow => ({
  mediaId: row.media_id,
  sha256: row.sha256,
  sizeBytes: row.bytes,
  widthPx: row.width,
  heightPx: row.height,
  cameraId: row.camera_id,
  takenAtMs: row.taken_at_ms,
  boxes: JSON.parse(row.boxes), // the table holds only what passed the contract's schema
  reason: row.reason,
  file: row.file,
  storedAtMs: row.stored_at_ms,
  sweptAtMs: row.swept_at_ms,
});
