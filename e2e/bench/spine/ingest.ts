import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { v7 } from "uuid";
import type { EventRecord } from "#contract/events.ts";
import { aMetricsPayload, anEvent } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { startGateway } from "../../support/gateway.ts";
import type { Bench } from "../report.ts";

const BATCH = 200;
const BATCHES = 60;
const ROUNDS = 5;
const CONNECTIONS = 4;

const aBatch = (): EventRecord[] =>
  Array.from({ length: BATCH }, () =>
    anEvent({ receipt_id: v7(), event_name: "vision.metrics.v1", payload: aMetricsPayload() }),
  );

/** Rows a second written by better-sqlite3 alone: the same columns, indexes, WAL and `synchronous=FULL`. */
function rawRate(file: string, batches: EventRecord[][]): number {
  const db = new Sqlite(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec(`create table if not exists events (seq integer primary key autoincrement, receipt_id text not null unique,
    event_name text not null, ts text not null, store_id text not null, org_id text, source text not null,
    camera_id text, zone_id text, payload text, meta text, received_at text not null);
    create index if not exists events_ts on events (ts);
    create index if not exists events_camera_ts on events (camera_id, ts)`);
  const insert =
    db.prepare(`insert into events (receipt_id, event_name, ts, store_id, source, payload, received_at)
    values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const write = db.transaction((events: EventRecord[]) => {
    const now = new Date().toISOString();
    for (const e of events) {
      insert.run(e.receipt_id, e.event_name, e.ts, e.store_id, e.source, JSON.stringify(e.payload), now);
    }
  });
  const startedAtMs = performance.now();
  for (const batch of batches) write.immediate(batch);
  const seconds = (performance.now() - startedAtMs) / 1000;
  db.close();
  return (batches.length * BATCH) / seconds;
}

/** Events a second through the gateway's door, answers read, over a few connections as stations have them. */
async function gatewayRate(url: string, batches: EventRecord[][]): Promise<number> {
  const bodies = batches.map((events) => JSON.stringify({ events }));
  const startedAtMs = performance.now();
  const sendAll = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url + paths.events, { method: "POST", headers, body });
      if (response.status !== 200) throw new Error(`ingest answered ${response.status}`);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sendAll));
  return (batches.length * BATCH) / ((performance.now() - startedAtMs) / 1000);
}

/** Raw and gateway in turn, so that the machine's moods hit both; the middle of the rounds counts. */
export const ingestBench: Bench = {
  name: "ingest",
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), "guarita-ingest-"));
    const gateway = await startGateway({ mediamtx: false });
    try {
      const rates: number[] = [];
      const ratios: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const make = () => Array.from({ length: BATCHES }, aBatch);
        const raw = rawRate(join(folder, "raw.sqlite"), make());
        const through = await gatewayRate(gateway.url, make());
        if (round === 0) continue; // warms both up
        rates.push(through);
        ratios.push(through / raw);
      }
      const middle = (values: number[]) =>
        values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
      report.add("ingest.events_per_s", middle(rates), "1/s");
      report.add("ingest.vs_raw", middle(ratios), "ratio");
    } finally {
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
