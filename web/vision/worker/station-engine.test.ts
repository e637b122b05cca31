import { expect, test } from "vitest";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import type { Detection } from "../detector.ts";
import type { FromStation } from "../station.protocol.ts";
import type { AskedModel } from "./asked-model.ts";
import { aModel } from "./examples.memory.ts";
import { zonesOf } from "./rules/scene.memory.ts";
import { createStationEngine } from "./station-engine.ts";
import { memoryStation } from "./station-memory.memory.ts";
import type { TapPort } from "./tap-reader.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve));
const CAMERA = { id: anId(), queueThreshold: 2, analysed: true, zones: null, lease: null };
const people = (count: number): Detection[] =>
  Array.from({ length: count }, (_, index) => ({
    label: "person",
    score: 0.9,
    box: { left: index * 0.25, top: 0.3, width: 0.1, height: 0.4 },
  }));

/** A station whose disk, clock and outbox outlive it; the picture's first byte says how many people are in it. */
function shop() {
  const memory = memoryStation();
  const emitted: EventRecord[] = [];
  const clock = { nowMs: Date.UTC(2026, 2, 1, 12, 0, 0) };

  async function openStation({ modelFails = 0 } = {}) {
    const told: FromStation[] = [];
    const later: (() => void)[] = [];
    const asked: number[] = [];
    const opened: AskedModel[] = [];
    let failing = modelFails;
    const port: TapPort = {
      onmessage: null,
      postMessage: (message) => void (message.type === "subscribe" && asked.push(message.id)),
    };
    const engine = createStationEngine<number>({
      storeId: STORE_ID,
      tapPort: port,
      memory,
      openAnalyser: async (entry) => {
        opened.push(entry);
        if (failing-- > 0) throw new Error("The model could not be loaded from the gateway.");
        return {
          executionProvider: "wasm",
          count: () => 2,
          close: () => undefined,
          detect: async (count) => ({
            found: people(count),
            inferenceMs: 30,
            detectMs: 32,
            widthPx: 640,
            heightPx: 360,
          }),
        };
      },
      createDecoder: () => ({ decode: async ({ data }) => data[0] ?? 0, close: () => undefined }),
      release: () => undefined,
      handOver: async (events) => void emitted.push(...events),
      send: (message) => told.push(message),
      nowMs: () => clock.nowMs,
      later: (work) => later.push(work),
      onTrouble: () => undefined,
    });
    await engine.start();
    engine.setModel(aModel());
    await settled();
    return {
      engine,
      opened,
      later,
      status: () => told.findLast((message) => message.type === "status")?.status,
      results: () => told.flatMap((message) => (message.type === "result" ? [message.result] : [])),
      /** One picture a second with so many people each; the gateway's clock is this machine's. */
      async see(...counts: number[]) {
        for (const count of counts) {
          clock.nowMs += 1_000;
          const unit = {
            subscriptionId: asked.at(-1) ?? 0,
            keyFrame: true,
            discontinuity: false,
            replayed: false,
            ptsUs: 0,
            cameraAtMs: 0,
            receivedAtMs: clock.nowMs,
            data: Uint8Array.of(count),
          };
          port.onmessage?.(new MessageEvent("message", { data: encodeAccessUnit(unit).buffer }));
          await settled();
          engine.tick();
        }
        await settled();
      },
      async wait(seconds: number) {
        for (let second = 0; second < seconds; second += 1) {
          clock.nowMs += 1_000;
          engine.tick();
        }
        await settled();
      },
    };
  }
  const queueEvents = () =>
    emitted.filter((event) => event.event_name === "queue.detected").map((event) => event.payload);
  const minutes = () => emitted.filter((event) => event.event_name === "vision.metrics.v1");
  return { openStation, queueEvents, minutes, emitted, clock };
}

test("people are found, counted and told, and the status says by what", async () => {
  const { openStation } = shop();
  const { engine, see, results, status } = await openStation();
  engine.setCameras([CAMERA]);
  await see(2, 3, 3);
  expect(results().map((result) => [result.cameraId, result.people])).toEqual([
    [CAMERA.id, 0],
    [CAMERA.id, 2],
    [CAMERA.id, 3],
  ]);
  expect(status()).toMatchObject({ status: "running", model: "yolox-nano", executionProvider: "wasm" });
});

