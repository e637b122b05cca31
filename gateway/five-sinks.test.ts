/** Storing, queueing and sending as `start-gateway.ts` joins them, to all five kinds of real receivers at once. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { afterEach, expect, test, vi } from "vitest";
import { BatchAnswer, type EventRecord } from "#contract/events.ts";
import { aCamera, aMetricsPayload, anEvent, aQueuePayload, STORE_ID } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { NewSink, type SinkKind } from "#contract/sinks.ts";
import { createDelivery } from "./delivery/delivery.ts";
import { sqliteDelivery } from "./delivery/delivery-store.sqlite.ts";
import { sqliteQueue } from "./delivery/queue.sqlite.ts";
import type { SinkKinds } from "./delivery/run-sinks.ts";
import type { SendResult, Sink } from "./delivery/sink.ts";
import { portOf, RABBITMQ_START_MS } from "./delivery/sinks/brokers.memory.ts";
import { openFrigateSink } from "./delivery/sinks/frigate.ts";
import { SINK_KINDS } from "./delivery/sinks/sink-kinds.ts";
import { sqliteSinks } from "./delivery/sinks.sqlite.ts";
import { sqliteEvents } from "./events/events.sqlite.ts";
import { eventRoutes } from "./events/routes.ts";
import { createSearchEvents } from "./events/search-events.ts";
import { createStoreEvents } from "./events/store-events.ts";
import { MISSING, type ReceivingEnd, startEnd } from "./five-receivers.memory.ts";
import { createBus } from "./kernel/bus.ts";
import { openDatabase } from "./kernel/database.ts";
import { newId } from "./kernel/ids.ts";
import { silentLogger } from "./kernel/logger.ts";
import { createSecretBox } from "./kernel/secret-box.ts";

/** The first of those that are here stays dead until the others are done. */
const ALL: SinkKind[] = ["amqp", "http", "supabase", "mqtt", "frigate"];
const KINDS = ALL.filter((kind) => MISSING[kind] === undefined);
const [LAST = "http", ...OTHERS] = KINDS;
const leftOut = Object.entries(MISSING).map(([kind, reason]) => `; left out: ${kind}, ${reason}`);

const STEPS = 25;
const HAPPENINGS_A_STEP = 50;
const CAMERAS = [1, 2, 3, 4, 5].map((number) => aCamera({ name: `checkout_${number}` }));
const LIMIT_MS = 240_000;
/** Frigate's receiver here writes within milliseconds. */
const QUICK_FRIGATE = { timeoutMs: 15_000, writtenWithinMs: 1_000, pollMs: 10, lostAfterMs: 2_000 };
const QUICK_RESTS = { firstMs: 20, maxMs: 200, maxFailures: 5, openMs: 200 };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** One receiver dies in every third step, each several times. */
function victimOf(step: number): SinkKind | undefined {
  if (step === 12) return LAST;
  return step % 3 === 1 ? OTHERS[Math.floor(step / 3) % OTHERS.length] : undefined;
}

const until = (check: () => Promise<boolean> | boolean) =>
  vi.waitUntil(check, { timeout: LIMIT_MS, interval: 20 });

/** A gateway's way of an event, from the batch that a station sends. */
async function aGateway() {
  const folder = mkdtempSync(join(tmpdir(), "guarita-five-sinks-"));
  undo.push(() => rmSync(folder, { recursive: true }));
  const database = await openDatabase(join(folder, "guarita.sqlite"));
  undo.push(database.close);
  const log = silentLogger();
  const bus = createBus(log);
  const failures = new Map<SinkKind, number>();
  const delivery = await createDelivery({
    kinds: counting({ ...SINK_KINDS, frigate: (deps) => openFrigateSink(deps, QUICK_FRIGATE) }, failures),
    store: sqliteDelivery({ ...database, newId, nowMs: Date.now }),
    sinks: sqliteSinks({ ...database, box: createSecretBox(randomBytes(32)) }),
    bus,
    cameras: () => CAMERAS,
    whyRefused: () => null,
    storeId: STORE_ID,
    newId,
    rhythm: () => ({ everyMs: 0, batchEvents: 100, retentionDays: 7 }),
    rests: QUICK_RESTS,
    log,
  });
  await delivery.start();
  undo.push(delivery.stop);
  const events = sqliteEvents({ ...database, onStoredAfter: sqliteQueue({ ...database, nowMs: Date.now }) });
  const routes = eventRoutes({
    storeEvents: createStoreEvents({ ...events, nowMs: Date.now }),
    searchEvents: createSearchEvents(events),
    isStale: () => false,
    bus,
  });
  const server = createServer(express().use(routes)).listen(0, "127.0.0.1");
  undo.push(() => new Promise((closed) => server.close(closed)));
  const url = `http://127.0.0.1:${await portOf(server)}${paths.events}`;

  return {
    delivery,
    failuresOf: (kind: SinkKind) => failures.get(kind) ?? 0,
    async store(batch: EventRecord[]): Promise<void> {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ events: batch }) });
      const { receipts } = BatchAnswer.parse(await response.json());
      expect(receipts.map(({ outcome }) => outcome)).toEqual(batch.map(() => "stored"));
    },
  };
}

