import { type ColumnDefinitionBuilder, sql } from "kysely";
import type { Migration } from "kysely/migration";

/**
 * What became of the tables, in SQLite's words: `integer` has 64 bits, and one that is the primary key numbers itself.
 * PostgreSQL gets the same, translated (postgres-schema.ts).
 */
export const migrations: Record<string, Migration> = {
  "0001-spine": {
    async up(db) {
      await db.schema
        .createTable("settings")
        .addColumn("name", "text", (c) => c.primaryKey())
        .addColumn("value", "text", (c) => c.notNull())
        .execute();
      await db.schema
        .createTable("events")
        .addColumn("seq", "integer", (c) => c.primaryKey().autoIncrement())
        .addColumn("receipt_id", "text", (c) => c.notNull().unique())
        .addColumn("event_name", "text", (c) => c.notNull())
        .addColumn("ts", "text", (c) => c.notNull())
        .addColumn("store_id", "text", (c) => c.notNull())
        .addColumn("org_id", "text")
        .addColumn("source", "text", (c) => c.notNull())
        .addColumn("camera_id", "text")
        .addColumn("zone_id", "text")
        .addColumn("payload", "text")
        .addColumn("meta", "text")
        .addColumn("received_at", "text", (c) => c.notNull())
        .execute();
      await db.schema.createIndex("events_ts").on("events").column("ts").execute();
      await db.schema.createIndex("events_camera_ts").on("events").columns(["camera_id", "ts"]).execute();
      await db.schema
        .createTable("cameras")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("name", "text", (c) => c.notNull())
        .addColumn("place", "text", (c) => c.notNull())
        .addColumn("main_address", "blob", (c) => c.notNull())
        .addColumn("sub_address", "blob")
        .addColumn("single_connection", "integer", (c) => c.notNull())
        .addColumn("analysed", "integer", (c) => c.notNull())
        .addColumn("queue_threshold", "integer", (c) => c.notNull())
        .addColumn("demo", "integer", (c) => c.notNull())
        .addColumn("created_at_ms", "integer", (c) => c.notNull())
        .execute();
    },
  },
  "0002-live-view": {
    async up(db) {
      await db.schema
        .alterTable("cameras")
        .addColumn("rtsp_transport", "text", (c) => c.notNull().defaultTo("tcp"))
        .execute();
      await db.schema
        .createTable("camera_uptime")
        .addColumn("camera_id", "text", (c) => c.notNull())
        .addColumn("hour_start_ms", "integer", (c) => c.notNull())
        .addColumn("watched_ms", "integer", (c) => c.notNull())
        .addColumn("up_ms", "integer", (c) => c.notNull())
        .addPrimaryKeyConstraint("camera_uptime_key", ["camera_id", "hour_start_ms"])
        .execute();
    },
  },
  "0003-events-by-name": {
    // what happened is rare among what is only counted: finding it must not read through all the counts
    up: (db) => db.schema.createIndex("events_name_ts").on("events").columns(["event_name", "ts"]).execute(),
  },
  "0004-zones": {
    up: (db) =>
      db.schema
        .createTable("camera_zones")
        .addColumn("camera_id", "text", (c) => c.primaryKey())
        .addColumn("version", "integer", (c) => c.notNull())
        .addColumn("scene", "text", (c) => c.notNull())
        .execute(),
  },
  "0005-stations": {
    async up(db) {
      await db.schema
        .createTable("stations")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("name", "text", (c) => c.notNull())
        .addColumn("capacity", "integer", (c) => c.notNull())
        .addColumn("heard_at_ms", "integer", (c) => c.notNull())
        .execute();
      await db.schema
        .createTable("camera_leases")
        .addColumn("camera_id", "text", (c) => c.notNull())
        .addColumn("fence", "integer", (c) => c.notNull())
        .addColumn("station_id", "text", (c) => c.notNull())
        .addColumn("granted_at_ms", "integer", (c) => c.notNull())
        .addColumn("ended_at_ms", "integer")
        .addPrimaryKeyConstraint("camera_leases_key", ["camera_id", "fence"])
        .execute();
    },
  },
  "0006-plates": {
    async up(db) {
      await db.schema
        .createTable("plates")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("plate", "text", (c) => c.notNull().unique())
        .addColumn("list", "text", (c) => c.notNull())
        .addColumn("note", "text", (c) => c.notNull())
        .addColumn("valid_from", "text")
        .addColumn("valid_until", "text")
        .execute();
    },
  },
  "0007-evidence": {
    async up(db) {
      await db.schema
        .createTable("evidence")
        .addColumn("media_id", "text", (c) => c.primaryKey())
        .addColumn("sha256", "text", (c) => c.notNull())
        .addColumn("bytes", "integer", (c) => c.notNull())
        .addColumn("width", "integer", (c) => c.notNull())
        .addColumn("height", "integer", (c) => c.notNull())
        .addColumn("camera_id", "text", (c) => c.notNull())
        .addColumn("taken_at_ms", "integer", (c) => c.notNull())
        .addColumn("boxes", "text", (c) => c.notNull())
        .addColumn("reason", "text", (c) => c.notNull())
        .addColumn("file", "text", (c) => c.notNull().unique())
        .addColumn("stored_at_ms", "integer", (c) => c.notNull())
        .addColumn("swept_at_ms", "integer")
        .execute();
      await db.schema
        .createIndex("evidence_kept")
        .on("evidence")
        .columns(["swept_at_ms", "stored_at_ms"])
        .execute();
      await db.schema
        .createTable("snapshot_tickets")
        .addColumn("media_id", "text", (c) => c.primaryKey())
        .addColumn("camera_id", "text", (c) => c.notNull())
        .addColumn("reason", "text", (c) => c.notNull())
        .addColumn("requested_by", "text", (c) => c.notNull())
        .addColumn("asked_at_ms", "integer", (c) => c.notNull())
        .execute();
    },
  },
  "0008-delivery": {
    async up(db) {
      await db.schema
        .createTable("sinks")
        .addColumn("id", "text", (c) => c.primaryKey())
        .addColumn("name", "text", (c) => c.notNull())
        .addColumn("is_enabled", "integer", (c) => c.notNull())
        .addColumn("is_paused", "integer", (c) => c.notNull())
        .addColumn("event_names", "text")
        .addColumn("config", "text", (c) => c.notNull())
        .addColumn("secrets", "blob", (c) => c.notNull())
        .addColumn("created_at_ms", "integer", (c) => c.notNull())
        .execute();
      const count = (c: ColumnDefinitionBuilder) => c.notNull().defaultTo(0);
      await db.schema
        .createTable("sink_ledgers")
        .addColumn("sink_id", "text", (c) => c.primaryKey())
        .addColumn("created", "integer", count)
        .addColumn("acknowledged", "integer", count)
        .addColumn("parked", "integer", count)
        .addColumn("discarded", "integer", count)
        .addColumn("expired", "integer", count)
        .addColumn("last_success_at_ms", "integer")
        .execute();
      await db.schema
        .createTable("outbox_lanes")
        .addColumn("no", "integer", (c) => c.primaryKey())
        .addColumn("sink_id", "text", (c) => c.notNull())
        .addColumn("camera_id", "text", (c) => c.notNull())
        .addColumn("due_at_ms", "integer", (c) => c.notNull())
        .addColumn("claim", "text")
        .addColumn("claimed_until_ms", "integer")
        .addUniqueConstraint("outbox_lanes_camera", ["sink_id", "camera_id"])
        .execute();
      await db.schema
        .createIndex("outbox_lanes_due")
        .on("outbox_lanes")
        .columns(["sink_id", "due_at_ms"])
        .execute();
      await db.schema
        .createTable("outbox")
        .addColumn("lane_no", "integer", (c) => c.notNull())
        .addColumn("event_seq", "integer", (c) => c.notNull())
        .addColumn("queued_at_ms", "integer", (c) => c.notNull())
        .addColumn("attempts", "integer", count)
        .addPrimaryKeyConstraint("outbox_key", ["lane_no", "event_seq"])
        .modifyEnd(sql`without rowid`)
        .execute();
      await db.schema
        .createTable("dead_letter")
        .addColumn("seq", "integer", (c) => c.primaryKey().autoIncrement())
        .addColumn("sink_id", "text", (c) => c.notNull())
        .addColumn("event_seq", "integer", (c) => c.notNull())
        .addColumn("code", "text", (c) => c.notNull())
        .addColumn("reason", "text", (c) => c.notNull())
        .addColumn("request", "text", (c) => c.notNull())
        .addColumn("answer", "text", (c) => c.notNull())
        .addColumn("attempts", "integer", (c) => c.notNull())
        .addColumn("parked_at_ms", "integer", (c) => c.notNull())
        .execute();
      await db.schema.createIndex("dead_letter_sink").on("dead_letter").columns(["sink_id", "seq"]).execute();
      await db.schema
        .createTable("event_corrections")
        .addColumn("sink_id", "text", (c) => c.notNull())
        .addColumn("event_seq", "integer", (c) => c.notNull())
        .addColumn("payload", "text")
        .addColumn("meta", "text")
        .addPrimaryKeyConstraint("event_corrections_key", ["sink_id", "event_seq"])
        .execute();
      await db.schema
        .createTable("discarded_events")
        .addColumn("sink_id", "text", (c) => c.notNull())
        .addColumn("event_seq", "integer", (c) => c.notNull())
        .addColumn("reason", "text", (c) => c.notNull())
        .addColumn("discarded_at_ms", "integer", (c) => c.notNull())
        .addPrimaryKeyConstraint("discarded_events_key", ["sink_id", "event_seq"])
        .execute();
      await db.schema
        .createTable("sink_notes")
        .addColumn("sink_id", "text", (c) => c.notNull())
        .addColumn("key", "text", (c) => c.notNull())
        .addColumn("value", "text", (c) => c.notNull())
        .addColumn("set_at_ms", "integer", (c) => c.notNull())
        .addPrimaryKeyConstraint("sink_notes_key", ["sink_id", "key"])
        .execute();
      await db.schema
        .createIndex("sink_notes_age")
        .on("sink_notes")
        .columns(["sink_id", "set_at_ms"])
        .execute();
      await db.schema
        .createTable("sink_cameras")
        .addColumn("sink_id", "text", (c) => c.notNull())
        .addColumn("camera_id", "text", (c) => c.notNull())
        .addColumn("version", "integer", (c) => c.notNull())
        .addColumn("digest", "text")
        .addPrimaryKeyConstraint("sink_cameras_key", ["sink_id", "camera_id"])
        .execute();
    },
  },
};