test("a queue and a minute become events", async () => {
  const { openStation, queueEvents, minutes } = shop();
  const { engine, see } = await openStation();
  engine.setCameras([CAMERA]);
  await see(...Array<number>(59).fill(2), 0, 0, 0, 0, 0, 0);
  expect(queueEvents().map((payload) => payload?.state)).toEqual(["started", "ended"]);
  expect(minutes()).toHaveLength(1);
  expect(minutes()[0]?.payload).toMatchObject({
    frames_analysed: 59,
    counts: { person: { mean: 1.966, max: 2 } },
  });
});

test("a queue that runs over a reload starts once and ends once, and its minute is whole", async () => {
  const { openStation, queueEvents, minutes } = shop();
  const before = await openStation();
  before.engine.setCameras([CAMERA]);
  await before.see(3, 3, 3, 3, 3, 3);
  const after = await openStation();
  after.engine.setCameras([CAMERA]);
  await after.see(3, 3, 0, 0, 0, 0, 0, 0, 0);
  await after.wait(60);
  expect(queueEvents().map((payload) => payload?.state)).toEqual(["started", "ended"]);
  // written every five seconds: of the six pictures before, the last one was not yet
  expect(minutes().map((event) => event.payload?.frames_analysed)).toEqual([14]);
});

test("a page that does not come back in time has its queue ended with the reason at the next start", async () => {
  const { openStation, queueEvents, clock } = shop();
  const before = await openStation();
  before.engine.setCameras([CAMERA]);
  await before.see(3, 3, 3, 3, 3);
  const lastSeenAtMs = clock.nowMs;
  clock.nowMs += 600_000;
  const after = await openStation();
  await after.wait(2);
  const [started, ended, ...more] = queueEvents();
  expect([started?.state, ended?.state, more.length]).toEqual(["started", "ended", 0]);
  expect(ended?.reason).toBe("interrupted");
  expect(Date.parse(String(ended?.started_at)) + Number(ended?.duration_s) * 1_000).toBe(lastSeenAtMs);
});

test.each([
  ["camera_removed", []],
  ["analysis_off", [{ ...CAMERA, analysed: false }]],
])("a queue of a camera that goes ends by %s", async (reason, cameras) => {
  const { openStation, queueEvents } = shop();
  const { engine, see } = await openStation();
  engine.setCameras([CAMERA]);
  await see(3, 3, 3, 3, 3);
  engine.setCameras(cameras);
  await settled();
  expect(queueEvents().at(-1)).toMatchObject({ state: "ended", reason });
});

test("a camera that freezes has its queue ended, and a new one starts afresh when it plays again", async () => {
  const { openStation, queueEvents } = shop();
  const { engine, see, wait } = await openStation();
  engine.setCameras([CAMERA]);
  await see(3, 3, 3, 3, 3);
  await wait(35);
  await see(3, 3, 3, 3, 3);
  expect(queueEvents().map((payload) => [payload?.state, payload?.reason])).toEqual([
    ["started", undefined],
    ["ended", "no_pictures"],
    ["started", undefined],
  ]);
});

test("stopping ends what runs, and starting again works", async () => {
  const { openStation, queueEvents } = shop();
  const { engine, see, status } = await openStation();
  engine.setCameras([CAMERA]);
  await see(3, 3, 3, 3, 3);
  await engine.stop();
  await settled();
  expect(status()).toEqual({ status: "stopped" });
  expect(queueEvents().at(-1)).toMatchObject({ state: "ended", reason: "station_stopped" });
  await engine.start();
  await see(3, 3, 3, 3, 3);
  expect(queueEvents().map((payload) => payload?.state)).toEqual(["started", "ended", "started"]);
});

test("a rule that forbids an object has the model opened anew to look for it, once", async () => {
  const { openStation } = shop();
  const { engine, see, opened, results } = await openStation();
  engine.setCameras([CAMERA]);
  await see(2, 2);
  const zones = zonesOf({ rules: [{ kind: "forbidden_object", labels: ["class 16"] }] });
  engine.setCameras([{ ...CAMERA, zones }]);
  engine.setCameras([{ ...CAMERA, zones: { ...zones, version: 2 } }]);
  await settled();
  expect(opened.map(({ askedLabels }) => askedLabels)).toEqual([undefined, ["class 16"]]);
  await see(2);
  expect(results()).toHaveLength(3);
});

test("a model that cannot be had is told, and tried again", async () => {
  const { openStation } = shop();
  const { status, later } = await openStation({ modelFails: 1 });
  expect(status()).toMatchObject({ status: "failed", code: "model_unavailable" });
  later.at(-1)?.();
  await settled();
  expect(status()).toMatchObject({ status: "running" });
});
