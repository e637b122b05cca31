import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { v7 } from "uuid";
import type { EventRecord } from "#contract/events.ts";
import { aMetricsPayload, anEvent } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { startGateway } from "../../support/gateway.ts";
import { type Bench, quantile } from "../report.ts";

const BATCH = 200;
const BATCHES = 40;
const ROUNDS = 11;
const CONNECTIONS = 4;

const SCHEMA = `create table events (seq integer primary key autoincrement, receipt_id text not null unique,
  event_name text not null, ts text not null, store_id text not null, org_id text, source text not null, camera_id text,
  zone_id text, payload text, meta text, received_at text not null);
  create index events_ts on events (ts);
  create index events_camera_ts on events (camera_id, ts)`;
const INSERT =
  "insert into events (receipt_id, event_name, ts, store_id, source, payload, received_at) values";
const ROW = "(?, ?, ?, ?, ?, ?, ?)";

const makeBatches = (): EventRecord[][] =>
  Array.from({ length: BATCHES }, () =>
    Array.from({ length: BATCH }, () =>
      anEvent({ receipt_id: v7(), event_name: "vision.metrics.v1", payload: aMetricsPayload() }),
    ),
  );

const perSecond = (startedAtMs: number): number =>
  (BATCHES * BATCH) / ((performance.now() - startedAtMs) / 1000);

/** better-sqlite3 alone: the gateway's columns, indexes, WAL and `synchronous=FULL`, one transaction a batch. */
function openRaw(file: string, rowsPerInsert: number) {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec(SCHEMA);
  const rows = Array(rowsPerInsert).fill(ROW).join(", ");
  const insert = db.prepare(`${INSERT} ${rows} on conflict (receipt_id) do nothing`);
  const write = db.transaction((events: EventRecord[]) => {
    const now = new Date().toISOString();
    for (let i = 0; i < events.length; i += rowsPerInsert) {
      const values: unknown[] = [];
      for (const e of events.slice(i, i + rowsPerInsert)) {
        values.push(e.receipt_id, e.event_name, e.ts, e.store_id, e.source, JSON.stringify(e.payload), now);
      }
      insert.run(values);
    }
  });
  return {
    rate(batches: EventRecord[][]): number {
      const startedAtMs = performance.now();
      for (const batch of batches) write.immediate(batch);
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
        for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await post(body);
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
    const raw = openRaw(join(folder, "raw.sqlite"), 1);
    const rawMany = openRaw(join(folder, "raw-many.sqlite"), 50);
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
