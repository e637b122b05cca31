import { afterEach, beforeEach, expect, test } from "vitest";
import { aCamera, anEvent, anId } from "#contract/examples.ts";
import { aDelivery, type TestDelivery } from "./harness.memory.ts";
import { balances } from "./ledgers.ts";
import type { KnownSink } from "./manage-sinks.ts";
import { aSink } from "./outbox.port-tests.ts";
import { ACKNOWLEDGED, allAcknowledged, failed, NOT_NOW, REFUSED } from "./sink.memory.ts";

let delivery: TestDelivery;
beforeEach(async () => {
  delivery = await aDelivery();
});
afterEach(() => delivery.close());

const sinkTo = (url: string, overrides: Partial<KnownSink> = {}) =>
  aSink({ target: { kind: "http", url, headers: {}, isGzipped: false, isHub: false }, ...overrides });
const atOnce = (overrides: Partial<KnownSink> = {}) => sinkTo("http://a/", { everyMs: 0, ...overrides });
const events = (count: number, camera_id = anId()) =>
  Array.from({ length: count }, () => anEvent({ camera_id }));
const ids = (list: { receipt_id: string }[]) => list.map((event) => event.receipt_id);
const countersOf = (sink: KnownSink) => delivery.store.outbox.counters(sink.id);

test("a batch leaves when the oldest event has waited long enough", async () => {
  const receiver = await delivery.add(sinkTo("http://a/"));
  await delivery.advance(1);
  const [one, two] = [anEvent(), anEvent()];
  delivery.storeEvents([one]);
  await delivery.advance(30_000);
  delivery.storeEvents([two]);
  await delivery.advance(29_999);
  expect(receiver.calls).toEqual([]);
  await delivery.advance(1);
  expect(receiver.calls).toEqual([[one, two]]);
});

test("or as soon as enough have come, and no batch is larger", async () => {
  const receiver = await delivery.add(sinkTo("http://a/", { batchEvents: 10 }));
  await delivery.advance(1);
  delivery.storeEvents(events(9));
  await delivery.advance(1);
  expect(receiver.calls).toEqual([]);
  delivery.storeEvents(events(16));
  await delivery.advance(1);
  expect(receiver.calls.map((call) => call.length)).toEqual([10, 10, 5]);
});

test("what a stopped gateway left is sent at once, also what it had claimed", async () => {
  const sink = sinkTo("http://a/");
  await delivery.sinks.insert(sink);
  const waiting = events(3);
  delivery.storeEvents(waiting);
  await delivery.store.outbox.claim(sink.id, { limit: 2, maxBytes: 1_000_000, claimMs: 60_000 });
  await delivery.run().apply(sink);
  await delivery.advance(1);
  expect(delivery.receiver(sink).receipts()).toEqual(ids(waiting));
});

test("a sink that throws, hangs or is gone delays no other", async () => {
  const names = ["throws", "hangs", "gone", "well"];
  const receivers = [];
  for (const name of names) receivers.push(await delivery.add(sinkTo(`http://${name}/`, { everyMs: 0 })));
  receivers[0]?.behave(() => Promise.reject(new Error("a bug of this sink")));
  receivers[1]?.behave(() => new Promise(() => {}));
  receivers[2]?.behave(() => failed());
  delivery.storeEvents(events(5));
  await delivery.advance(1);
  expect(receivers[3]?.receipts()).toHaveLength(5);
});

test("one that hangs is left behind after its time, opened anew, and loses nothing", async () => {
  const receiver = await delivery.add(atOnce());
  receiver.behave(() => new Promise(() => {}));
  const stored = events(2);
  delivery.storeEvents(stored);
  await delivery.advance(29_000);
  expect(receiver.calls).toHaveLength(1);
  receiver.behave(allAcknowledged);
  await delivery.advance(3_000);
  expect(receiver.calls).toEqual([stored, stored]);
  expect(receiver.counts()).toEqual({ opened: 2, closed: 1 });
});

test("after whole failures it rests longer each time, and after five a minute for one try", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  receiver.behave(() => failed());
  delivery.storeEvents(events(3));
  for (const [calls, waitMs] of [
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
    [4, 8_000],
    [5, 60_000],
    [6, 60_000],
  ] as const) {
    await delivery.advance(0);
    expect(receiver.calls).toHaveLength(calls);
    const status = calls < 5 ? "retrying" : "open";
    expect(delivery.run().state(sink)).toMatchObject({
      status,
      reason: "nothing answers at the address",
      trouble: { code: "nothing_answers" },
      failures: calls,
    });
    delivery.storeEvents(events(1)); // new events do not hurry it
    await delivery.advance(waitMs - 1);
    expect(receiver.calls).toHaveLength(calls);
    await delivery.advance(1);
  }
  receiver.behave(allAcknowledged);
  await delivery.advance(60_000);
  expect(delivery.run().state(sink)).toEqual({ status: "working" });
  expect(await countersOf(sink)).toMatchObject({ created: 9, acknowledged: 9 });
});

