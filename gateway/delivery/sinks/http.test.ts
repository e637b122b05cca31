import { afterEach, expect, test } from "vitest";
import { anEvent } from "#contract/examples.ts";
import type { SinkTroubleCode } from "#contract/sink-troubles.ts";
import { SinkTarget, type TargetOf } from "#contract/sinks.ts";
import type { SinkDeps } from "../sink.ts";
import { deliverAll, sinkDeps } from "./driver.memory.ts";
import type { Fault } from "./faulty-server.memory.ts";
import { openHttpSink } from "./http.ts";
import { type HttpReceiver, type HttpReceiverOptions, startHttpReceiver } from "./http-receiver.memory.ts";
import { startHub } from "./hub-process.memory.ts";

const running: { kill(): Promise<void> }[] = [];
afterEach(async () => {
  for (const receiver of running.splice(0)) await receiver.kill();
});

async function aReceiver(options: HttpReceiverOptions = {}): Promise<HttpReceiver> {
  const receiver = await startHttpReceiver(options);
  running.push(receiver);
  return receiver;
}

const targetOf = (url: string, fields: Partial<TargetOf<"http">> = {}): TargetOf<"http"> =>
  SinkTarget.parse({ kind: "http", url, ...fields }) as TargetOf<"http">; // its kind says so

const open = (
  { url }: { url: string },
  fields: Partial<TargetOf<"http">> = {},
  deps: Partial<SinkDeps<"http">> = {},
) =>
  openHttpSink(sinkDeps(targetOf(url, fields), deps), {
    timeoutMs: 2_000,
    answerBytes: 65_536,
  });

const signal = new AbortController().signal;
const someEvents = (count: number) => Array.from({ length: count }, () => anEvent());
const receiptsOf = (events: { receipt_id: string }[]) => events.map(({ receipt_id }) => receipt_id);

test("a batch arrives signed, with a key that stays the same for the same batch", async () => {
  const receiver = await aReceiver({ hmacKey: "shared" });
  const sink = open(receiver, {}, { secrets: { hmacKey: "shared", authorization: "Bearer abc" } });
  const events = someEvents(3);

  expect(await sink.send(events, signal)).toEqual({
    kind: "each",
    answers: events.map(() => ({ outcome: "acknowledged" })),
  });
  const first = receiver.last()?.headers;
  await sink.send(events, signal);
  const second = receiver.last()?.headers;
  await sink.send(events.slice(1), signal);
  const other = receiver.last()?.headers;

  expect(first?.authorization).toBe("Bearer abc");
  expect(second?.["idempotency-key"]).toBe(first?.["idempotency-key"]);
  expect(other?.["idempotency-key"]).not.toBe(first?.["idempotency-key"]);
  expect([...receiver.stored.keys()]).toEqual(receiptsOf(events));
  expect(receiver.counts()).toEqual({ requests: 3, repeated: 5, unsigned: 0 });
});

test("a wrong key, and a signature of an hour ago, do not pass", async () => {
  const receiver = await aReceiver({ hmacKey: "shared" });
  const wrong = open(receiver, {}, { secrets: { hmacKey: "other" } });
  const late = open(receiver, {}, { secrets: { hmacKey: "shared" }, nowMs: () => Date.now() - 3_600_000 });
  for (const sink of [wrong, late]) {
    expect(await sink.send([anEvent()], signal)).toMatchObject({ kind: "failed" });
  }
  expect(receiver.counts().unsigned).toBe(2);
});

test("a compressed body is signed as it is before compression", async () => {
  const receiver = await aReceiver({ hmacKey: "shared" });
  const sink = open(receiver, { isGzipped: true }, { secrets: { hmacKey: "shared" } });
  const events = someEvents(50);
  expect(await sink.send(events, signal)).toMatchObject({ kind: "each" });
  expect(receiver.stored.size).toBe(50);
  const sent = receiver.last();
  expect(sent?.headers["content-encoding"]).toBe("gzip");
  expect(sent?.body.length).toBeLessThan(JSON.stringify({ events }).length / 4);
});

