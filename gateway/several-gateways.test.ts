import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { BatchAnswer, type EventPage, type EventRecord } from "#contract/events.ts";
import { anEvent, anId, STORE_ID } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { systemClock } from "./delivery/clock.ts";
import { waitingOf } from "./delivery/ledgers.ts";
import type { KnownSink } from "./delivery/manage-sinks.ts";
import { aSink, SOME_RESTS } from "./delivery/outbox.port-tests.ts";
import { createRunSinks, type SinkKinds } from "./delivery/run-sinks.ts";
import { allAcknowledged } from "./delivery/sink.memory.ts";
import { createStoreEvents } from "./events/store-events.ts";
import { openDatabase } from "./kernel/database.ts";
import { silentLogger } from "./kernel/logger.ts";
import { openPostgres } from "./kernel/postgres.ts";
import {
  aServer,
  behindPgBouncer,
  describeWithPgBouncer,
  describeWithPostgres,
  newDatabase,
} from "./kernel/postgres-server.memory.ts";
import { createSecretBox } from "./kernel/secret-box.ts";
import { readSettings } from "./settings/read-settings.ts";
import { startGateway } from "./start-gateway.ts";
import { openEventStores } from "./stores.ts";

/** For a computer that is busy with other things: a PostgreSQL or a gateway is started within. */
const LIMIT_MS = 120_000;
const EVENTS = 600;
const CAMERAS = 7;

/** Where every gateway sends what is for one sink: it knows what is on its way, and what has come. */
function aReceiver() {
  const underWay = new Set<string>();
  const received: EventRecord[] = [];
  const twiceAtOnce: string[] = [];
  let whole = () => {};
  const isWhole = new Promise<void>((done) => {
    whole = done;
  });
  async function send(events: EventRecord[]) {
    for (const { receipt_id } of events) {
      if (underWay.has(receipt_id)) twiceAtOnce.push(receipt_id);
      underWay.add(receipt_id);
    }
    await new Promise((answered) => setImmediate(answered)); // the other gateways have their turn
    for (const { receipt_id } of events) underWay.delete(receipt_id);
    received.push(...events);
    if (received.length >= EVENTS) whole();
    return allAcknowledged(events);
  }
  return { send, received, twiceAtOnce, isWhole };
}
type Receivers = Record<string, ReturnType<typeof aReceiver>>;

/** The part of a gateway that stores and delivers. */
async function aGateway(url: string, key: Buffer, receivers: Receivers) {
  const local = await openDatabase(":memory:");
  onTestFinished(local.close);
  const shared = await openPostgres(url, silentLogger());
  onTestFinished(shared.close);
  const deps = {
    box: createSecretBox(key),
    newId: anId,
    nowMs: Date.now,
    steadyMs: () => performance.now(),
    log: silentLogger(),
  };
  const stores = await openEventStores(local, shared, deps);
  const none = (): never => {
    throw new Error("no sink of this kind here");
  };
  const kinds: SinkKinds = {
    http: ({ target }) => ({ send: receivers[target.url]?.send ?? none, close: async () => undefined }),
    supabase: none,
    mqtt: none,
    amqp: none,
    frigate: none,
  };
  const run = createRunSinks({
    kinds,
    store: stores.delivery,
    cameras: () => [],
    storeId: STORE_ID,
    rests: SOME_RESTS,
    clock: systemClock,
    log: silentLogger(),
  });
  onTestFinished(run.stop);
  const store = createStoreEvents({ ...stores.events, nowMs: Date.now });
  async function storeEvents(events: EventRecord[]): Promise<void> {
    const good = events.map((event, index) => ({ index, receiptAsSent: event.receipt_id, event }));
    run.noticed((await store(good)).stored);
  }
  return { ...stores, run, storeEvents };
}
type Gateway = Awaited<ReturnType<typeof aGateway>>;

