/** The MQTT sink against a real mosquitto, by MQTT 5. Without mosquitto it is skipped by name. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync, type IPublishPacket, type MqttClient } from "mqtt";
import { afterEach, expect, test } from "vitest";
import { anEvent, STORE_ID } from "#contract/examples.ts";
import type { TargetOf } from "#contract/sinks.ts";
import type { Sink } from "../sink.ts";
import { type Broker, mosquitto, startMosquitto } from "./brokers.memory.ts";
import { deliverAll, eventually, sinkDeps } from "./driver.memory.ts";
import { openMqttSink } from "./mqtt.ts";

const withMosquitto = test.skipIf(!mosquitto);
const ACKNOWLEDGED = { outcome: "acknowledged" };

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function broker(settings?: (folder: string) => string[]): Promise<Broker> {
  const started = await startMosquitto(settings);
  endings.push(started.end);
  return started;
}

function sinkTo(url: string, topics = ["shop/{event_name}"]): Sink {
  const target: TargetOf<"mqtt"> = {
    kind: "mqtt",
    url,
    username: "",
    clientId: "",
    topics,
    retainsState: true,
  };
  const sink = openMqttSink(sinkDeps(target));
  endings.push(sink.close);
  return sink;
}

const send = (sink: Sink, events: Parameters<Sink["send"]>[0]) =>
  sink.send(events, new AbortController().signal);

/**
 * A receiver of `shop/#`; what it was given, in order. With QoS 0 it says nothing to the broker, and so loses nothing of
 * what a broker that is killed has sent it: unread bytes would turn the end into a reset.
 */
async function subscriberTo(
  url: string,
  qos: 0 | 1 = 1,
): Promise<{ packets: IPublishPacket[]; client: MqttClient }> {
  const client = await connectAsync(url, { protocolVersion: 5, reconnectPeriod: 0 });
  const packets: IPublishPacket[] = [];
  client.on("message", (_topic, _payload, packet) => packets.push(packet));
  client.on("error", () => {});
  await client.subscribeAsync("shop/#", { qos });
  endings.push(() => client.endAsync(true));
  return { packets, client };
}

const receiptOf = ({ payload }: IPublishPacket): string => JSON.parse(payload.toString()).receipt_id;

withMosquitto("a message says what it holds and whose receipt it carries", async () => {
  const { url } = await broker();
  const { packets } = await subscriberTo(url);
  const event = anEvent();
  expect(await send(sinkTo(url), [event])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
  await eventually(() => expect(packets).toHaveLength(1));
  expect(packets[0]).toMatchObject({
    topic: "shop/queue.detected",
    qos: 1,
    properties: { contentType: "application/json", userProperties: { receipt_id: event.receipt_id } },
  });
});

withMosquitto("an event that nobody subscribes to is delivered: MQTT keeps none for later", async () => {
  const { url } = await broker();
  expect(await send(sinkTo(url), [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
});

withMosquitto("a message that is too large for the broker is refused, and spoils no other", async () => {
  const { url } = await broker(() => ["allow_anonymous true", "max_packet_size 2000"]);
  const large = anEvent({ payload: { text: "x".repeat(3_000) } });
  expect(await send(sinkTo(url), [anEvent(), large, anEvent()])).toMatchObject({
    kind: "each",
    answers: [ACKNOWLEDGED, { outcome: "refused", code: "too_large" }, ACKNOWLEDGED],
  });
});

withMosquitto("a topic that this user may not write to waits, and says so", async () => {
  const { url } = await broker((folder) => {
    const file = join(folder, "acl");
    writeFileSync(file, `topic write guarita/${STORE_ID}/status\ntopic write shop/queue.detected\n`);
    return ["allow_anonymous true", `acl_file ${file}`];
  });
  const result = await send(sinkTo(url), [anEvent(), anEvent({ event_name: "idle.detected" })]);
  expect(result).toEqual({
    kind: "each",
    answers: [
      ACKNOWLEDGED,
      {
        outcome: "retry",
        trouble: { code: "no_right", detail: "shop/idle.detected" },
      },
    ],
  });
});

withMosquitto("a user whom the broker does not know is told so", async () => {
  const { url } = await broker(() => ["allow_anonymous false"]);
  expect(await send(sinkTo(url), [anEvent()])).toEqual({
    kind: "failed",
    trouble: { code: "login_refused" },
  });
});

withMosquitto(
  "killed and restarted three times during 5,000 events, it has lost none",
  async () => {
    const shop = await broker();
    const sink = sinkTo(shop.url);
    const events = Array.from({ length: 5_000 }, () => anEvent());
    const arrived = new Map<string, number>();
    let kills = 0;
    let restarted: Promise<void> = Promise.resolve();

    async function listen(): Promise<void> {
      const { client } = await subscriberTo(shop.url, 0);
      client.on("message", (_topic, _payload, packet) => {
        const receipt = receiptOf(packet);
        arrived.set(receipt, (arrived.get(receipt) ?? 0) + 1);
        if (kills < 3 && arrived.size > (kills + 1) * 1_100) {
          kills += 1;
          restarted = shop.kill().then(shop.start).then(listen);
        }
      });
    }
    await listen();
    const { parked, troubles } = await deliverAll(sink, events, 200, {
      afterFailure: () => restarted,
    });

    await eventually(() => expect(arrived.size).toBe(events.length));
    expect([kills, parked.length]).toEqual([3, 0]);
    expect(troubles.length).toBeGreaterThanOrEqual(3);
    const twice = [...arrived.values()].filter((times) => times > 1).length;
    // no more than what was under way at a kill
    expect(twice).toBeLessThanOrEqual(kills * 100);
  },
  60_000,
);
