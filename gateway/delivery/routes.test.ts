import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { z } from "zod";
import { ErrorAnswer } from "#contract/errors.ts";
import { anEvent, anId, STORE_ID } from "#contract/examples.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { ParkedEvent, ParkedMoved, ParkedPage, Sink, SinkList, SinkTest } from "#contract/sinks.ts";
import { createBus } from "../kernel/bus.ts";
import { errorHandler, notFound } from "../kernel/http.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createDelivery, type Delivery } from "./delivery.ts";
import { aDelivery, type TestDelivery } from "./harness.memory.ts";
import { A_RHYTHM, SOME_RESTS } from "./outbox.port-tests.ts";
import { deliveryRoutes } from "./routes.ts";
import { allAcknowledged, failed, type MemorySink, memorySink, REFUSED } from "./sink.memory.ts";
import type { SinkDeps } from "./sink.ts";

let base: TestDelivery;
let delivery: Delivery;
let receiver: MemorySink;
/** What a sink reports beside its answers. */
let report: SinkDeps<"http">["onTrouble"];
let logged: string[];
let server: Server;
let url: string;
const bus = createBus(silentLogger());

beforeEach(async () => {
  base = await aDelivery();
  receiver = memorySink();
  logged = [];
  const open = ({ onTrouble }: Pick<SinkDeps<"http">, "onTrouble">) => {
    report = onTrouble;
    return receiver.open();
  };
  delivery = await createDelivery({
    store: base.store,
    sinks: base.sinks,
    kinds: { http: open, supabase: open, mqtt: open, amqp: open, frigate: open },
    bus,
    cameras: () => [],
    whyRefused: (event) => (JSON.stringify(event).includes("wrong") ? "payload: wrong" : null),
    storeId: STORE_ID,
    clock: base.clock,
    rhythm: () => A_RHYTHM,
    rests: SOME_RESTS,
    newId: anId,
    log: pino({ level: "debug" }, { write: (line: string) => void logged.push(line) }),
  });
  await delivery.start();
  const app = express().use(deliveryRoutes({ delivery }), notFound, errorHandler(silentLogger()));
  server = app.listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address is one
});
afterEach(async () => {
  await new Promise((closed) => server.close(closed));
  const stopped = delivery.stop();
  await base.advance(2_000);
  await stopped;
  await base.close();
});

const target = { kind: "http", url: "http://127.0.0.1:9/" };
const newSink = (overrides: object = {}) => ({ name: "Head office", everyMs: 0, target, ...overrides });
const wholeSink = (overrides: object = {}) => ({ ...A_RHYTHM, ...newSink(overrides) });

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}
async function answer<Schema extends z.ZodType>(schema: Schema, response: Promise<Response>) {
  const got = await response;
  expect(got.ok).toBe(true);
  return schema.parse(await got.json());
}
const refusal = async (response: Promise<Response>) =>
  ErrorAnswer.parse(await (await response).json()).error.code;
const at = (path: string, id: string, more: Record<string, string> = {}) => fillPath(path, { id, ...more });

async function made(overrides: object = {}): Promise<Sink> {
  return answer(Sink, ask("POST", paths.sinks, newSink(overrides)));
}
function store(count: number): void {
  const events = Array.from({ length: count }, () => anEvent());
  base.storeEvents(events);
  bus.emit("events.stored", { events: events.map((event) => ({ ...event, received_at: event.ts })) });
}
const find = (id: string) => answer(Sink, ask("GET", at(paths.sink, id)));

/** The loop runs by itself: waits until the sink is as `isSo` says. */
async function until(id: string, isSo: (sink: Sink) => boolean): Promise<Sink> {
  for (;;) {
    const sink = await find(id);
    if (isSo(sink)) return sink;
    await new Promise((next) => setImmediate(next));
  }
}

test("a new sink that names no rhythm has the one of the settings, and a change must name all of it", async () => {
  const sink = await answer(Sink, ask("POST", paths.sinks, { name: "Head office", target }));
  expect(sink).toMatchObject(A_RHYTHM);
  expect(await refusal(ask("PUT", at(paths.sink, sink.id), newSink()))).toBe("invalid_body");
});

