import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { EventRecord } from "#contract/events.ts";
import { addSink, pauseSink } from "../../support/faults/sinks.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { type Bench, quantile, type Report } from "../report.ts";
import { aBatch, bodyOf } from "./batches.ts";
import { openDoor } from "./open-door.ts";

/** A round is as many events as wait in a browser after a long outage. */
const BATCH = 200;
const BATCHES = 50;
const ROUNDS = 15;
const CONNECTIONS = 8;
const SINKS = [1, 5];

const ROW = "(?, ?, ?, ?, ?, ?, ?, ?)";
const insertOf = (
  rows: number,
) => `insert into events (receipt_id, event_name, ts, store_id, source, camera_id, payload,
  received_at) values ${Array(rows).fill(ROW).join(", ")} on conflict (receipt_id) do nothing`;
const MANY_ROWS = 50;

export const makeBatches = (): EventRecord[][] => Array.from({ length: BATCHES }, () => aBatch(BATCH));

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
export async function rateOf({ url }: Gateway, batches: EventRecord[][]): Promise<number> {
  const bodies = batches.map(bodyOf);
  const door = openDoor(url, CONNECTIONS);
  try {
    const startedAtMs = performance.now();
    await door.postAll(bodies);
    return perSecond(startedAtMs);
  } finally {
    door.close();
  }
}

/** A gateway that queues every event for so many sinks. They are paused: sending is not what is measured. */
async function startWithSinks(count: number): Promise<Gateway> {
  const gateway = await startGateway({ mediamtx: false });
  for (let i = 0; i < count; i += 1) {
    const target = { kind: "http", url: "http://127.0.0.1:9/events" } as const;
    const sink = await addSink(gateway, { sink: { name: `Receiver ${i}`, target } });
    if (sink) await pauseSink(gateway, sink);
  }
  return gateway;
}

type Sizes = { stored: number; queued: number };

function countRows({ dataDir }: Gateway): Sizes {
  const db = new Sqlite(join(dataDir, "guarita.sqlite"), { readonly: true });
  try {
    const count = (table: string) => Number(db.prepare(`select count(*) from ${table}`).pluck().get());
    return { stored: count("events"), queued: count("outbox") };
  } finally {
    db.close();
  }
}

/** The rates of one round. */
type Round = { alone: number; aloneMany: number; through: number; sinks: number[] };

/** In turn, so that the machine's moods hit all; the middle of the rounds counts. */
export const doorBench: Bench = {
  name: "door",
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), "guarita-ingest-"));
    const gateways: Gateway[] = [];
    const start = async (sinks: number) => {
      const gateway = await startWithSinks(sinks);
      gateways.push(gateway);
      return gateway;
    };
    try {
      const gateway = await start(0);
      const withSinks: Gateway[] = [];
      for (const count of SINKS) withSinks.push(await start(count));
      const schema = readSchema(gateway.dataDir);
      const raw = openRaw(join(folder, "raw.sqlite"), schema, oneRowAStatement);
      const rawMany = openRaw(join(folder, "raw-many.sqlite"), schema, manyRowsAStatement);
      const rounds: Round[] = [];
      for (let i = 0; i <= ROUNDS; i += 1) {
        const alone = raw.rate(makeBatches());
        const aloneMany = rawMany.rate(makeBatches());
        const through = await rateOf(gateway, makeBatches());
        const sinks: number[] = [];
        for (const each of withSinks) sinks.push(await rateOf(each, makeBatches()));
        if (i > 0) rounds.push({ alone, aloneMany, through, sinks }); // the first one warms all up
      }
      raw.close();
      rawMany.close();
      checkAllStored([gateway, ...withSinks]);
      addFigures(rounds, report);
    } finally {
      for (const gateway of gateways) await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** The first gateway has no sinks, the others as many as `SINKS` says. */
function checkAllStored(gateways: Gateway[]): void {
  const sent = (ROUNDS + 1) * BATCHES * BATCH;
  for (const [i, sinks] of [0, ...SINKS].entries()) {
    const gateway = gateways[i];
    const { stored, queued } = gateway ? countRows(gateway) : { stored: 0, queued: 0 };
    if (stored !== sent) throw new Error(`${sent} events were sent and ${stored} are in the database`);
    if (queued !== sent * sinks)
      throw new Error(`${queued} of ${sent * sinks} are queued for ${sinks} sinks`);
  }
}

function addFigures(rounds: Round[], report: Report): void {
  const middle = (value: (round: Round) => number) => quantile(rounds.map(value), 0.5);
  report.add(
    "ingest.events_per_s",
    middle(({ through }) => through),
    "1/s",
  );
  report.add(
    "ingest.vs_raw",
    middle(({ through, alone }) => through / alone),
    "ratio",
  );
  report.add(
    "ingest.vs_raw_many_rows",
    middle(({ through, aloneMany }) => through / aloneMany),
    "ratio",
  );
  for (const [i, count] of SINKS.entries()) {
    const rate = ({ sinks }: Round) => sinks[i] ?? 0;
    report.add(`ingest.events_per_s_${count}_sinks`, middle(rate), "1/s");
    report.add(
      `ingest.vs_no_sinks_${count}`,
      middle((round) => rate(round) / round.through),
      "ratio",
    );
  }
}
