import { afterEach, expect, test } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anEvent, anId, aQueuePayload } from "#contract/examples.ts";
import { SinkTarget, type TargetOf } from "#contract/sinks.ts";
import type { SinkDeps, SinkNotes } from "../sink.ts";
import { deliverAll, memoryNotes, sinkDeps } from "./driver.memory.ts";
import type { Fault } from "./faulty-server.memory.ts";
import { frigateName, openFrigateSink } from "./frigate.ts";
import {
  type FrigateReceiver,
  type FrigateReceiverOptions,
  startFrigateReceiver,
} from "./frigate-receiver.memory.ts";

const CAMERA = anId();
const RULE = anId();
const signal = new AbortController().signal;
const running: FrigateReceiver[] = [];
afterEach(async () => {
  for (const frigate of running.splice(0)) await frigate.kill();
});

async function aFrigate(options: Partial<FrigateReceiverOptions> = {}): Promise<FrigateReceiver> {
  const frigate = await startFrigateReceiver({ cameras: ["checkout_1"], ...options });
  running.push(frigate);
  return frigate;
}

const QUICK = { timeoutMs: 2_000, writtenWithinMs: 60, pollMs: 5, lostAfterMs: 200 };

function open(
  { url }: { url: string },
  fields: Partial<TargetOf<"frigate">> = {},
  deps: Partial<SinkDeps<"frigate">> = {},
) {
  const target = SinkTarget.parse({ kind: "frigate", url, ...fields }) as TargetOf<"frigate">; // its kind says so
  return openFrigateSink(sinkDeps(target, deps), QUICK);
}

let minute = 0;
/** Start and end of one queue. */
function aQueue(cameraId = CAMERA): [EventRecord, EventRecord] {
  minute += 1;
  const started_at = new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();
  const about = { camera_id: cameraId, meta: { rule_id: RULE, rule_name: "Fila, caixa 1" } };
  return [
    anEvent({ ...about, payload: aQueuePayload({ started_at }) }),
    anEvent({ ...about, payload: aQueuePayload({ started_at, state: "ended", duration_s: 41.6 }) }),
  ];
}

const aPlate = () =>
  anEvent({
    event_name: "compliance.detected",
    camera_id: CAMERA,
    payload: { rule: { kind: "plate_listed" }, plate: "BRA2E19", confidence: 0.9 },
  });

const rowsOf = (frigate: FrigateReceiver) => [...frigate.rows.values()];
const outcomes = (result: Awaited<ReturnType<ReturnType<typeof open>["send"]>>) =>
  result.kind === "each" ? result.answers.map(({ outcome }) => outcome) : result.kind;

test("a happening is one event of Frigate: open when it starts, ended when it ends", async () => {
  const frigate = await aFrigate({ writesAfterMs: 10 });
  const sink = open(frigate);
  const [started, ended] = aQueue();
  const beforeS = Date.now() / 1_000;

  expect(outcomes(await sink.send([started], signal))).toEqual(["acknowledged"]);
  expect(rowsOf(frigate)).toMatchObject([
    { camera: "checkout_1", label: "queue", sub_label: `Fila caixa 1 ${started.receipt_id}`, end_time: null },
  ]);
  expect(outcomes(await sink.send([ended], signal))).toEqual(["acknowledged"]);
  const [row] = rowsOf(frigate);
  expect([frigate.rows.size, frigate.ends()]).toEqual([1, 1]);
  expect(row?.end_time).toBeGreaterThanOrEqual(beforeS); // told late, it ends no earlier than it began there
});

test("start and end in one batch, and both again after a crash, are still one event", async () => {
  const frigate = await aFrigate({ writesAfterMs: 10 });
  const notes = memoryNotes();
  const both = aQueue();
  for (const _ of [1, 2, 3]) {
    const sink = open(frigate, {}, { notes });
    expect(outcomes(await sink.send(both, signal))).toEqual(["acknowledged", "acknowledged"]);
  }
  expect([frigate.rows.size, frigate.ends()]).toEqual([1, 1]);
});

