import type Sqlite from "better-sqlite3";
import { type Generated, Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { migrations } from "./migrations.ts";
import { openSqlite } from "./sqlite.ts";

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

/** SQLite, with its connection for what must be fast, or must not await. */
export type OpenDatabase = { kind: "sqlite"; db: Database; raw: Sqlite.Database; close(): Promise<void> };
/** PostgreSQL, which several gateways may share. */
export type OpenPostgres = { kind: "postgres"; db: Database; close(): Promise<void> };

/**
 * Opens (and migrates) the database in `file`, or in memory for `:memory:`. WAL with `synchronous=FULL`: what is
 * committed is on disk; batches of events alone are flushed after their commit, before they are answered.
 */
export async function openDatabase(file: string): Promise<OpenDatabase> {
  const raw = openSqlite(file);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw new Error(`could not bring the database ${file} up to date`, { cause: error });
  return { kind: "sqlite", db, raw, close: () => db.destroy() };
}
