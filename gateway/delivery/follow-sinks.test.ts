import { afterEach, beforeEach, expect, test } from "vitest";
import { anEvent, anId, STORE_ID } from "#contract/examples.ts";
import { NewSink } from "#contract/sinks.ts";
import { createBus } from "../kernel/bus.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import { aDelivery, storeInto, type TestDelivery } from "./harness.memory.ts";
import { A_RHYTHM, SOME_RESTS } from "./outbox.port-tests.ts";
import { type MemorySink, memorySink } from "./sink.memory.ts";

/** Two gateways on one database. */
let base: TestDelivery;
let one: Delivery;
let two: Delivery;
/** What the second one sends to. */
let receiver: MemorySink;
const busOfTwo = createBus(silentLogger());

beforeEach(async () => {
  base = await aDelivery();
  receiver = memorySink();
  const gateway = (sink: MemorySink, bus = createBus(silentLogger())) =>
    createDelivery({
      store: base.store,
      sinks: base.sinks,
      kinds: { http: sink.open, supabase: sink.open, mqtt: sink.open, amqp: sink.open, frigate: sink.open },
      bus,
      cameras: () => [],
      whyRefused: () => null,
      storeId: STORE_ID,
      isShared: true,
      clock: base.clock,
      rhythm: () => A_RHYTHM,
      rests: SOME_RESTS,
      newId: anId,
      log: silentLogger(),
    });
  [one, two] = [await gateway(memorySink()), await gateway(receiver, busOfTwo)];
  await two.start(); // the first only manages sinks: it would send what the second one is to
});
afterEach(async () => {
  await Promise.all([one.stop(), two.stop(), base.advance(2_000)]);
  await base.close();
});

const aNewSink = (fields: object = {}) =>
  NewSink.parse({
    name: "Head office",
    everyMs: 0,
    target: { kind: "http", url: "http://127.0.0.1:9/" },
    ...fields,
  });

test("a sink added at one gateway runs at another a few seconds later, a paused one no longer", async () => {
  const { id } = await one.add(aNewSink());
  await base.advance(3_000);
  expect((await two.list()).map((sink) => sink.id)).toEqual([id]);
  const store = (event = anEvent()) => {
    storeInto(base.database, base.clock.nowMs)([event]);
    busOfTwo.emit("events.stored", { events: [{ ...event, received_at: event.ts }] });
    return event.receipt_id;
  };
  const sent = store();
  await base.advance(10);
  expect(receiver.receipts()).toEqual([sent]);
  await one.pause(id, true);
  await base.advance(3_000);
  expect((await two.find(id)).state).toEqual({ status: "paused" });
  store();
  await base.advance(10);
  expect(receiver.receipts()).toHaveLength(1);
});

test("what was removed at one gateway is gone at another, which goes on with the others", async () => {
  const gone = await one.add(aNewSink());
  const stays = await one.add(aNewSink());
  await base.advance(3_000);
  await one.remove(gone.id, { discard: true });
  await base.advance(3_000);
  expect((await two.list()).map((sink) => sink.id)).toEqual([stays.id]);
});

test("a change begins from what another gateway made of the sink, and not from what was known of it", async () => {
  const { id } = await one.add(aNewSink({ secrets: { hmacKey: "a-key-that-is-long-enough" } }));
  const { isPaused } = await two.pause(id, true); // before it looked
  await one.change(id, { ...aNewSink({ name: "Warehouse" }), ...A_RHYTHM });
  expect(isPaused).toBe(true);
  expect(await two.pause(id, false)).toMatchObject({ name: "Warehouse", secrets: ["hmacKey"] });
});