test("while one event waits for another try the sink works, and says why that one waits", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  const [late, other] = [anEvent({ camera_id: anId() }), anEvent({ camera_id: anId() })];
  receiver.behave((batch) => ({
    kind: "each",
    answers: batch.map(({ receipt_id }) => (receipt_id === late.receipt_id ? NOT_NOW : ACKNOWLEDGED)),
  }));
  delivery.storeEvents([late, other]);
  await delivery.advance(1);
  const { trouble } = NOT_NOW;
  const reason = expect.stringContaining("takes nothing");
  expect(delivery.run().state(sink)).toEqual({ status: "working", trouble, reason });
  receiver.behave(allAcknowledged);
  await delivery.advance(60_000);
  expect(delivery.run().state(sink)).toEqual({ status: "working" });
});

test("a receiver that asks for rest gets it, within reason", async () => {
  const receiver = await delivery.add(atOnce());
  receiver.behave(() => ({ ...failed("busy"), retryAfterMs: 90_000 }));
  delivery.storeEvents(events(1));
  await delivery.advance(89_999);
  expect(receiver.calls).toHaveLength(1);
  receiver.behave(() => ({ ...failed("busy"), retryAfterMs: 1e12 }));
  await delivery.advance(1);
  expect(receiver.calls).toHaveLength(2);
  receiver.behave(allAcknowledged);
  await delivery.advance(3_600_000);
  expect(receiver.calls).toHaveLength(3);
});

test("a batch refused as a whole goes in halves until the guilty event is alone, and only that one is parked", async () => {
  const sink = atOnce({ batchEvents: 200 });
  const receiver = await delivery.add(sink);
  const stored = events(200);
  const guilty = [stored[17], stored[150]];
  receiver.behave((sent) =>
    sent.some((event) => guilty.some((bad) => bad?.receipt_id === event.receipt_id))
      ? { kind: "refused", ...REFUSED }
      : allAcknowledged(sent),
  );
  delivery.storeEvents(stored);
  await delivery.advance(1);
  expect(await countersOf(sink)).toMatchObject({ acknowledged: 198, parked: 2 });
  const page = await delivery.store.deadLetter.page(sink.id, { before: null, limit: 10 });
  expect(page.map(({ event }) => event).toReversed()).toEqual(guilty);
  expect(receiver.calls.length).toBeLessThan(40);
  expect(page[0]).toMatchObject({ ...REFUSED, attempts: 1 });
});

test("an event to be retried holds back its own camera alone, and is sent again when it is time", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  const [a, b] = [events(2), events(2)];
  const [first] = a;
  receiver.behave((sent) => ({
    kind: "each",
    answers: sent.map((event) => (event.camera_id === first?.camera_id ? NOT_NOW : ACKNOWLEDGED)),
  }));
  delivery.storeEvents([...a, ...b]);
  await delivery.advance(1);
  const later = events(1, first?.camera_id);
  delivery.storeEvents([...later, ...events(1, b[0]?.camera_id)]);
  await delivery.advance(1);
  expect(receiver.calls.map((call) => call.length)).toEqual([4, 1]);
  receiver.behave(allAcknowledged);
  await delivery.advance(1_000);
  expect(receiver.calls[2]).toEqual([...a, ...later]);
  expect(await countersOf(sink)).toMatchObject({ created: 6, acknowledged: 6 });
});

test("one event that fails the whole batch each time does not hold up the other cameras for good", async () => {
  const sink = atOnce({ batchEvents: 100 });
  const receiver = await delivery.add(sink);
  const [poison, ...others] = events(1).concat(...Array.from({ length: 30 }, () => events(2)));
  receiver.behave((sent) =>
    sent.some((event) => event.receipt_id === poison?.receipt_id)
      ? failed("broken_receiver")
      : allAcknowledged(sent),
  );
  delivery.storeEvents([...others, ...(poison ? [poison] : [])]);
  await delivery.advance(600_000);
  expect(await countersOf(sink)).toMatchObject({ created: 61, acknowledged: 60 });
});

