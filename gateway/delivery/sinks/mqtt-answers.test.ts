/** What the broker says by MQTT 5, against one that says what a test wants. */
import { afterEach, expect, test, vi } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent } from "#contract/examples.ts";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { Sink } from "../sink.ts";
import { eventually, sinkDeps } from "./driver.memory.ts";
import { openMqttSink } from "./mqtt.ts";
import { type Script, startScriptedMqtt } from "./scripted-mqtt.memory.ts";

const ACKNOWLEDGED = { outcome: "acknowledged" };

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A sink to a broker that answers the status with `statusCode`, and does with events what `script` says. */
async function sinkTo(
  { statusCode = 0, ...script }: Script & { statusCode?: number },
  onTrouble = () => {},
): Promise<Sink> {
  const broker = await startScriptedMqtt({
    ...script,
    onPublish: (topic, answer) =>
      topic.endsWith("/status") ? answer.acknowledge(statusCode) : script.onPublish(topic, answer),
  });
  const sink = openMqttSink(
    sinkDeps(
      {
        kind: "mqtt",
        url: broker.url,
        username: "",
        clientId: "",
        topics: ["{event_name}"],
        retainsState: true,
      },
      { onTrouble },
    ),
  );
  endings.push(broker.end, sink.close);
  return sink;
}

const send = (sink: Sink, events: EventRecord[]) => sink.send(events, new AbortController().signal);

test("no more messages are under way than the broker said it takes", async () => {
  const waiting: (() => void)[] = [];
  const sink = await sinkTo({
    greeting: [0x21, 0, 3], // receive maximum
    onPublish: (_topic, { acknowledge }) => void waiting.push(() => acknowledge()),
  });
  const sending = send(
    sink,
    Array.from({ length: 10 }, () => anEvent()),
  );
  let answered = 0;
  while (answered < 10) {
    const expected = Math.min(3, 10 - answered);
    await eventually(() => expect(waiting).toHaveLength(expected));
    waiting.shift()?.();
    answered += 1;
  }
  expect(await sending).toEqual({ kind: "each", answers: Array(10).fill(ACKNOWLEDGED) });
});

test("a message that is refused for itself is parked alone, with what was sent and what came back", async () => {
  const sink = await sinkTo({
    onPublish: (topic, { acknowledge }) => acknowledge(topic === "idle.detected" ? 0x99 : 0),
  });
  const bad = anEvent({ event_name: "idle.detected" });
  expect(await send(sink, [anEvent(), bad])).toEqual({
    kind: "each",
    answers: [
      ACKNOWLEDGED,
      {
        outcome: "refused",
        code: "mqtt_153",
        trouble: { code: "refused", detail: "Payload format invalid" },
        request: expect.stringContaining(`PUBLISH idle.detected {"receipt_id":"${bad.receipt_id}"`),
        answer: "PUBACK 153 Payload format invalid",
      },
    ],
  });
});

test.each<[number, SinkTrouble]>([
  [0x83, { code: "not_taken", detail: "queue.detected: Implementation specific error" }],
  [0x87, { code: "no_right", detail: "queue.detected" }],
  [0x97, { code: "busy", detail: "Quota exceeded" }],
])("a message that is turned away by code %i waits", async (code, trouble) => {
  const sink = await sinkTo({ onPublish: (_topic, { acknowledge }) => acknowledge(code) });
  expect(await send(sink, [anEvent()])).toEqual({
    kind: "each",
    answers: [{ outcome: "retry", trouble }],
  });
});

test("a broker that hangs up over what it was sent refuses the batch as a whole", async () => {
  const sink = await sinkTo({ onPublish: (_topic, { disconnect }) => disconnect(0x95) });
  expect(await send(sink, [anEvent(), anEvent()])).toMatchObject({
    kind: "refused",
    code: "mqtt_149",
    trouble: { code: "too_large", detail: "Packet too large" },
  });
});

test("another client of the same name is told as such", async () => {
  const sink = await sinkTo({ onPublish: (_topic, { disconnect }) => disconnect(0x8e) });
  expect(await send(sink, [anEvent()])).toEqual({
    kind: "failed",
    trouble: { code: "client_id_taken" },
  });
});

test("a broker that acknowledges nothing is told as such", async () => {
  const sink = await sinkTo({ greeting: [0x24, 0], onPublish: () => {} }); // maximum QoS
  expect(await send(sink, [anEvent()])).toEqual({
    kind: "failed",
    trouble: { code: "no_acknowledgement" },
  });
});

test("a broker that hangs up on MQTT 5 is asked by 3.1.1", async () => {
  const sink = await sinkTo({ deafTo: 5, onPublish: (_topic, { acknowledge }) => acknowledge() });
  expect(await send(sink, [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
});

test("a broker that is shutting down is told as such", async () => {
  const sink = await sinkTo({ onPublish: (_topic, { disconnect }) => disconnect(0x8b) });
  expect(await send(sink, [anEvent()])).toEqual({ kind: "failed", trouble: { code: "shutting_down" } });
});

test("a status that this user may not write is told, and stops no event", async () => {
  const onTrouble = vi.fn();
  const sink = await sinkTo(
    { statusCode: 0x87, onPublish: (_topic, { acknowledge }) => acknowledge() },
    onTrouble,
  );
  expect(await send(sink, [anEvent()])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
  expect(onTrouble).toHaveBeenCalledWith(
    expect.stringContaining("/status was not taken"),
    expect.any(String),
  );
});
