/** Against aedes, a broker of MQTT 3.1.1 in this process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { AedesOptions } from "aedes";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent, anId, STORE_ID } from "#contract/examples.ts";
import { SinkTarget, type TargetOf } from "#contract/sinks.ts";
import type { CameraChange, Sink, SinkDeps } from "../sink.ts";
import { startAedes } from "./aedes.memory.ts";
import { deliverAll, eventually, memoryNotes, sinkDeps } from "./driver.memory.ts";
import { openMqttSink } from "./mqtt.ts";
import { topicOf } from "./mqtt-topic.ts";

type Aedes = Awaited<ReturnType<typeof startAedes>>;

const CAMERA = "018f0000-0000-7000-8000-0000000000aa";
const STATE = `guarita/${STORE_ID}/${CAMERA}/state`;
const STATUS = `guarita/${STORE_ID}/status`;
const ACKNOWLEDGED = { outcome: "acknowledged" };

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function broker(options: Parameters<typeof startAedes>[0] = {}): Promise<Aedes> {
  const started = await startAedes(options);
  endings.push(started.end);
  return started;
}

function sinkTo(
  url: string,
  target: Partial<TargetOf<"mqtt">> = {},
  overrides: Partial<SinkDeps<"mqtt">> = {},
): Sink {
  const whole: TargetOf<"mqtt"> = {
    kind: "mqtt",
    url,
    username: "",
    clientId: "",
    topics: ["guarita/{store_id}/{camera_id}/{event_name}"],
    retainsState: true,
    ...target,
  };
  const sink = openMqttSink(sinkDeps(whole, overrides));
  endings.push(sink.close);
  return sink;
}

const send = (sink: Sink, events: EventRecord[]) => sink.send(events, new AbortController().signal);

const health = (status: string, ts: string): EventRecord =>
  anEvent({ event_name: "camera.health", camera_id: CAMERA, ts, payload: { status } });

/** Of the messages that are events, in the order of their coming. */
const receiptsOf = (taken: Aedes["taken"]): string[] =>
  taken.filter(({ topic }) => topic !== STATUS).map(({ payload }) => JSON.parse(payload).receipt_id);

function removed(): CameraChange {
  return {
    changeId: anId(),
    kind: "camera.removed",
    cameraId: CAMERA,
    storeId: STORE_ID,
    ts: "2026-03-01T12:00:00Z",
  };
}

/** For a broker that answers no PUBLISH to a topic which `isHeld` names. */
function holding(isHeld: (topic: string) => boolean) {
  let held = 0;
  const authorizePublish: AedesOptions["authorizePublish"] = (_client, { topic }, callback) => {
    if (isHeld(topic)) held += 1;
    else callback(null);
  };
  return { authorizePublish, count: () => held };
}

test("an event goes to each topic once, as the record in JSON", async () => {
  const { url, taken } = await broker();
  const topics = ["guarita/{store_id}/{camera_id}/{event_name}", "all", "all"];
  const event = anEvent();

  expect(await send(sinkTo(url, { topics }), [event])).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
  const ofEvent = taken.filter(({ topic }) => topic !== STATUS);
  expect(ofEvent.map(({ topic }) => topic)).toEqual([`guarita/${STORE_ID}/none/queue.detected`, "all"]);
  for (const { payload } of ofEvent) expect(JSON.parse(payload)).toEqual(event);
});

test("what is filled into a topic adds no level and no wildcard", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (camera_id, zone_id) => {
      const topic = topicOf("a/{camera_id}/{zone_id}", { store_id: STORE_ID, camera_id, zone_id });
      expect(topic).toMatch(/^a\/[\w.-]*\/[\w.-]*$/);
    }),
  );
});

test("a batch of hundreds is taken in order", async () => {
  const { url, taken } = await broker();
  const events = Array.from({ length: 500 }, () => anEvent());
  const result = await send(sinkTo(url), events);
  expect(result.kind === "each" && result.answers.every(({ outcome }) => outcome === "acknowledged")).toBe(
    true,
  );
  expect(receiptsOf(taken)).toEqual(events.map(({ receipt_id }) => receipt_id));
});

test("a message that was not acknowledged when the line broke is told as not delivered", async () => {
  const slow = holding((topic) => topic.endsWith("idle.detected"));
  const { url, hangUp } = await broker({ authorizePublish: slow.authorizePublish });
  const sending = send(sinkTo(url), [anEvent(), anEvent({ event_name: "idle.detected" })]);
  await eventually(() => expect(slow.count()).toBe(1));
  hangUp();
  expect(await sending).toEqual({
    kind: "each",
    answers: [ACKNOWLEDGED, { outcome: "retry", trouble: { code: "broke_off" } }],
  });
});

