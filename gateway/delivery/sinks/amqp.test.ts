/** Against a real RabbitMQ, which is started once for all of them. Without RabbitMQ they are skipped by name. */
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from "amqplib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent, anId, STORE_ID } from "#contract/examples.ts";
import type { TargetOf } from "#contract/sinks.ts";
import type { CameraChange, Sink, SinkDeps } from "../sink.ts";
import { openAmqpSink } from "./amqp.ts";
import { RABBITMQ_START_MS, type Rabbitmq, rabbitmq, startRabbitmq } from "./brokers.memory.ts";
import { deliverAll, eventually, sinkDeps } from "./driver.memory.ts";

const withRabbitmq = test.skipIf(!rabbitmq);
const ACKNOWLEDGED = { outcome: "acknowledged" };

let broker: Rabbitmq;
/** What the tests themselves do at the broker. */
let model: ChannelModel;
let channel: Channel;
beforeAll(async () => {
  if (!rabbitmq) return;
  broker = await startRabbitmq();
  await attach();
}, RABBITMQ_START_MS);
afterAll(async () => {
  await model?.close().catch(() => {}); // it is closed already where a test failed
  await broker?.end();
});

async function attach(): Promise<void> {
  model = await connect(broker.url);
  model.on("error", () => {});
  channel = await model.createChannel();
  channel.on("error", () => {});
}

const sinks: Sink[] = [];
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
});

let made = 0;
/** Exchanges of its own for each test. */
function aTarget(overrides: Partial<TargetOf<"amqp">> = {}): TargetOf<"amqp"> {
  made += 1;
  return {
    kind: "amqp",
    url: broker.url,
    username: "",
    exchange: `events_${made}`,
    visionExchange: `vision_${made}`,
    cameraExchange: `cameras_${made}`,
    ...overrides,
  };
}

function sinkTo(target: TargetOf<"amqp">, overrides: Partial<SinkDeps<"amqp">> = {}): Sink {
  const sink = openAmqpSink(sinkDeps(target, overrides));
  sinks.push(sink);
  return sink;
}

const send = (sink: Sink, events: EventRecord[]) => sink.send(events, new AbortController().signal);

/** A queue for some of an exchange's messages, and what it was given so far. */
async function bound(exchange: string, type: "topic" | "direct", key: string, options = {}) {
  await channel.assertExchange(exchange, type, { durable: true });
  const { queue } = await channel.assertQueue(`${exchange}_${key}`, { durable: true, ...options });
  await channel.bindQueue(queue, exchange, key);
  const messages: ConsumeMessage[] = [];
  return {
    queue,
    messages,
    listen: () =>
      channel.consume(queue, (message) => void (message && messages.push(message)), { noAck: true }),
  };
}

withRabbitmq("an event goes to the topic exchange by its name, lasting and with its receipt", async () => {
  const target = aTarget();
  const { messages, listen } = await bound(target.exchange, "topic", "camera.*");
  await listen();
  const event = anEvent({ event_name: "camera.health", payload: { status: "online" } });
  expect(await send(sinkTo(target), [event])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });

  await eventually(() => expect(messages).toHaveLength(1));
  expect(JSON.parse(String(messages[0]?.content))).toEqual(event);
  expect(messages[0]).toMatchObject({
    fields: { exchange: target.exchange, routingKey: "camera.health" },
    properties: {
      messageId: event.receipt_id,
      contentType: "application/json",
      deliveryMode: 2,
      timestamp: Date.parse(event.ts) / 1_000,
      type: "camera.health",
    },
  });
});

withRabbitmq("what vision noticed goes to the direct exchange too, and nothing else does", async () => {
  const target = aTarget();
  await bound(target.exchange, "topic", "#");
  const queues = [];
  for (const name of ["queue.detected", "camera.health"]) {
    const queue = await bound(target.visionExchange, "direct", name);
    await queue.listen();
    queues.push(queue);
  }
  const [noticed, other] = queues;
  const health = anEvent({ event_name: "camera.health" });
  const queue = anEvent();
  await send(sinkTo(target), [health, queue]);
  await eventually(() =>
    expect(noticed?.messages.map(({ properties }) => properties.messageId)).toEqual([queue.receipt_id]),
  );
  expect(other?.messages).toEqual([]);
});