/** Counts the calls by which not all of a batch arrived. */
function counting(kinds: SinkKinds, failures: Map<SinkKind, number>): SinkKinds {
  const watch = (kind: SinkKind, sink: Sink): Sink => ({
    ...sink,
    async send(events, signal) {
      const result = await sink.send(events, signal);
      if (!isWhole(result)) failures.set(kind, (failures.get(kind) ?? 0) + 1);
      return result;
    },
  });
  return {
    http: (deps) => watch("http", kinds.http(deps)),
    supabase: (deps) => watch("supabase", kinds.supabase(deps)),
    mqtt: (deps) => watch("mqtt", kinds.mqtt(deps)),
    amqp: (deps) => watch("amqp", kinds.amqp(deps)),
    frigate: (deps) => watch("frigate", kinds.frigate(deps)),
  };
}

const isWhole = (result: SendResult): boolean =>
  result.kind === "each" && result.answers.every(({ outcome }) => outcome === "acknowledged");

let minute = 0;
/** Start, course, measures and end of one queue. */
function aHappening(): EventRecord[] {
  minute += 1;
  const started_at = new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();
  const camera_id = CAMERAS[minute % CAMERAS.length]?.id;
  const told = (state: "started" | "updated" | "ended") =>
    anEvent({ camera_id, meta: { rule_id: STORE_ID }, payload: aQueuePayload({ started_at, state }) });
  const metrics = { event_name: "vision.metrics.v1", payload: aMetricsPayload() } as const;
  return [told("started"), told("updated"), anEvent({ camera_id, ...metrics }), told("ended")];
}

const sorted = (receipts: Iterable<string>) => [...receipts].sort();

test(`5,000 events reach ${KINDS.join(", ")}, each killed and restarted meanwhile: none lost, none delays another${leftOut.join("")}`, {
  timeout: LIMIT_MS + 2 * RABBITMQ_START_MS,
}, async () => {
  const ends = new Map<SinkKind, ReceivingEnd>();
  const gateway = await aGateway();
  const ids = new Map<SinkKind, string>();
  for (const kind of KINDS) {
    const end = await startEnd[kind](CAMERAS.map(({ name }) => name));
    undo.push(end.end);
    ends.set(kind, end);
    const { id } = await gateway.delivery.add(NewSink.parse({ name: kind, ...end.sink }));
    ids.set(kind, id);
  }
  const endOf = (kind: SinkKind) => ends.get(kind) ?? expect.fail(kind);
  const ledgerOf = async (kind: SinkKind) => (await gateway.delivery.find(ids.get(kind) ?? "")).ledger;
  const isDone = async (kind: SinkKind, count: number) => (await ledgerOf(kind)).acknowledged === count;
  const created: EventRecord[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    const victim = victimOf(step);
    const failuresBefore = victim && gateway.failuresOf(victim);
    if (victim) await endOf(victim).kill(); // while it is sent what was stored before
    const fresh = Array.from({ length: HAPPENINGS_A_STEP }, aHappening).flat();
    created.push(...fresh);
    await gateway.store(fresh);
    if (!victim) continue;
    await until(() => gateway.failuresOf(victim) !== failuresBefore);
    if (victim !== LAST) await endOf(victim).start();
  }

  for (const kind of OTHERS) await until(() => isDone(kind, created.length));
  expect((await ledgerOf(LAST)).acknowledged).toBeLessThan(created.length);
  await endOf(LAST).start();
  await until(() => isDone(LAST, created.length));

  const all = created.map(({ receipt_id }) => receipt_id);
  const starts = created
    .filter(({ payload }) => payload?.state === "started")
    .map((event) => event.receipt_id);
  expect(all).toHaveLength(5_000);
  for (const kind of KINDS) {
    const expected = { created: 5_000, acknowledged: 5_000, waiting: 0, parked: 0, isBalanced: true };
    expect([kind, await ledgerOf(kind)]).toMatchObject([kind, expected]);
    const received = await endOf(kind).receipts();
    expect([kind, sorted(new Set(received))]).toEqual([kind, sorted(kind === "frigate" ? starts : all)]);
    const mayRepeat = kind === "mqtt" || kind === "amqp"; // what was under way when they were killed
    if (!mayRepeat) expect([kind, received.length]).toEqual([kind, new Set(received).size]);
  }
});