test("after a reconnect the library sends nothing by itself", async () => {
  const slow = holding((topic) => topic.endsWith("idle.detected"));
  const { url, hangUp, taken } = await broker({ authorizePublish: slow.authorizePublish });
  const sink = sinkTo(url);
  const sending = send(sink, [anEvent({ event_name: "idle.detected" })]);
  await eventually(() => expect(slow.count()).toBe(1));
  hangUp();
  expect(await sending).toMatchObject({ kind: "failed" });

  expect(await send(sink, [anEvent()])).toMatchObject({ kind: "each" });
  expect(slow.count()).toBe(1);
  expect(taken.filter(({ dup }) => dup)).toEqual([]);
});

test("an abort ends a send that waits for its answer", async () => {
  const slow = holding((topic) => topic !== STATUS);
  const { url } = await broker({ authorizePublish: slow.authorizePublish });
  const stop = new AbortController();
  const sending = sinkTo(url).send([anEvent()], stop.signal);
  await eventually(() => expect(slow.count()).toBe(1));
  stop.abort();
  expect(await sending).toEqual({ kind: "failed", trouble: { code: "stopped" } });
});

test("an abort ends a send that waits for a connection", async () => {
  const deaf = await broker({ preConnect: () => {} });
  const stop = new AbortController();
  const sending = sinkTo(deaf.url).send([anEvent()], stop.signal);
  deaf.broker.once("connectionError", () => {});
  stop.abort();
  expect(await sending).toEqual({ kind: "failed", trouble: { code: "stopped" } });
});

test("a wrong password is told as one", async () => {
  const { url } = await broker({
    authenticate: (_client, user, password, done) =>
      done(null, user === "shop" && String(password) === "right"),
  });
  const wrong = sinkTo(url, { username: "shop" }, { secrets: { password: "wrong" } });
  const right = sinkTo(url, { username: "shop" }, { secrets: { password: "right" } });
  expect(await send(wrong, [anEvent()])).toEqual({
    kind: "failed",
    trouble: { code: "login_refused" },
  });
  expect(await send(right, [anEvent()])).toMatchObject({ kind: "each" });
});

test("a broker that is not there is told as one", async () => {
  const gone = await startAedes();
  await gone.end();
  expect(await send(sinkTo(gone.url), [anEvent()])).toEqual({
    kind: "failed",
    trouble: { code: "nothing_answers", detail: expect.stringContaining("ECONNREFUSED") },
  });
});

test("the session is a lasting one, by the same name after every restart", async () => {
  const { url, broker: aedes } = await broker();
  const met: { id: string; clean: boolean; version: number }[] = [];
  aedes.on("clientReady", ({ id, clean, version }) => met.push({ id, clean, version }));
  const sinkId = anId();
  for (const id of [sinkId, sinkId, anId()]) {
    const sink = sinkTo(url, {}, { sinkId: id });
    await send(sink, [anEvent()]);
    await sink.close();
  }
  const [first, second, other] = met;
  expect(first).toEqual({ id: expect.stringMatching(/^guarita[0-9a-f]{16}$/), clean: false, version: 4 });
  expect(second).toEqual(first);
  expect(other?.id).not.toBe(first?.id);
});

test("the last health of a camera is retained", async () => {
  const { url, retained, taken } = await broker();
  await send(sinkTo(url), [
    health("offline", "2026-03-01T12:00:00.000Z"),
    health("online", "2026-03-01T12:00:01.000Z"),
  ]);
  expect(retained(STATE)).toBe('{"status":"online"}');
  expect(taken.filter(({ topic }) => topic === STATE)).toHaveLength(1);
});

test("an older health that comes late, by another run too, leaves the state as it is", async () => {
  const { url, retained } = await broker();
  const notes = memoryNotes();
  await send(sinkTo(url, {}, { notes }), [health("online", "2026-03-01T12:00:01.000Z")]);
  await send(sinkTo(url, {}, { notes }), [health("offline", "2026-03-01T12:00:00Z")]);
  expect(retained(STATE)).toBe('{"status":"online"}');
});

test("the state of a camera that was removed goes, and does not come back", async () => {
  const { url, retained } = await broker();
  let name: string | null = "Checkout 1";
  const sink = sinkTo(url, {}, { cameraName: async () => name });
  await send(sink, [health("online", "2026-03-01T12:00:00.000Z")]);
  name = null;
  expect(await sink.sendCameraChange?.(removed(), new AbortController().signal)).toEqual(ACKNOWLEDGED);
  await send(sink, [health("offline", "2026-03-01T12:00:01.000Z")]);
  expect(retained(STATE)).toBeUndefined();
});

