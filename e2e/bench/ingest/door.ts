import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { EventRecord } from "#contract/events.ts";
import { startGateway } from "../../support/gateway.ts";
import { type Bench, quantile } from "../report.ts";
import { aBatch, bodyOf } from "./batches.ts";
import { type Door, openDoor } from "./open-door.ts";

const BATCH = 200;
const BATCHES = 20;
const ROUNDS = 25;
const CONNECTIONS = 8;

const ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";
const insertOf = (
  rows: number,
) => `insert into events (receipt_id, event_name, ts, store_id, source, camera_id, payload,
  received_at) values ${Array(rows).fill(ROW).join(", ")} on conflict (receipt_id) do nothing`;
const MANY_ROWS = 50;

const makeBatches = (): EventRecord[][] => Array.from({ length: BATCHES }, () => aBatch(BATCH));

const perSecond = (startedAtMs: number): number =>
  (BATCHES * BATCH) / ((performance.now() - startedAtMs) / 1000);

const valuesOf = (e: EventRecord, now: string) =>
  [
    e.receipt_id,
    e.event_name,
    e.ts,
    e.store_id,
    e.source,
    e.camera_id,
    JSON.stringify(e.payload),
    now,
  ] as const;

type WriteBatch = (events: EventRecord[], now: string) => void;

const oneRowAStatement = (db: Sqlite.Database): WriteBatch => {
  const insert = db.prepare(insertOf(1));
  return (events, now) => {
    for (const event of events) insert.run(...valuesOf(event, now));
  };
};

const manyRowsAStatement = (db: Sqlite.Database): WriteBatch => {
  const insert = db.prepare(insertOf(MANY_ROWS));
  return (events, now) => {
    for (let i = 0; i < events.length; i += MANY_ROWS) {
      insert.run(events.slice(i, i + MANY_ROWS).flatMap((event) => valuesOf(event, now)));
    }
  };
};

/** The table of events and its indexes, as the gateway's database has them. */
function readSchema(dataDir: string): string[] {
  const db = new Sqlite(join(dataDir, "guarita.sqlite"), { readonly: true });
  const sql =
    "select sql from sqlite_master where tbl_name = 'events' and sql is not null order by type desc";
  const statements = db.prepare<[], string>(sql).pluck().all();
  db.close();
  return statements;
}

/** better-sqlite3 alone: the gateway's columns, indexes, WAL and `synchronous=FULL`, one transaction a batch. */
function openRaw(file: string, schema: string[], writerOf: (db: Sqlite.Database) => WriteBatch) {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  for (const statement of schema) db.exec(statement);
  const write = db.transaction(writerOf(db));
  return {
    rate(batches: EventRecord[][]): number {
      const startedAtMs = performance.now();
      for (const batch of batches) write.immediate(batch, new Date().toISOString());
      return perSecond(startedAtMs);
    },
    close: () => db.close(),
  };
}

/** Through the gateway's door; the bodies are made before the clock starts. */
async function rateOf(door: Door, batches: EventRecord[][]): Promise<number> {
  const bodies = batches.map(bodyOf);
  const startedAtMs = performance.now();
  await door.postAll(bodies);
  return perSecond(startedAtMs);
}

/** In turn, so that the machine's moods hit all; the middle of the rounds counts. */
export const doorBench: Bench = {
  name: "door",
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), "guarita-ingest-"));
    const gateway = await startGateway({ mediamtx: false });
    const schema = readSchema(gateway.dataDir);
    const raw = openRaw(join(folder, "raw.sqlite"), schema, oneRowAStatement);
    const rawMany = openRaw(join(folder, "raw-many.sqlite"), schema, manyRowsAStatement);
    const door = openDoor(gateway.url, CONNECTIONS);
    try {
      const rates: number[] = [];
      const ratios: number[] = [];
      const ratiosMany: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const alone = raw.rate(makeBatches());
        const aloneMany = rawMany.rate(makeBatches());
        const through = await rateOf(door, makeBatches());
        if (round === 0) continue; // warms all up
        rates.push(through);
        ratios.push(through / alone);
        ratiosMany.push(through / aloneMany);
      }
      const sent = (ROUNDS + 1) * BATCHES * BATCH;
      const stored = gateway.storedEvents().length;
      if (stored !== sent) throw new Error(`${sent} events were sent and ${stored} are in the database`);
      report.add("ingest.events_per_s", quantile(rates, 0.5), "1/s");
      report.add("ingest.vs_raw", quantile(ratios, 0.5), "ratio");
      report.add("ingest.vs_raw_many_rows", quantile(ratiosMany, 0.5), "ratio");
    } finally {
      door.close();
      raw.close();
      rawMany.close();
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