test("a plate is a short event, and an end whose start was never told a whole one", async () => {
  const frigate = await aFrigate();
  const plate = aPlate();
  const [, ended] = aQueue();
  await open(frigate).send([plate, ended], signal);
  const [ofPlate, ofQueue] = rowsOf(frigate);
  const lengthOf = (row: typeof ofPlate) => Math.round((row?.end_time ?? 0) - (row?.start_time ?? 0)) - 5;
  expect([ofPlate?.label, ofPlate?.sub_label]).toEqual(["plate_listed", `BRA2E19 ${plate.receipt_id}`]);
  expect([lengthOf(ofPlate), lengthOf(ofQueue), frigate.ends()]).toEqual([10, 42, 0]);
});

test("what has neither start nor end is acknowledged and not sent", async () => {
  const frigate = await aFrigate();
  await frigate.kill(); // a request would fail
  const [started] = aQueue();
  const silent = [
    anEvent({ event_name: "camera.health", camera_id: CAMERA, payload: {} }),
    anEvent({ event_name: "vision.metrics.v1", camera_id: CAMERA, payload: {} }),
    anEvent({ event_name: "camera.snapshot", camera_id: CAMERA, payload: {} }),
    { ...started, payload: aQueuePayload({ state: "updated" }) },
    anEvent(), // of no camera
  ];
  expect(outcomes(await open(frigate).send(silent, signal))).toEqual(silent.map(() => "acknowledged"));
});

test.each(["answer_lost", "half_reply"] as const)(
  "after a create whose answer is cut (%s) nothing is made twice",
  async (kind) => {
    const frigate = await aFrigate();
    frigate.holdWriting();
    const sink = open(frigate, {}, { nowMs: () => 1_000 }); // no time passes
    let creates = 0;
    frigate.misbehave(({ method }) => {
      if (method === "POST") creates += 1;
      return method === "POST" && creates === 1 ? { kind } : null;
    });
    const [started] = aQueue();
    expect(outcomes(await sink.send([started], signal))).toBe("failed");
    expect(outcomes(await sink.send([started], signal))).toEqual(["retry"]);
    frigate.goOnWriting();
    expect(outcomes(await sink.send([started], signal))).toEqual(["acknowledged"]);
    expect([frigate.rows.size, creates]).toEqual([1, 1]);
  },
);

test("what Frigate answered and never wrote, because it was killed, is made again", async () => {
  const frigate = await aFrigate();
  frigate.holdWriting();
  const notes = memoryNotes();
  const [started, ended] = aQueue();
  expect(outcomes(await open(frigate, {}, { notes }).send([started], signal))).toEqual(["retry"]);
  await frigate.kill();
  await frigate.start();
  expect(frigate.rows.size).toBe(0);
  const { acknowledged } = await deliverAll(open(frigate, {}, { notes }), [started, ended], 10);
  expect([acknowledged.length, frigate.rows.size, frigate.ends()]).toEqual([2, 1, 1]);
});

test("an event that was deleted at Frigate meanwhile has nothing to end", async () => {
  const frigate = await aFrigate();
  const sink = open(frigate);
  const [started, ended] = aQueue();
  await sink.send([started], signal);
  (frigate.rows as Map<string, unknown>).clear();
  expect(outcomes(await sink.send([ended], signal))).toEqual(["acknowledged"]);
  expect(frigate.rows.size).toBe(0);
});

test("an unknown camera parks its events, and the other cameras go on", async () => {
  const frigate = await aFrigate();
  const cameraName = async (id: string) => (id === CAMERA ? "Depósito nº 2" : null);
  const known = anId();
  const sink = open(frigate, { cameras: { [known]: "checkout_1" } }, { cameraName });
  const result = await sink.send([...aQueue(), ...aQueue(known)], signal);
  expect(outcomes(result)).toEqual(["refused", "refused", "acknowledged", "acknowledged"]);
  expect(result).toMatchObject({
    answers: [
      { code: "unknown_camera", trouble: { code: "no_such_camera", detail: "deposito_n_2" } },
      {},
      {},
      {},
    ],
  });
  expect(rowsOf(frigate).map(({ camera }) => camera)).toEqual(["checkout_1"]);
});

test("a parked event is made when the camera is named at last", async () => {
  const frigate = await aFrigate();
  const notes = memoryNotes();
  const both = aQueue();
  const wrong = open(frigate, {}, { notes, cameraName: async () => "other" });
  expect(outcomes(await wrong.send(both, signal))).toEqual(["refused", "refused"]);
  const right = open(frigate, { cameras: { [CAMERA]: "checkout_1" } }, { notes });
  expect(outcomes(await right.send(both, signal))).toEqual(["acknowledged", "acknowledged"]);
  expect([frigate.rows.size, frigate.ends()]).toEqual([1, 1]);
});