test("headers of one's own are sent, and never stand in for ours", async () => {
  const receiver = await aReceiver();
  const headers = {
    "X-Shop": "7",
    "Idempotency-Key": "mine",
    "Content-Type": "text/plain",
    Host: "elsewhere",
  };
  const sink = open(receiver, { headers }, { secrets: { authorization: "Bearer abc" } });
  await sink.send([anEvent()], signal);
  const sent = receiver.last()?.headers;
  expect(sent).toMatchObject({
    "x-shop": "7",
    "content-type": "application/json",
    authorization: "Bearer abc",
  });
  expect(sent?.["idempotency-key"]).toMatch(/^[0-9a-f]{64}$/);
  expect(sent?.host).toMatch(/^127/);
});

const failure = (code: SinkTroubleCode) => ({
  kind: "failed",
  trouble: { code, detail: expect.stringMatching(/.{3}/) },
});

test.each<[string, Fault, object]>([
  [
    "429 with seconds",
    { kind: "status", status: 429, headers: { "retry-after": "7" } },
    { ...failure("busy"), retryAfterMs: 7_000 },
  ],
  [
    "503 with a date",
    { kind: "status", status: 503, headers: { "retry-after": "Thu, 01 Jan 1970 00:01:10 GMT" } },
    { ...failure("busy"), retryAfterMs: 10_000 },
  ],
  ["408", { kind: "status", status: 408 }, failure("busy")],
  ["425", { kind: "status", status: 425 }, failure("busy")],
  ["500", { kind: "status", status: 500 }, failure("broken_receiver")],
  ["401", { kind: "status", status: 401 }, failure("key_refused")],
  ["403", { kind: "status", status: 403 }, failure("key_refused")],
  ["404", { kind: "status", status: 404 }, failure("nothing_at_address")],
  ["405", { kind: "status", status: 405 }, failure("unexpected_answer")],
  ["a closed socket", { kind: "closed_socket" }, failure("broke_off")],
  ["half a reply", { kind: "half_reply" }, failure("broke_off")],
  ["a lost answer", { kind: "answer_lost" }, failure("broke_off")],
])("%s is tried again, and nothing is refused", async (_name, fault, expected) => {
  const receiver = await aReceiver();
  const sink = open(receiver, {}, { nowMs: () => 60_000 });
  receiver.misbehave(() => fault);
  const result = await sink.send(someEvents(2), signal);
  expect(result).toEqual(expected);
});

test("nobody there, no answer in time, and a stop are failures that say so", async () => {
  const receiver = await aReceiver();
  const slow = openHttpSink(sinkDeps(targetOf(receiver.url)), {
    timeoutMs: 20,
    answerBytes: 100,
  });
  receiver.misbehave(() => ({ kind: "delay", ms: 5_000 }));
  expect(await slow.send([anEvent()], signal)).toMatchObject({
    trouble: { code: "no_answer_in_time", detail: "20 ms" },
  });
  expect(await open(receiver).send([anEvent()], AbortSignal.abort())).toMatchObject({
    trouble: { code: "stopped" },
  });
  await receiver.kill();
  expect(await slow.send([anEvent()], signal)).toMatchObject({
    kind: "failed",
    trouble: { code: "nothing_answers", detail: expect.stringContaining("ECONNREFUSED") },
  });
});

test("a redirect is not followed, so that the secret stays with the address it is for", async () => {
  const [receiver, elsewhere] = [await aReceiver(), await aReceiver()];
  receiver.misbehave(() => ({ kind: "status", status: 307, headers: { location: `${elsewhere.url}/?a=b` } }));
  const result = await open(receiver).send([anEvent()], signal);
  expect(result).toEqual({
    kind: "failed",
    trouble: { code: "redirects", detail: `HTTP 307 ${elsewhere.url}` },
  });
  expect(elsewhere.counts().requests).toBe(0);
});

