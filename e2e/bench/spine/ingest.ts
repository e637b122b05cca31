import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { v4, v7 } from "uuid";
import type { EventRecord } from "#contract/events.ts";
import { aMetricsPayload, anEvent } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { startGateway } from "../../support/gateway.ts";
import { type Bench, quantile } from "../report.ts";

const BATCH = 200;
const BATCHES = 20;
const ROUNDS = 25;
const CONNECTIONS = 8;

const SCHEMA = `create table events (seq integer primary key autoincrement, receipt_id text not null unique,
  event_name text not null, ts text not null, store_id text not null, org_id text, source text not null, camera_id text,
  zone_id text, payload text, meta text, received_at text not null);
  create index events_ts on events (ts);
  create index events_camera_ts on events (camera_id, ts)`;
const ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";
const insertOf = (
  rows: number,
) => `insert into events (receipt_id, event_name, ts, store_id, source, camera_id, payload,
  received_at) values ${Array(rows).fill(ROW).join(", ")} on conflict (receipt_id) do nothing`;
const MANY_ROWS = 50;

const CAMERAS = Array.from({ length: 8 }, () => v4());
let lastMs = Date.parse("2026-03-01T12:00:00Z");
function nextMs(): number {
  lastMs += 7;
  return lastMs;
}

/** A minute's counts of eight cameras, one after the other, as a station sends them. */
const makeBatches = (): EventRecord[][] =>
  Array.from({ length: BATCHES }, () =>
    Array.from({ length: BATCH }, (_, i) =>
      anEvent({
        receipt_id: v7(),
        event_name: "vision.metrics.v1",
        ts: new Date(nextMs()).toISOString(),
        camera_id: CAMERAS[i % CAMERAS.length],
        payload: aMetricsPayload(),
      }),
    ),
  );

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

/** better-sqlite3 alone: the gateway's columns, indexes, WAL and `synchronous=FULL`, one transaction a batch. */
function openRaw(file: string, writerOf: (db: Sqlite.Database) => WriteBatch) {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec(SCHEMA);
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

/** Through the gateway's door, answers read whole, over a few connections as stations have them. */
function openDoor(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const post = (body: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": body.length };
      const outgoing = request(url + paths.events, { method: "POST", agent, headers }, (response) => {
        response.resume().once("error", reject);
        response.once("end", () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`ingest answered ${response.statusCode}`));
        });
      });
      outgoing.once("error", reject).end(body);
    });
  return {
    async rate(batches: EventRecord[][]): Promise<number> {
      const bodies = batches.map((events) => Buffer.from(JSON.stringify({ events })));
      const sendAll = async () => {
        for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) await post(body);
      };
      const startedAtMs = performance.now();
      await Promise.all(Array.from({ length: CONNECTIONS }, sendAll));
      return perSecond(startedAtMs);
    },
    close: () => agent.destroy(),
  };
}

/** In turn, so that the machine's moods hit all; the middle of the rounds counts. */
export const ingestBench: Bench = {
  name: "ingest",
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), "guarita-ingest-"));
    const gateway = await startGateway({ mediamtx: false });
    const raw = openRaw(join(folder, "raw.sqlite"), oneRowAStatement);
    const rawMany = openRaw(join(folder, "raw-many.sqlite"), manyRowsAStatement);
    const door = openDoor(gateway.url);
    try {
      const rates: number[] = [];
      const ratios: number[] = [];
      const ratiosMany: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const alone = raw.rate(makeBatches());
        const aloneMany = rawMany.rate(makeBatches());
        const through = await door.rate(makeBatches());
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