withRabbitmq("an event that no queue is bound for waits with a reason, and goes once one is", async () => {
  const target = aTarget();
  await bound(target.exchange, "topic", "idle.*");
  const sink = sinkTo(target);
  const events = [
    anEvent(),
    anEvent({ event_name: "idle.detected" }),
    anEvent({ event_name: "camera.health" }),
  ];
  expect(await send(sink, events)).toEqual({
    kind: "each",
    answers: [
      {
        outcome: "retry",
        trouble: { code: "no_queue", detail: `queue.detected: ${target.exchange}, ${target.visionExchange}` },
      },
      ACKNOWLEDGED,
      { outcome: "retry", trouble: { code: "no_queue", detail: `camera.health: ${target.exchange}` } },
    ],
  });
  await bound(target.exchange, "topic", "#");
  expect(await send(sink, events)).toEqual({ kind: "each", answers: Array(3).fill(ACKNOWLEDGED) });
});

withRabbitmq("a queue at one of its two exchanges is enough for an event", async () => {
  const target = aTarget();
  await bound(target.visionExchange, "direct", "queue.detected");
  expect(await send(sinkTo(target), [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
});

withRabbitmq("a message that a full queue rejects is sent again later", async () => {
  const target = aTarget();
  await bound(target.exchange, "topic", "#", { maxLength: 2, overflow: "reject-publish" });
  const result = await send(
    sinkTo(target),
    Array.from({ length: 3 }, () => anEvent({ event_name: "camera.health" })),
  );
  expect(result).toEqual({
    kind: "each",
    answers: [
      ACKNOWLEDGED,
      ACKNOWLEDGED,
      { outcome: "retry", trouble: { code: "not_taken", detail: `${target.exchange} (nack)` } },
    ],
  });
});

withRabbitmq("a message that is too large for the broker is alone to blame", async () => {
  const target = aTarget();
  await bound(target.exchange, "topic", "#");
  const sink = sinkTo(target);
  const large = anEvent({ payload: { text: "x".repeat(70_000) } });
  expect(await send(sink, [large])).toMatchObject({
    kind: "refused",
    code: "amqp_406",
    trouble: { code: "refused", detail: expect.stringMatching(/^PRECONDITION_FAILED - message size/) },
  });
  expect(await send(sink, [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
});

function created(): CameraChange {
  const ts = "2026-03-01T12:00:00.000Z";
  return {
    changeId: anId(),
    kind: "camera.created",
    cameraId: anId(),
    storeId: STORE_ID,
    ts,
    camera: { name: "Door" },
  };
}

withRabbitmq("a change of the camera list goes out by its kind, and waits for no queue", async () => {
  const target = aTarget();
  const sink = sinkTo(target);
  const { signal } = new AbortController();
  expect(await sink.sendCameraChange?.(created(), signal)).toEqual(ACKNOWLEDGED);

  const { messages, listen } = await bound(target.cameraExchange, "topic", "camera.#");
  await listen();
  const change = created();
  await sink.sendCameraChange?.(change, signal);
  await eventually(() => expect(messages).toHaveLength(1));
  expect(messages[0]).toMatchObject({
    fields: { routingKey: "camera.created" },
    properties: { messageId: change.changeId },
  });
  expect(JSON.parse(String(messages[0]?.content))).toEqual(change);
});

withRabbitmq("an exchange of another kind is told as one", async () => {
  const target = aTarget();
  await channel.assertExchange(target.exchange, "fanout", { durable: true });
  expect(await send(sinkTo(target), [anEvent()])).toMatchObject({
    kind: "failed",
    trouble: { code: "exchange_unfit", detail: expect.stringMatching(/^PRECONDITION_FAILED - .*topic/) },
  });
});

withRabbitmq("a wrong password is told as one", async () => {
  const sink = sinkTo(aTarget({ username: "guest" }), { secrets: { password: "wrong" } });
  expect(await send(sink, [anEvent()])).toEqual({
    kind: "failed",
    trouble: { code: "login_refused" },
  });
});

withRabbitmq("a user who may not make exchanges finds those that are there", async () => {
  await broker.addWriter("shop", "secret");
  const target = aTarget({ username: "shop" });
  const sink = sinkTo(target, { secrets: { password: "secret" } });
  expect(await send(sink, [anEvent()])).toMatchObject({
    kind: "failed",
    trouble: {
      code: "exchange_missing",
      detail: expect.stringContaining(`no exchange '${target.exchange}'`),
    },
  });
  await bound(target.exchange, "topic", "#");
  await channel.assertExchange(target.visionExchange, "direct", { durable: true });
  await channel.assertExchange(target.cameraExchange, "topic", { durable: true });
  expect(await send(sink, [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
});

withRabbitmq("an exchange that was deleted is made again by the next send", async () => {
  const target = aTarget();
  const sink = sinkTo(target);
  await bound(target.visionExchange, "direct", "queue.detected");
  await send(sink, [anEvent()]);
  await channel.deleteExchange(target.exchange);
  expect(await send(sink, [anEvent()])).toMatchObject({
    kind: "failed",
    trouble: { code: "exchange_missing", detail: expect.stringMatching(/^NOT_FOUND - /) },
  });
  expect(await send(sink, [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
});

withRabbitmq(
  "a broker without memory fails the batch at once, and takes it when it has some again",
  async () => {
    const target = aTarget();
    await bound(target.exchange, "topic", "#");
    const sink = sinkTo(target);
    await send(sink, [anEvent()]);
    await broker.setMemoryAlarm(true);
    const refused = {
      kind: "failed",
      trouble: { code: "busy", detail: "low on memory" },
    };
    const event = anEvent();
    // RabbitMQ tells a connection of the alarm once that has published
    await send(sink, [event]);
    await eventually(async () => expect(await send(sink, [event])).toMatchObject(refused));
    await broker.setMemoryAlarm(false);
    await eventually(async () =>
      expect(await send(sink, [event])).toMatchObject({ kind: "each", answers: [ACKNOWLEDGED] }),
    );
  },
  60_000,
);

withRabbitmq("an abort ends a send that waits for its answer", async () => {
  const target = aTarget();
  await bound(target.exchange, "topic", "#");
  const stop = new AbortController();
  const sink = sinkTo(target);
  await send(sink, [anEvent()]);
  const sending = sink.send([anEvent()], stop.signal);
  queueMicrotask(() => stop.abort());
  expect(await sending).toEqual({ kind: "failed", trouble: { code: "stopped" } });
  expect(await send(sink, [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
});

withRabbitmq(
  "killed and restarted during 5,000 events, it has lost none",
  async () => {
    const target = aTarget();
    const { queue } = await bound(target.exchange, "topic", "#");
    const sink = sinkTo(target);
    const events = Array.from({ length: 5_000 }, () => anEvent({ event_name: "camera.health" }));
    let sends = 0;
    let restarted: Promise<void> = Promise.resolve();
    const watched: Sink = {
      ...sink,
      send(batch, signal) {
        sends += 1;
        const sending = sink.send(batch, signal);
        if (sends === 8) restarted = broker.kill().then(broker.start);
        return sending;
      },
    };
    const { parked, troubles } = await deliverAll(watched, events, 200, {
      afterFailure: () => restarted,
    });

    await attach();
    const arrived: ConsumeMessage[] = [];
    await channel.consume(queue, (message) => void (message && arrived.push(message)), { noAck: true });
    const receipts = () => new Set(arrived.map(({ properties }) => properties.messageId));
    await eventually(() => expect(receipts().size).toBe(events.length));
    expect(troubles.length).toBeGreaterThan(0);
    expect(parked).toEqual([]);
    // no more than the batch that was under way at the kill
    expect(arrived.length - events.length).toBeLessThanOrEqual(200);
  },
  2 * RABBITMQ_START_MS,
);
