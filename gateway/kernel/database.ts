import Sqlite from "better-sqlite3";
import { type ColumnDefinitionBuilder, type Generated, Kysely, SqliteDialect, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";

/** One row an event; `seq` is the order of storing and the cursor of the search. */
export type EventsTable = {
  seq: Generated<number>;
  receipt_id: string;
  event_name: string;
  ts: string;
  store_id: string;
  org_id: string | null;
  source: string;
  camera_id: string | null;
  zone_id: string | null;
  payload: string | null;
  meta: string | null;
  received_at: string;
};

/** Addresses are sealed (kernel/secret-box.ts). */
export type CamerasTable = {
  id: string;
  name: string;
  place: string;
  main_address: Buffer;
  sub_address: Buffer | null;
  single_connection: number;
  analysed: number;
  queue_threshold: number;
  demo: number;
  created_at_ms: number;
  rtsp_transport: "tcp" | "udp";
};

/** Per camera and hour of the gateway's clock: how long it was looked at, and gave pictures. */
export type CameraUptimeTable = {
  camera_id: string;
  hour_start_ms: number;
  watched_ms: number;
  up_ms: number;
};

/** What a station must know of a camera; `scene` is the contract's form as JSON. */
export type CameraZonesTable = { camera_id: string; version: number; scene: string };

/** A browser that analyses; `heard_at_ms` is written about once a minute. */
export type StationsTable = { id: string; name: string; capacity: number; heard_at_ms: number };

/** Every turn of a station at a camera; the last one of a camera stays for ever, for its fence. */
export type CameraLeasesTable = {
  camera_id: string;
  fence: number;
  station_id: string;
  granted_at_ms: number;
  ended_at_ms: number | null;
};

/** Pictures of evidence. `file` lies below the folder of evidence; a picture swept away keeps its row for a while. */
export type EvidenceTable = {
  media_id: string;
  sha256: string;
  bytes: number;
  width: number;
  height: number;
  camera_id: string;
  taken_at_ms: number;
  boxes: string;
  reason: string;
  file: string;
  stored_at_ms: number;
  swept_at_ms: number | null;
};

/** Leave to keep a picture of which a `camera.snapshot` is to be told. */
export type SnapshotTicketsTable = {
  media_id: string;
  camera_id: string;
  reason: string;
  requested_by: string;
  asked_at_ms: number;
};

/** Days as `YYYY-MM-DD`. */
export type PlatesTable = {
  id: string;
  plate: string;
  list: "allowed" | "watched";
  note: string;
  valid_from: string | null;
  valid_until: string | null;
};

/** Receiving ends. `event_names` is a JSON array, null for every name; `secrets` is sealed; `config` is JSON. */
export type SinksTable = {
  id: string;
  name: string;
  is_enabled: number;
  is_paused: number;
  event_names: string | null;
  config: string;
  secrets: Buffer;
  created_at_ms: number;
};

/** What is counted of a sink: written with every batch, and so apart from its settings. */
export type SinkLedgersTable = {
  sink_id: string;
  created: number;
  acknowledged: number;
  parked: number;
  discarded: number;
  expired: number;
  last_success_at_ms: number | null;
};

/** The events of one camera for one sink, while any wait; those without a camera have an empty `camera_id`. */
export type OutboxLanesTable = {
  no: Generated<number>;
  sink_id: string;
  camera_id: string;
  due_at_ms: number;
  claim: string | null;
  claimed_until_ms: number | null;
};

/** One row an event and sink: as narrow as can be, for there may be millions. */
export type OutboxTable = {
  lane_no: number;
  event_seq: number;
  queued_at_ms: number;
  attempts: Generated<number>;
};

/** What a receiver refused for good. */
export type DeadLetterTable = {
  seq: Generated<number>;
  sink_id: string;
  event_seq: number;
  code: string;
  reason: string;
  request: string;
  answer: string;
  attempts: number;
  parked_at_ms: number;
};

/** What a sink is sent instead of the stored payload and meta. */
export type EventCorrectionsTable = {
  sink_id: string;
  event_seq: number;
  payload: string | null;
  meta: string | null;
};

/** Events that a person gave up. */
export type DiscardedEventsTable = {
  sink_id: string;
  event_seq: number;
  reason: string;
  discarded_at_ms: number;
};

/** Small facts that a sink keeps; what is not set again for long is forgotten. */
export type SinkNotesTable = { sink_id: string; key: string; value: string; set_at_ms: number };

/** What a sink was told last of a camera; `digest` is null of one that is gone. */
export type SinkCamerasTable = { sink_id: string; camera_id: string; version: number; digest: string | null };

/** Single values the gateway keeps, such as the store's id. */
export type SettingsTable = { name: string; value: string };

export type Tables = {
  events: EventsTable;
  cameras: CamerasTable;
  camera_uptime: CameraUptimeTable;
  camera_zones: CameraZonesTable;
  plates: PlatesTable;
  settings: SettingsTable;
  evidence: EvidenceTable;
  snapshot_tickets: SnapshotTicketsTable;
  stations: StationsTable;
  camera_leases: CameraLeasesTable;
  sinks: SinksTable;
  sink_ledgers: SinkLedgersTable;
  outbox_lanes: OutboxLanesTable;
  outbox: OutboxTable;
  dead_letter: DeadLetterTable;
  event_corrections: EventCorrectionsTable;
  discarded_events: DiscardedEventsTable;
  sink_notes: SinkNotesTable;
  sink_cameras: SinkCamerasTable;
};
export type Database = Kysely<Tables>;

const migrations: Record<string, Migration> = {
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
        .addPrimaryKeyConstraint("sink_notes_key", ["sink_id", "key"])
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
  "0009-note-times": {
    async up(db) {
      await db.schema
        .alterTable("sink_notes")
        .addColumn("set_at_ms", "integer", (c) => c.notNull().defaultTo(0))
        .execute();
      await db.updateTable("sink_notes").set({ set_at_ms: Date.now() }).execute();
      await db.schema
        .createIndex("sink_notes_age")
        .on("sink_notes")
        .columns(["sink_id", "set_at_ms"])
        .execute();
    },
  },
};

export type OpenDatabase = { db: Database; raw: Sqlite.Database; close(): Promise<void> };

/**
 * Opens (and migrates) the database in `file`, or in memory for `:memory:`. WAL with `synchronous=FULL`: what is
 * committed is on disk.
 */
export async function openDatabase(file: string): Promise<OpenDatabase> {
  const raw = new Sqlite(file);
  raw.pragma("journal_mode = WAL");
  raw.pragma("synchronous = FULL");
  raw.pragma("busy_timeout = 5000");
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error(`could not bring the database ${file} up to date`, { cause: error });
  return { db, raw, close: () => db.destroy() };
}