test("a sink is made, listed, changed and removed, and its secrets never come back", async () => {
  const sink = await made({ secrets: { hmacKey: "very secret" } });
  expect(sink).toMatchObject({ name: "Head office", secrets: ["hmacKey"], state: { status: "working" } });
  const change = { ...wholeSink({ name: "Hub" }), secrets: { authorization: "also secret" } };
  const changed = await answer(Sink, ask("PUT", at(paths.sink, sink.id), change));
  expect(changed).toMatchObject({ name: "Hub", secrets: ["hmacKey", "authorization"] });
  const forgotten = { ...wholeSink(), secrets: { hmacKey: null } };
  expect((await answer(Sink, ask("PUT", at(paths.sink, sink.id), forgotten))).secrets).toEqual([
    "authorization",
  ]);
  expect(await (await ask("GET", paths.sinks)).text()).not.toContain("also secret");
  expect((await ask("DELETE", at(paths.sink, sink.id))).status).toBe(204);
  expect((await answer(SinkList, ask("GET", paths.sinks))).sinks).toEqual([]);
  expect(await refusal(ask("GET", at(paths.sink, sink.id)))).toBe("not_found");
});

test("secrets lie sealed in the database", async () => {
  await made({ secrets: { hmacKey: "very secret" } });
  const row = base.database.raw.prepare("select * from sinks").get() as { config: string; secrets: Buffer };
  expect(row.config + row.secrets.toString("latin1")).not.toContain("very secret");
});

test.each([
  ["http", "http://127.0.0.1:9/", "authorization"],
  ["supabase", "http://127.0.0.1:9/", "key"],
  ["mqtt", "mqtt://127.0.0.1:9", "password"],
  ["amqp", "amqp://127.0.0.1:9", "password"],
  ["frigate", "http://127.0.0.1:9/", "authorization"],
])(
  "a secret that an end of kind %s repeats reaches no API, no database and no log",
  async (kind, url, name) => {
    const { id } = await made({ target: { kind, url }, secrets: { [name]: "p@ss/word" } });
    const said = "amqp://shop:p%40ss%2Fword@host says: p@ss/word";
    const refusal = {
      code: "x_1",
      trouble: { code: "refused", detail: said },
      request: said,
      answer: said,
    } as const;
    receiver.behave((events) => ({
      kind: "each",
      answers: events.map(() => ({ outcome: "refused", ...refusal })),
    }));
    store(1);
    await until(id, ({ ledger }) => ledger.parked === 1);
    receiver.behave(() => Promise.reject(Object.assign(new Error(said), { address: said })));
    const tested = await (await ask("POST", at(paths.sinkTest, id))).text();
    store(1);
    await until(id, ({ state }) => state.status === "retrying");
    report("not taken", Object.assign(new Error(said), { address: said }));

    const read = [paths.sinks, at(paths.sinkParked, id), at(paths.sinkParkedExport, id)];
    const answers = await Promise.all(read.map(async (path) => (await ask("GET", path)).text()));
    const told = [tested, ...answers, logged.join("")];
    for (const text of told) expect(text).toContain("amqp://shop:***@host says: ***");
    const database = base.database.raw.serialize().toString("latin1");
    expect(database).toContain("amqp://shop:***@host says: ***");
    expect(told.join("") + database).not.toMatch(/p@ss|p%40ss/);
  },
);

test("a secret that its kind does not know is refused, and so is a password in the address", async () => {
  expect(await refusal(ask("POST", paths.sinks, newSink({ secrets: { key: "x" } })))).toBe("invalid_body");
  const inAddress = newSink({ target: { kind: "http", url: "http://user:pass@host/" } });
  expect(await refusal(ask("POST", paths.sinks, inAddress))).toBe("invalid_body");
});

test("what is stored is delivered, and the ledger says so", async () => {
  const { id } = await made();
  store(3);
  const sink = await until(id, ({ ledger }) => ledger.acknowledged === 3);
  expect(sink.ledger).toEqual({
    created: 3,
    acknowledged: 3,
    waiting: 0,
    parked: 0,
    discarded: 0,
    expired: 0,
    isBalanced: true,
  });
  expect(sink).toMatchObject({ oldestWaitingMs: null, ratePerS: 0.05, emptyInS: 0 });
});

test("a paused sink keeps its events, says how old they are, and goes on", async () => {
  const { id } = await made();
  await answer(Sink, ask("POST", at(paths.sinkPause, id), { isPaused: true }));
  store(2);
  const paused = await find(id);
  expect(paused).toMatchObject({ isPaused: true, state: { status: "paused" }, emptyInS: null });
  expect([paused.ledger.waiting, typeof paused.oldestWaitingMs]).toEqual([2, "number"]);
  await ask("POST", at(paths.sinkPause, id), { isPaused: false });
  await until(id, ({ ledger }) => ledger.acknowledged === 2);
});