test("a refusal shows request and answer without headers and query, cut to a length", async () => {
  const receiver = await aReceiver();
  const echo = { kind: "status", status: 422, body: `no: ${"x".repeat(9_000)}` } as const;
  receiver.misbehave(() => echo);
  const sink = open(
    { url: `${receiver.url}/in?token=hidden` },
    {},
    { secrets: { authorization: "Bearer topsecret" } },
  );
  const event = anEvent({ meta: { text: "y".repeat(9_000) } });
  const result = await sink.send([event], signal);
  if (result.kind !== "refused") return expect.fail(`it was ${result.kind}`);
  expect(result).toMatchObject({ code: "http_422", request: expect.stringContaining(event.receipt_id) });
  expect(result.trouble.detail).toMatch(/^HTTP 422: no: x+…$/);
  expect(result.request + result.answer + result.trouble.detail).not.toMatch(/topsecret|hidden/);
  expect(Math.max(result.request.length, result.answer.length)).toBe(2_000);
});

test("a header that HTTP cannot carry is named without its value", async () => {
  const receiver = await aReceiver();
  const sink = open(receiver, {}, { secrets: { authorization: "Bearer top\nsecret" } });
  expect(await sink.send([anEvent()], signal)).toEqual({
    kind: "failed",
    trouble: { code: "bad_header", detail: "authorization" },
  });
});

test("of an endless answer only the beginning is read", async () => {
  const receiver = await aReceiver();
  receiver.misbehave(() => ({ kind: "status", status: 200, body: "z".repeat(50_000_000) }));
  expect(await open(receiver).send([anEvent()], signal)).toMatchObject({ kind: "each" });
});

test("a guilty event is found by halves, and the others arrive", async () => {
  const events = someEvents(64);
  const guilty = events[37]?.receipt_id;
  const receiver = await aReceiver({ refuses: (event) => (event.receipt_id === guilty ? "not this" : null) });
  const { acknowledged, parked } = await deliverAll(open(receiver), events, 64);
  expect(parked.map(({ event }) => event.receipt_id)).toEqual([guilty]);
  expect(parked[0]).toMatchObject({ code: "http_400", answer: expect.stringContaining("not this") });
  expect([acknowledged.length, receiver.stored.size]).toEqual([63, 63]);
});

test("a batch beyond 1 MiB leaves in parts that each keep the limit", async () => {
  const receiver = await aReceiver();
  const events = Array.from({ length: 40 }, () => anEvent({ meta: { text: "ü".repeat(50_000) } }));
  let largest = 0;
  receiver.misbehave(({ body }) => {
    largest = Math.max(largest, body.length);
    return null;
  });
  expect(await open(receiver).send(events, signal)).toMatchObject({ kind: "each" });
  expect([...receiver.stored.keys()]).toEqual(receiptsOf(events));
  expect(largest).toBeLessThanOrEqual(1_048_576);
  expect(receiver.counts().requests).toBe(4);
});

test("when the second part fails, the first is acknowledged and the rest comes again", async () => {
  const receiver = await aReceiver();
  const events = Array.from({ length: 3 }, () => anEvent({ meta: { text: "x".repeat(700_000) } }));
  let requests = 0;
  receiver.misbehave(() => {
    requests += 1;
    return requests === 2 ? { kind: "status", status: 503, headers: { "retry-after": "2" } } : null;
  });
  const result = await open(receiver).send(events, signal);
  const again = { outcome: "retry", trouble: { code: "busy", detail: "HTTP 503" }, retryAfterMs: 2_000 };
  expect(result).toEqual({ kind: "each", answers: [{ outcome: "acknowledged" }, again, again] });
});