test("a sink that retains nothing leaves nothing behind", async () => {
  const { url, taken } = await broker();
  const sink = sinkTo(url, { retainsState: false });
  await send(sink, [health("online", "2026-03-01T12:00:00.000Z")]);
  await sink.close();
  expect(taken.map(({ topic, payload }) => [topic, payload])).toEqual([
    [STATUS, "online"],
    [`guarita/${STORE_ID}/${CAMERA}/camera.health`, expect.any(String)],
    [STATUS, "offline"],
  ]);
  expect(taken.filter(({ retain }) => retain)).toEqual([]);
});

test("the store's status is online while the sink is there, and offline after a lost line", async () => {
  const { url, retained, hangUp } = await broker();
  await send(sinkTo(url), [anEvent()]);
  expect(retained(STATUS)).toBe("online");
  hangUp();
  await eventually(() => expect(retained(STATUS)).toBe("offline"));
});

test("two gateways of a store may use one sink at once, each with a line and a status of its own", async () => {
  const { url, retained } = await broker();
  const gatewayId = anId();
  for (const clientId of ["", "shop-7"]) {
    const deps = { sinkId: anId() };
    const first = sinkTo(url, { clientId }, deps);
    const second = sinkTo(url, { clientId }, { ...deps, gatewayId });
    await send(first, [anEvent()]);
    await send(second, [anEvent()]);
    await second.close();
    expect([retained(STATUS), retained(`${STATUS}/${gatewayId}`)]).toEqual(["online", "offline"]);
    await first.close();
  }
});

test("the store's status is offline after a close, and a closed sink sends nothing", async () => {
  const { url, retained } = await broker();
  const sink = sinkTo(url);
  await send(sink, [anEvent()]);
  await sink.close();
  expect(retained(STATUS)).toBe("offline");
  expect(await send(sink, [anEvent()])).toMatchObject({ kind: "failed" });
});

test("it goes over a web socket too", async () => {
  const { url, taken } = await broker({ overWebSocket: true });
  expect(await send(sinkTo(url), [anEvent()])).toMatchObject({ kind: "each", answers: [ACKNOWLEDGED] });
  expect(taken).toHaveLength(2);
});

test("while the line breaks again and again nothing is lost", async () => {
  const { url, taken, broker: aedes, hangUp } = await broker();
  let count = 0;
  aedes.on("publish", () => {
    count += 1;
    if (count % 333 === 0) hangUp();
  });
  const events = Array.from({ length: 2_000 }, () => anEvent());
  const { parked } = await deliverAll(sinkTo(url, { topics: ["all"] }), events, 200);
  expect(parked).toEqual([]);
  expect(new Set(receiptsOf(taken)).size).toBe(events.length);
});

/** A certificate of today for 127.0.0.1. */
function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "guarita-certificate-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const named = [
    "-subj",
    "/CN=broker",
    "-addext",
    "subjectAltName=IP:127.0.0.1",
    "-keyout",
    key,
    "-out",
    cert,
  ];
  const { status } = spawnSync("openssl", ["req", ...made, ...named]);
  const pair = status === 0 ? { key: readFileSync(key), cert: readFileSync(cert) } : null;
  rmSync(folder, { recursive: true });
  return pair;
}
const tls = certificate();

test.skipIf(!tls)("over TLS a certificate counts only when it is trusted (needs openssl)", async () => {
  if (!tls) return;
  const { url } = await broker({ tls });
  expect(await send(sinkTo(url), [anEvent()])).toMatchObject({
    kind: "failed",
    trouble: { code: "certificate", detail: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  });
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, tls.cert.toString()]);
  try {
    expect(await send(sinkTo(url), [anEvent()])).toMatchObject({ kind: "each", answers: [ACKNOWLEDGED] });
  } finally {
    setDefaultCACertificates(before);
  }
});

test("a template with wildcards or unknown names is no target", () => {
  const target = (topic: string) =>
    SinkTarget.safeParse({ kind: "mqtt", url: "mqtt://broker", topics: [topic] }).success;
  expect(["{store_id}/{camera_id}/{zone_id}/{event_name}", "shop"].filter(target)).toHaveLength(2);
  expect(["a/+", "a/#", "a/{receipt_id}", "a/{camera_id", "$SYS/a", ""].filter(target)).toEqual([]);
});