test("a sink with waiting events is removed only when they are given up, and goes on until then", async () => {
  const { id } = await made({ everyMs: 60_000 });
  await until(id, () => true);
  store(2);
  expect(await refusal(ask("DELETE", at(paths.sink, id)))).toBe("conflict");
  expect((await find(id)).isEnabled).toBe(true);
  store(1);
  expect((await find(id)).ledger.created).toBe(3);
  expect((await ask("DELETE", `${at(paths.sink, id)}?discard=true`)).status).toBe(204);
});

test("a test event tells what it met, and enters no ledger", async () => {
  const { id } = await made();
  expect(await answer(SinkTest, ask("POST", at(paths.sinkTest, id)))).toMatchObject({
    ok: true,
    message: "",
  });
  receiver.behave(() => failed());
  const refused = await answer(SinkTest, ask("POST", at(paths.sinkTest, id)));
  expect(refused).toMatchObject({
    ok: false,
    message: "nothing answers at the address",
    trouble: { code: "nothing_answers" },
  });
  expect(receiver.calls[0]?.[0]).toMatchObject({ event_name: "camera.health", source: "system" });
  expect((await find(id)).ledger.created).toBe(0);
});

async function withParked(count: number): Promise<string> {
  const { id } = await made();
  receiver.behave((events) => ({
    kind: "each",
    answers: events.map(() => ({ outcome: "refused", ...REFUSED })),
  }));
  store(count);
  await until(id, ({ ledger }) => ledger.parked === count);
  receiver.behave(allAcknowledged);
  return id;
}

test("parked events are read page by page, and exported as lines", async () => {
  const id = await withParked(5);
  const page = await answer(ParkedPage, ask("GET", `${at(paths.sinkParked, id)}?limit=3`));
  expect(page.parked).toHaveLength(3);
  expect(page.parked[0]).toMatchObject({
    code: "http_400",
    reason: "the receiver refuses this event: HTTP 400: wrong",
    trouble: REFUSED.trouble,
  });
  const rest = await answer(ParkedPage, ask("GET", `${at(paths.sinkParked, id)}?cursor=${page.nextCursor}`));
  expect([rest.parked.length, rest.nextCursor]).toEqual([2, null]);
  const file = await ask("GET", at(paths.sinkParkedExport, id));
  const lines = (await file.text()).trimEnd().split("\n");
  expect(lines.map((line) => ParkedEvent.parse(JSON.parse(line)))).toEqual([...page.parked, ...rest.parked]);
});

test("parked events are retried, discarded with a reason, and sent as corrected", async () => {
  const id = await withParked(3);
  const { parked } = await answer(ParkedPage, ask("GET", at(paths.sinkParked, id)));
  const [newest, middle, oldest] = parked.map(({ seq }) => seq);
  const discard = { seqs: [newest], reason: "of a test" };
  expect(await answer(ParkedMoved, ask("POST", at(paths.sinkParkedDiscard, id), discard))).toEqual({
    count: 1,
  });

  const one = at(paths.sinkParkedOne, id, { seq: String(middle) });
  expect(await refusal(ask("PUT", one, { payload: { a: "wrong" } }))).toBe("invalid_body");
  await answer(ParkedEvent, ask("PUT", one, { payload: { a: "right" } }));
  const gone = at(paths.sinkParkedOne, id, { seq: String(newest) });
  expect(await refusal(ask("PUT", gone, { payload: {} }))).toBe("not_found");

  await answer(ParkedMoved, ask("POST", at(paths.sinkParkedRetry, id), { seqs: [middle, oldest] }));
  const sink = await until(id, ({ ledger }) => ledger.acknowledged === 2);
  expect(sink.ledger).toMatchObject({ parked: 0, discarded: 1, isBalanced: true });
  expect(receiver.calls.flat().at(-1)?.payload).toEqual({ a: "right" });
});

test("what is no sink and no parked event is not found", async () => {
  expect(await refusal(ask("GET", at(paths.sink, "nothing")))).toBe("not_found");
  expect(await refusal(ask("GET", at(paths.sinkParked, anId())))).toBe("not_found");
  const { id } = await made();
  expect(await refusal(ask("PUT", at(paths.sinkParkedOne, id, { seq: "x" }), {}))).toBe("not_found");
});
