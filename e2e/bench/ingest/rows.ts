import { setTimeout as sleep } from "node:timers/promises";
import { addSink } from "../../support/faults/sinks.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { type Receiver, startHttpReceiver } from "../../support/receiver.ts";
import { rssMb } from "../../support/usage.ts";
import { type Bench, quantile, type Report } from "../report.ts";
import { aBatch, bodyOf } from "./batches.ts";
import { type Door, openDoor } from "./open-door.ts";

const ROWS = 1_000_000;
const STEP = 50_000;
const BATCH = 200;
/** At each step so many batches go alone, one after the other, and are timed. */
const TIMED = 50;
/** Batches that are made ahead: the bench itself must not fill the memory. */
const AHEAD = 25;
const CONNECTIONS = 4;
/** What waits when the delivery of few is measured, for comparison. */
const FEW = 20_000;
const DELIVERY_MS = 10_000;
const LOOK_MS = 20;
const BAR_MS = 0.5;
const LONGEST_BAR = 100;

type Point = { rows: number; batchMs: number; memoryMb: number };

async function fill(door: Door, rows: number): Promise<void> {
  for (let left = rows / BATCH; left > 0; left -= AHEAD) {
    await door.postAll(Array.from({ length: Math.min(left, AHEAD) }, () => bodyOf(aBatch(BATCH))));
  }
}

/** The middle of single batches, one at a time, each from its first byte to its answer. */
async function timeBatch(door: Door): Promise<number> {
  const tookMs: number[] = [];
  for (let i = 0; i < TIMED; i += 1) {
    const body = bodyOf(aBatch(BATCH));
    const startedAtMs = performance.now();
    await door.post(body);
    tookMs.push(performance.now() - startedAtMs);
  }
  return quantile(tookMs, 0.5);
}

async function fillAndTime(gateway: Gateway, door: Door, report: Report): Promise<Point[]> {
  const points: Point[] = [];
  for (let rows = STEP; rows <= ROWS; rows += STEP) {
    await fill(door, STEP - TIMED * BATCH);
    const batchMs = await timeBatch(door);
    const memoryMb = rssMb(gateway.process().pid);
    points.push({ rows, batchMs, memoryMb });
    const bar = "#".repeat(Math.min(LONGEST_BAR, Math.round(batchMs / BAR_MS)));
    report.note(
      `${String(rows).padStart(9)} rows ${batchMs.toFixed(1).padStart(6)} ms ${Math.round(memoryMb)} MB ${bar}`,
    );
  }
  return points;
}

/** Events a second that reach the receiver once it is there, for a while, or until it has all that was ever sent. */
async function deliveryRate(receiver: Receiver, sent: number): Promise<number> {
  receiver.setMode({ kind: "takes" });
  const taken = () => receiver.taken().size;
  const before = taken();
  while (taken() === before) await sleep(LOOK_MS); // the sink rests between its tries
  const [first, startedAtMs] = [taken(), performance.now()];
  const tookMs = () => performance.now() - startedAtMs;
  while (tookMs() < DELIVERY_MS && taken() < sent) await sleep(LOOK_MS);
  const rate = (taken() - first) / (tookMs() / 1000);
  receiver.setMode({ kind: "gone" });
  return rate;
}

const middleOf = (points: Point[], value: (point: Point) => number): number =>
  quantile(points.map(value), 0.5);

/** Whether an insert, and a claim where there are sinks, costs more when a million rows are there. */
export const rowsBench: Bench = {
  name: "rows",
  async run(report) {
    const gateway = await startGateway({ mediamtx: false });
    const receiver = await startHttpReceiver();
    const door = openDoor(gateway.url, CONNECTIONS);
    try {
      receiver.setMode({ kind: "gone" });
      const hasSinks = await addSink(gateway, receiver);
      if (hasSinks) {
        await fill(door, FEW);
        report.add("rows.delivered_per_s_few", await deliveryRate(receiver, FEW), "1/s");
      } else {
        report.skip("rows.delivered_per_s_*", "this gateway has no sinks");
      }
      const points = await fillAndTime(gateway, door, report);
      const [first, last] = [points.slice(0, 4), points.slice(-4)];
      const [firstMs, lastMs] = [middleOf(first, (p) => p.batchMs), middleOf(last, (p) => p.batchMs)];
      report.add("rows.batch_ms_first", firstMs, "ms");
      report.add("rows.batch_ms_last", lastMs, "ms");
      report.add("rows.last_vs_first", lastMs / firstMs, "ratio");
      report.add(
        "rows.memory_mb_first",
        middleOf(first, (p) => p.memoryMb),
        "MB",
      );
      report.add(
        "rows.memory_mb_last",
        middleOf(last, (p) => p.memoryMb),
        "MB",
      );
      if (hasSinks) report.add("rows.delivered_per_s_many", await deliveryRate(receiver, FEW + ROWS), "1/s");
    } finally {
      door.close();
      await gateway.stop();
      await receiver.stop();
    }
  },
};