test("a full disk while an answer is written down does not make it send again", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  const { outbox } = delivery.store;
  const settle = outbox.settle;
  let refusals = 3;
  outbox.settle = async (...args) => {
    refusals -= 1;
    if (refusals >= 0) throw new Error("database or disk is full");
    return settle(...args);
  };
  delivery.storeEvents(events(4));
  await delivery.advance(10_000);
  expect(receiver.calls).toHaveLength(1);
  expect(await countersOf(sink)).toMatchObject({ acknowledged: 4 });
});

test("stopping aborts what is being sent, and what is unanswered is still waiting", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  receiver.behave((_, signal) => {
    const ended = failed("stopped");
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve(ended)));
  });
  delivery.storeEvents(events(2));
  await delivery.advance(1);
  await delivery.run().stop();
  expect(receiver.counts()).toEqual({ opened: 1, closed: 1 });
  expect(balances(await delivery.store.outbox.recount(sink.id))).toBe(true);
  const claim = await delivery.store.outbox.claim(sink.id, { limit: 9, maxBytes: 1e6, claimMs: 1 });
  expect(claim?.events).toHaveLength(2);
});

test("an answer that names fewer events than were sent settles none", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  receiver.behave(() => ({ kind: "each", answers: [ACKNOWLEDGED] }));
  delivery.storeEvents(events(2));
  await delivery.advance(1);
  expect(await countersOf(sink)).toMatchObject({ acknowledged: 0 });
  expect(delivery.run().state(sink)).toMatchObject({
    trouble: { code: "said_nothing", detail: "1/2" },
  });
});

test("a clock that is put back an hour stops nothing", async () => {
  const receiver = await delivery.add(atOnce());
  const camera = anId();
  receiver.behave((sent) => ({
    kind: "each",
    answers: sent.map(() => NOT_NOW),
  }));
  delivery.storeEvents(events(1, camera));
  await delivery.advance(1);
  delivery.jump(-3_600_000);
  receiver.behave(allAcknowledged);
  delivery.storeEvents(events(1, camera));
  await delivery.advance(1);
  expect(receiver.calls).toHaveLength(2);
  expect(receiver.calls[1]).toHaveLength(2);
});

test("a paused sink is sent nothing, and all of it afterwards", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  await delivery.run().apply({ ...sink, isPaused: true });
  delivery.storeEvents(events(3));
  await delivery.advance(120_000);
  expect(receiver.calls).toEqual([]);
  expect(delivery.run().state({ ...sink, isPaused: true })).toEqual({ status: "paused" });
  await delivery.run().apply(sink);
  await delivery.advance(1);
  expect(receiver.receipts()).toHaveLength(3);
});

test("a test event goes past the outbox", async () => {
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  const event = anEvent();
  expect(await delivery.run().test(sink, event)).toEqual({ kind: "each", answers: [ACKNOWLEDGED] });
  expect(receiver.calls).toEqual([[event]]);
  expect(await countersOf(sink)).toMatchObject({ created: 0, acknowledged: 0 });
});

test("the rate is of the last minute", async () => {
  const sink = atOnce();
  await delivery.add(sink);
  delivery.storeEvents(events(120));
  await delivery.advance(1_000);
  expect(delivery.run().ratePerS(sink.id)).toBe(2);
  await delivery.advance(60_000);
  expect(delivery.run().ratePerS(sink.id)).toBe(0);
});

test("a new sink hears of every camera, then of what changes, some seconds later and without addresses", async () => {
  const camera = aCamera({ name: "Caixa 1" });
  delivery.cameras.push(camera, aCamera());
  const sink = atOnce();
  const receiver = await delivery.add(sink);
  await delivery.advance(2_000);
  expect(receiver.changes.map(({ kind }) => kind)).toEqual(["camera.created", "camera.created"]);
  expect(JSON.stringify(receiver.changes)).not.toContain("rtsp");

  delivery.cameras[0] = { ...camera, name: "Caixa 2" };
  delivery.run().camerasChanged();
  await delivery.advance(1_000);
  delivery.cameras[0] = { ...camera, name: "Caixa 3" };
  delivery.run().camerasChanged();
  await delivery.advance(2_000);
  delivery.cameras.pop();
  await delivery.run().apply(sink); // a new loop, as after a restart
  await delivery.advance(2_000);
  const [updated, removed] = receiver.changes.slice(2);
  expect([receiver.changes.length, updated?.kind, updated?.camera?.name, removed?.kind]).toEqual([
    4,
    "camera.updated",
    "Caixa 3",
    "camera.removed",
  ]);
  expect(new Set(receiver.changes.map(({ changeId }) => changeId)).size).toBe(4);
});