test("a wrong address and a missing token park nothing, and name what is wrong", async () => {
  const frigate = await aFrigate({ authorization: "Bearer right" });
  const token = { secrets: { authorization: "Bearer right" } };
  const lost = open({ url: `${frigate.url}/somewhere` }, {}, token);
  expect(await open(frigate).send(aQueue(), signal)).toMatchObject({
    kind: "failed",
    trouble: { code: "key_refused" },
  });
  expect(await lost.send(aQueue(), signal)).toMatchObject({
    kind: "failed",
    trouble: { code: "nothing_at_address" },
  });
  expect(outcomes(await open(frigate, {}, token).send(aQueue(), signal))).toEqual([
    "acknowledged",
    "acknowledged",
  ]);
});

test("a body that Frigate refuses is refused alone", async () => {
  const frigate = await aFrigate();
  let creates = 0;
  frigate.misbehave(({ method }) => {
    if (method === "POST") creates += 1;
    return method === "POST" && creates === 1 ? { kind: "status", status: 422, body: "label" } : null;
  });
  const result = await open(frigate).send([aPlate(), aPlate()], signal);
  expect(outcomes(result)).toEqual(["refused", "acknowledged"]);
  expect(result).toMatchObject({ answers: [{ code: "http_422", answer: "HTTP 422\nlabel" }, {}] });
});

test("when Frigate goes away in the middle, what is written counts and the rest comes again", async () => {
  const frigate = await aFrigate();
  const sink = open(frigate);
  const [started, ended] = aQueue();
  await sink.send([started], signal);
  frigate.misbehave(({ method }) => (method === "PUT" ? { kind: "status", status: 503 } : null));
  const health = anEvent({ event_name: "camera.health", payload: {} });
  expect(await sink.send([health, ended], signal)).toEqual({
    kind: "each",
    answers: [
      { outcome: "acknowledged" },
      { outcome: "retry", trouble: { code: "busy", detail: "HTTP 503" } },
    ],
  });
});

test("a camera's name becomes what Frigate allows", () => {
  expect(["Checkout 1", "Depósito nº 2", "ÁREA-Externa_3 "].map(frigateName)).toEqual([
    "checkout_1",
    "deposito_n_2",
    "area-externa_3",
  ]);
});

test("5,000 events tell 1,250 happenings to a Frigate that errs and is killed ten times: none missing, none twice", {
  timeout: 300_000,
}, async () => {
  const frigate = await aFrigate({ writesAfterMs: 5 });
  const notes: SinkNotes = memoryNotes();
  const happenings = Array.from({ length: 1_250 }, () => aQueue());
  const metrics = anEvent({ event_name: "vision.metrics.v1", camera_id: CAMERA, payload: {} });
  const events = happenings.flatMap(([started, ended]) => {
    const updated = { ...started, receipt_id: anId(), payload: { ...started.payload, state: "updated" } };
    return [started, updated, { ...metrics, receipt_id: anId() }, ended];
  });
  const faults: Fault[] = [
    { kind: "status", status: 500 },
    { kind: "answer_lost" },
    { kind: "closed_socket" },
    { kind: "half_reply" },
  ];
  let requests = 0;
  frigate.misbehave(() => {
    requests += 1;
    return requests % 97 === 0 ? (faults[(requests / 97) % faults.length] ?? null) : null;
  });
  let restarting = Promise.resolve();
  let kills = 0;
  const restart = async () => {
    await frigate.kill();
    await frigate.start();
  };
  const { acknowledged, parked } = await deliverAll(open(frigate, {}, { notes }), events, 100, {
    onRound: async (round) => {
      if (round % 4 !== 1 || kills === 10) return;
      await restarting;
      restarting = restart(); // while the next batch is on its way
      kills += 1;
    },
  });
  await restarting;
  expect([kills, acknowledged.length, parked.length]).toEqual([10, 5_000, 0]);
  const receipts = rowsOf(frigate).map(({ sub_label }) => sub_label?.split(" ").at(-1) ?? "");
  const started = happenings.map(([{ receipt_id }]) => receipt_id);
  expect(receipts.sort()).toEqual(started.sort());
  expect(rowsOf(frigate).filter(({ end_time }) => end_time === null)).toEqual([]);
});