test("a hub's answer counts per receipt", async () => {
  const [fresh, known, bad] = [anEvent(), anEvent(), anEvent()];
  const receiver = await aReceiver({
    isHub: true,
    refuses: (event) => (event.receipt_id === bad.receipt_id ? "length: expected number" : null),
  });
  const sink = open(receiver, { isHub: true });
  await sink.send([known], signal);
  expect(receiver.last()?.url.pathname).toBe("/api/events");
  expect(await sink.send([fresh, known, bad], signal)).toEqual({
    kind: "each",
    answers: [
      { outcome: "acknowledged" },
      { outcome: "acknowledged" },
      {
        outcome: "refused",
        code: "invalid_payload",
        trouble: { code: "refused", detail: "length: expected number" },
        request: expect.stringContaining(bad.receipt_id),
        answer: expect.stringContaining("refused"),
      },
    ],
  });
});

test("a hub that answers something else, or not of every event, acknowledged nothing of it", async () => {
  const receiver = await aReceiver();
  const sink = open({ url: `${receiver.url}/guarita/` }, { isHub: true });
  expect(await sink.send([anEvent()], signal)).toEqual({
    kind: "failed",
    trouble: { code: "not_a_gateway" },
  });
  expect(receiver.last()?.url.pathname).toBe("/guarita/api/events");
  receiver.misbehave(() => ({ kind: "status", status: 200, body: '{"receipts":[]}' }));
  expect(await sink.send([anEvent()], signal)).toMatchObject({
    kind: "each",
    answers: [{ outcome: "retry", trouble: { code: "said_nothing" } }],
  });
});

test.each([false, true])(
  "5,000 events reach a receiver that does everything wrong and is killed ten times, each once (hub: %s)",
  { timeout: 60_000 },
  async (isHub) => {
    const receiver = await aReceiver({ hmacKey: "shared", isHub });
    const random = seeded(7);
    const faults: Fault[] = [
      { kind: "delay", ms: 20 },
      { kind: "status", status: 429, headers: { "retry-after": "1" } },
      { kind: "status", status: 500 },
      { kind: "half_reply" },
      { kind: "closed_socket" },
      { kind: "answer_lost" },
    ];
    receiver.misbehave(() =>
      random() < 0.5 ? (faults[Math.floor(random() * faults.length)] ?? null) : null,
    );
    const sink = open(receiver, { isHub }, { secrets: { hmacKey: "shared" } });
    const events = someEvents(5_000);
    let isDown = false;
    const { acknowledged, parked } = await deliverAll(sink, events, 100, {
      onRound: async (round) => {
        if (isDown) await receiver.start();
        isDown = round % 7 === 3 && round < 70;
        if (isDown) await receiver.kill();
      },
    });
    expect([acknowledged.length, parked.length]).toEqual([5_000, 0]);
    expect([...receiver.stored.keys()].sort()).toEqual(receiptsOf(events).sort());
    expect(receiver.counts().unsigned).toBe(0);
  },
);

test("another gateway takes 5,000 events, each once, though it is killed at work three times", {
  timeout: 120_000,
}, async () => {
  const hub = await startHub();
  running.push({ kill: hub.stop });
  const sink = open(hub, { isHub: true, isGzipped: true });
  const bad = anEvent({ payload: { state: "started" } });
  const events = [...someEvents(2_500), bad, ...someEvents(2_500)];
  let restarting = Promise.resolve();
  let kills = 0;
  const { acknowledged, parked } = await deliverAll(sink, events, 200, {
    onRound: async (round) => {
      if (round % 6 !== 3 || kills === 3) return;
      await restarting;
      kills += 1;
      restarting = hub.restart(); // while the next batch is on its way
    },
  });
  await restarting;
  expect(parked).toMatchObject([{ event: bad, code: "invalid_payload" }]);
  expect([kills, acknowledged.length]).toEqual([3, 5_000]);
  expect(hub.storedReceipts().sort()).toEqual(receiptsOf(acknowledged).sort());
});

/** Numbers from 0 to 1, the same row for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