describeWithPgBouncer("several gateways", () => {
  test(
    "two of them behind PgBouncer deliver every event once, each camera's in order",
    async () => {
      const bouncer = await behindPgBouncer();
      onTestFinished(bouncer.stop);
      const receivers = { "http://quick/": aReceiver(), "http://large/": aReceiver() };
      const key = randomBytes(32);
      const gateways = [1, 2].map(() => aGateway(bouncer.url, key, receivers));
      const [one, two] = (await Promise.all(gateways)) as [Gateway, Gateway]; // two were asked for
      const target = (url: string) => ({ ...aSink().target, url }) as KnownSink["target"]; // another address, nothing else
      const sinks = [
        aSink({ everyMs: 0, batchEvents: 20, target: target("http://quick/") }),
        aSink({ everyMs: 0, batchEvents: 50, target: target("http://large/") }),
      ];
      for (const sink of sinks) {
        await one.sinks.insert(sink);
        await Promise.all([one.run.apply(sink), two.run.apply(sink)]);
      }
      const cameras = Array.from({ length: CAMERAS }, anId);
      const events = Array.from({ length: EVENTS }, (_, i) =>
        anEvent({ camera_id: cameras[i % CAMERAS] ?? "" }),
      );
      // a page speaks to one gateway at a time, and sends what was not answered again to the other
      const page = async (own: EventRecord[]) => {
        for (let i = 0; i < own.length; i += 10) {
          await one.storeEvents(own.slice(i, i + 10));
          await two.storeEvents(own.slice(i, i + 20));
        }
      };
      await Promise.all(
        cameras.map((camera) => page(events.filter(({ camera_id }) => camera_id === camera))),
      );
      await Promise.all(Object.values(receivers).map(({ isWhole }) => isWhole));
      await Promise.all([one.run.stop(), two.run.stop()]);

      const byCamera = (list: EventRecord[]) =>
        cameras.map((camera) =>
          list.flatMap((event) => (event.camera_id === camera ? [event.receipt_id] : [])),
        );
      for (const { received, twiceAtOnce } of Object.values(receivers)) {
        expect(twiceAtOnce).toEqual([]);
        expect(byCamera(received)).toEqual(byCamera(events));
      }
      for (const { id } of sinks) {
        const { counters, rows } = await two.delivery.outbox.recount(id);
        expect(counters).toMatchObject({ created: EVENTS, acknowledged: EVENTS });
        expect([rows.waiting, waitingOf(counters)]).toEqual([0, 0]);
      }
    },
    LIMIT_MS,
  );
});

describeWithPostgres("a gateway on PostgreSQL", () => {
  test(
    "refuses batches for a later try while the database is away, and stores them when it is back",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "guarita-away-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const server = aServer();
      onTestFinished(server.remove);
      const reading = readSettings([], {
        GUARITA_PORT: "0",
        GUARITA_DATA: join(folder, "data"),
        GUARITA_MEDIAMTX: join(folder, "none"),
        DATABASE_URL: await newDatabase(server),
      });
      if (reading.kind !== "run") throw new Error(JSON.stringify(reading));
      const gateway = await startGateway(reading.settings, silentLogger(), new AbortController().signal);
      if (gateway.status !== "running") throw new Error(JSON.stringify(gateway));
      onTestFinished(gateway.stop);
      const events = [anEvent(), anEvent()];
      const post = () =>
        fetch(gateway.url + paths.events, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ events }),
        });
      server.stop();
      const refused = await post();
      expect([refused.status, await refused.json()]).toMatchObject([
        503,
        { error: { code: "storage_unavailable" } },
      ]);
      server.start();
      const answer = BatchAnswer.parse(await (await post()).json());
      expect(answer.receipts.map(({ outcome }) => outcome)).toEqual(["stored", "stored"]);
      const page = (await (await fetch(gateway.url + paths.events)).json()) as EventPage; // the gateway's own answer
      expect(page.events).toHaveLength(2);
    },
    LIMIT_MS,
  );
});
