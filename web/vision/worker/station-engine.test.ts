import { expect, test } from "vitest";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import type { EventRecord } from "#contract/events.ts";
import type { EvidenceFacts } from "#contract/evidence.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import type { Detection } from "../detector.ts";
import { aKnownPlate, aRead } from "../plates/plates.memory.ts";
import type { FromStation } from "../station.protocol.ts";
import type { AskedModel } from "./asked-model.ts";
import { aPicture } from "./example-pictures.memory.ts";
import { aModel } from "./examples.memory.ts";
import { zonesOf } from "./rules/scene.memory.ts";
import { createStationEngine } from "./station-engine.ts";
import { memoryStation } from "./station-memory.memory.ts";
import type { TapPort } from "./tap-reader.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve));
const CAMERA = { id: anId(), queueThreshold: 2, analysed: true, zones: null, lease: null };
/** Its first pixel says how many people are in it; a quarter of it shows them. */
const pictureOf = (count: number) => {
  const picture = aPicture((x, y) => (x > 320 && y > 180 ? 60 + 40 * count : 60), {
    widthPx: 640,
    heightPx: 360,
  });
  picture.bytes[0] = count;
  return picture;
};
const people = (count: number): Detection[] =>
  Array.from({ length: count }, (_, index) => ({
    label: "person",
    score: 0.9,
    box: { left: index * 0.25, top: 0.3, width: 0.1, height: 0.4 },
  }));

const aCar: Detection[] = [
  { label: "car", score: 0.9, box: { left: 0.05, top: 0.3, width: 0.3, height: 0.4 } },
];

/** A station whose disk, clock and outbox outlive it; the picture's first byte says how many people are in it. */
function shop() {
  const memory = memoryStation();
  const emitted: EventRecord[] = [];
  const taken: (EvidenceFacts & { mediaId: string; people: number | undefined })[] = [];
  const evidence = { works: true, ready: Promise.resolve() };
  const reader = { plate: "ABC1D23", opened: 0, looks: 0 };
  const openPlateReader = async () => {
    reader.opened += 1;
    return {
      async read() {
        reader.looks += 1;
        return [aRead(reader.plate, 0.95, { left: 0.1, top: 0.5, width: 0.05, height: 0.03 })];
      },
      close: () => undefined,
    };
  };
  const clock = { nowMs: Date.UTC(2026, 2, 1, 12, 0, 0) };

  /** What a detector finds in a picture. */
  let found = people;

  async function openStation({ modelFails = 0, detectorsDie = 0, keyFrameEveryMs = 1_000 } = {}) {
    const told: FromStation[] = [];
    const later: (() => void)[] = [];
    const opened: AskedModel[] = [];
    const asked: { id: number; frames: string }[] = [];
    let failing = modelFails;
    let dying = detectorsDie;
    const port: TapPort = {
      onmessage: null,
      postMessage: (message) => void (message.type === "subscribe" && asked.push(message)),
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
          capacity: 14,
          count: () => 2,
          close: () => undefined,
          detect: async (look) => {
            if (dying > 0) {
              dying -= 1;
              throw new Error("the detector's worker ended");
            }
            return { found: found(look.bytes[0] ?? 0), inferenceMs: 30, detectMs: 32, letterboxMs: 1, look };
          },
        };
      },
      createKeyFrameDecoder: () => ({ decode: async ({ data }) => data[0] ?? 0, close: () => undefined }),
      openStream: (onFrame) => ({
        push: ({ data, receivedAtMs, replayed }) => onFrame({ frame: data[0] ?? 0, receivedAtMs, replayed }),
        close: () => undefined,
      }),
      releaseFrame: () => undefined,
      readFrame: async (count) => pictureOf(count),
      releasePicture: () => undefined,
      openPlateReader,
      async takeEvidence(picture, facts) {
        const link = { mediaId: anId(), sha256: "ab".repeat(32) };
        taken.push({ ...facts, ...link, people: picture.bytes[0] });
        await evidence.ready;
        return evidence.works ? link : null;
      },
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
      asked,
      status: () => told.findLast((message) => message.type === "status")?.status,
      /** What was last said of the camera for other stations, as it crosses the wire; null before. */
      known: (): unknown => {
        const noted = told.flatMap((message) => (message.type === "watches" ? message.watches : []));
        return JSON.parse(JSON.stringify(noted.at(-1)?.watch ?? null));
      },
      left: () => told.flatMap((message) => (message.type === "left" ? [message.cameraId] : [])),
      results: () => told.flatMap((message) => (message.type === "result" ? [message.result] : [])),
      /** One picture a second with so many people each; the gateway's clock is this machine's. */
      async see(...counts: number[]) {
        for (const count of counts) {
          clock.nowMs += keyFrameEveryMs;
          const unit = {
            subscriptionId: asked.at(-1)?.id ?? 0,
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
  const plateEvents = () => emitted.filter(({ payload }) => payload?.plate !== undefined);
  const showCars = () => {
    found = (count) => (count > 0 ? aCar : []);
  };
  return {
    openStation,
    showCars,
    queueEvents,
    minutes,
    plateEvents,
    emitted,
    taken,
    evidence,
    reader,
    clock,
  };
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
  const { frames_analysed: looks, frames_skipped: still } = minutes()[0]?.payload ?? {};
  expect([minutes().length, Number(looks) + Number(still)]).toEqual([1, 14]);
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
  expect(queueEvents()).toHaveLength(1); // another station may have the camera now
  after.engine.setCameras([CAMERA]);
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

test("a camera that goes to another station is left without a word, and the queue goes on there", async () => {
  const here = shop();
  const there = shop();
  const before = await here.openStation();
  before.engine.setCameras([CAMERA]);
  await before.see(3, 3, 3, 3, 3, 3);
  before.engine.handOverCameras([CAMERA.id]);
  before.engine.setCameras([]);
  await settled();
  await before.see(0, 0);
  expect(before.left()).toEqual([CAMERA.id]);
  expect(here.queueEvents().map((payload) => payload?.state)).toEqual(["started"]);
  expect(here.minutes()).toEqual([]);

  there.clock.nowMs = here.clock.nowMs;
  const after = await there.openStation();
  after.engine.resume(CAMERA.id, before.known(), 2_000);
  after.engine.setCameras([CAMERA]);
  await after.see(3, 3, 0, 0, 0, 0, 0, 0, 0);
  await after.wait(60);
  expect(there.queueEvents().map((payload) => payload?.state)).toEqual(["ended"]);
  expect(there.queueEvents()[0]?.started_at).toBe(here.queueEvents()[0]?.started_at);
  // the last one shows what the one before did
  const [minute, ...more] = there.minutes().map((event) => event.payload);
  expect(minute).toMatchObject({ frames_analysed: 14, frames_skipped: 1 });
  expect(more).toEqual([]);
});

test("what was known elsewhere gives way to what this station knows better, and may be unreadable", async () => {
  const { openStation, queueEvents } = shop();
  const { engine, see, known } = await openStation();
  engine.setCameras([CAMERA]);
  await see(0, 0, 0, 0, 0);
  const old = known();
  await see(3, 3, 3, 3, 3);
  engine.resume(CAMERA.id, old, 5_000);
  engine.resume(CAMERA.id, { of: "a later version" }, 0);
  await see(3, 0, 0, 0, 0, 0, 0, 0);
  expect(queueEvents().map((payload) => payload?.state)).toEqual(["started", "ended"]);
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

test("an empty shop costs a look a minute, and its minute is whole", async () => {
  const { openStation, minutes } = shop();
  const { engine, see, results, status } = await openStation();
  engine.setCameras([CAMERA]);
  await see(...Array<number>(190).fill(0));
  const { frames_analysed: looks, frames_skipped: skipped } = minutes().at(-1)?.payload ?? {};
  expect([looks, skipped, minutes().at(-1)?.meta?.frames_still]).toEqual([1, 59, 59]);
  expect(results()).toHaveLength(190);
  expect(status()).toMatchObject({ cameras: [{ cameraId: CAMERA.id, askedPerS: 1, stillShare: 1 }] });
});

test("somebody in an empty shop is seen at once, and the minute's mean counts the still pictures", async () => {
  const { openStation, minutes, clock } = shop();
  const { engine, see, results } = await openStation();
  engine.setCameras([CAMERA]);
  await see(...Array<number>(60 - ((clock.nowMs / 1_000) % 60)).fill(0));
  const before = results().length;
  await see(...Array<number>(30).fill(0), 1, 1, 1);
  expect(
    results()
      .slice(before)
      .map(({ people: count }) => count)
      .slice(-3),
  ).toEqual([0, 1, 1]);
  await see(...Array<number>(40).fill(0));
  expect(minutes().at(-1)?.payload?.counts).toMatchObject({ person: { mean: 0.033, max: 1 } });
});

test("a camera is looked at as often as its zones ask", async () => {
  const { openStation } = shop();
  const { engine, see, results, status } = await openStation();
  const zones = { cameraId: CAMERA.id, version: 1, zones: [], lines: [], rules: [], minScores: {} };
  engine.setCameras([{ ...CAMERA, zones: { ...zones, picturesPerS: 0.2 } }]);
  await see(...Array<number>(51).fill(1));
  expect(results().length).toBeGreaterThanOrEqual(10);
  expect(results().length).toBeLessThanOrEqual(13);
  expect(status()).toMatchObject({ cameras: [{ askedPerS: 0.2 }] });
});

test("a camera whose key frames come every 4 s is read with all pictures, and the status says why", async () => {
  const { openStation } = shop();
  const { engine, see, status, asked, results } = await openStation({ keyFrameEveryMs: 4_000 });
  engine.setCameras([CAMERA]);
  await see(1, 1, 1, 1);
  expect(asked.map(({ frames }) => frames)).toEqual(["key", "all"]);
  expect(results()).toHaveLength(4);
  expect(status()).toMatchObject({ cameras: [{ frames: "all", keyFrameEveryMs: 4_000 }] });
});

test("a picture that is lost with its detector is made up for by the next, in an empty shop, too", async () => {
  const { openStation } = shop();
  const { engine, see, results } = await openStation({ detectorsDie: 1 });
  engine.setCameras([CAMERA]);
  await see(0, 0, 0);
  expect(results()).toHaveLength(2);
});

test("a model that cannot be had is told, and tried again", async () => {
  const { openStation } = shop();
  const { status, later } = await openStation({ modelFails: 1 });
  expect(status()).toMatchObject({ status: "failed", code: "model_unavailable" });
  later.at(-1)?.();
  await settled();
  expect(status()).toMatchObject({ status: "running" });
});

const PLATE_MODELS = { finder: aModel({ id: "finder" }), reader: aModel({ id: "reader" }) };

test("what begins is linked to the picture of its moment, with what was found in it; what ends is not", async () => {
  const { openStation, emitted, taken } = shop();
  const { engine, see } = await openStation();
  engine.setCameras([CAMERA]);
  await see(3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0);
  const [started, ended] = emitted;
  expect(taken).toHaveLength(1);
  expect(taken[0]).toMatchObject({ cameraId: CAMERA.id, reason: "queue", people: 3 });
  expect(taken[0]?.boxes.map(({ label }) => label)).toEqual(["person", "person", "person"]);
  expect(started?.meta).toMatchObject({ media_id: taken[0]?.mediaId, sha256: "ab".repeat(32) });
  expect(started?.ts).toBe(new Date(taken[0]?.takenAtMs ?? 0).toISOString());
  expect(ended?.payload?.state).toBe("ended");
  expect(ended?.meta ?? {}).not.toHaveProperty("media_id");
});

test("a place that is empty too long is pictured, though nothing moves there and no detector looks", async () => {
  const { openStation, emitted, taken } = shop();
  const { engine, see } = await openStation();
  const zones = zonesOf({ rules: [{ kind: "missing_person", afterS: 30 }] });
  engine.setCameras([{ ...CAMERA, zones }]);
  await see(...Array<number>(40).fill(0));
  const [started] = emitted.filter(({ event_name }) => event_name === "compliance.detected");
  expect(started?.payload).toMatchObject({ state: "started", media_id: taken[0]?.mediaId });
  expect(taken[0]).toMatchObject({ reason: "missing_person", boxes: [] });
});

test("an event whose picture cannot be kept is told without it", async () => {
  const { openStation, queueEvents, emitted, evidence } = shop();
  evidence.works = false;
  const { engine, see } = await openStation();
  engine.setCameras([CAMERA]);
  await see(3, 3, 3, 3, 3);
  expect(queueEvents()).toHaveLength(1);
  expect(emitted[0]?.meta ?? {}).not.toHaveProperty("media_id");
});

test("while a picture is being kept, what comes after it waits: nothing is written or told out of order", async () => {
  const { openStation, queueEvents, evidence } = shop();
  let isReady = () => {};
  evidence.ready = new Promise((resolve) => {
    isReady = resolve;
  });
  const before = await openStation();
  before.engine.setCameras([CAMERA]);
  await before.see(3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0);
  expect(queueEvents()).toEqual([]);
  expect(before.known()).toBeNull(); // five seconds passed twice: no state without its event
  isReady();
  await settled();
  expect(queueEvents().map((payload) => payload?.state)).toEqual(["started", "ended"]);
});

test("a vehicle's plate is told once, by the lists of the shop, with its picture; a parked car not again", async () => {
  const { openStation, showCars, plateEvents, minutes, taken } = shop();
  showCars();
  const { engine, see } = await openStation();
  const zones = zonesOf({ rules: [{ kind: "plate_listed" }, { kind: "plate_unlisted" }] });
  engine.setPlates({ models: PLATE_MODELS, known: [aKnownPlate({ plate: "A8C1D23", list: "watched" })] });
  engine.setCameras([{ ...CAMERA, zones }]);
  await see(...Array<number>(70).fill(1));
  expect(plateEvents()).toHaveLength(1);
  const [event] = plateEvents();
  expect(event?.payload).toMatchObject({ rule: { kind: "plate_listed" }, plate: "ABC1D23" });
  expect(event?.meta).toMatchObject({ listed: { plate: "A8C1D23", match: "tolerant" } });
  expect(event?.payload?.media_id).toBe(taken.find(({ reason }) => reason === "plate_listed")?.mediaId);
  expect(minutes()[0]?.payload?.plates_seen).toBe(1);
});

test("a car that stands there over a reload is not told again", async () => {
  const { openStation, showCars, plateEvents } = shop();
  showCars();
  const zones = zonesOf({ rules: [{ kind: "plate_read" }] });
  for (const life of [1, 2]) {
    const { engine, see } = await openStation();
    engine.setPlates({ models: PLATE_MODELS, known: null });
    engine.setCameras([{ ...CAMERA, zones }]);
    await see(...Array<number>(20).fill(1));
    expect([life, plateEvents().length]).toEqual([life, 1]);
  }
});

test("a car that is there while the page is reloaded again and again is told once, by all of its pictures", async () => {
  const passage = async (lives: number[]) => {
    const { openStation, showCars, plateEvents } = shop();
    showCars();
    const zones = zonesOf({ rules: [{ kind: "plate_read" }] });
    for (const [life, seconds] of lives.entries()) {
      const { engine, see } = await openStation();
      engine.setPlates({ models: PLATE_MODELS, known: null });
      engine.setCameras([{ ...CAMERA, zones }]);
      await see(...Array<number>(seconds).fill(1));
      // gone in the last life
      if (life === lives.length - 1) await see(...Array<number>(8).fill(0));
    }
    return plateEvents().map(({ payload }) => payload);
  };
  const { media_id: _, ...passageFacts } = (await passage([7]))[0] ?? {};
  expect(passageFacts).toMatchObject({ plate: "ABC1D23", reads: 6 });
  for (const lives of [
    [4, 3],
    [2, 1, 1, 3],
    [2, 2, 2, 1],
    [7, 0],
    [3, 2, 2, 0],
  ]) {
    const told = await passage(lives);
    expect([lives, told.length]).toEqual([lives, 1]);
    const { media_id: __, ...rest } = told[0] ?? {};
    expect({ lives, ...rest }).toEqual({ lives, ...passageFacts });
  }
});

test("a car told by time alone is not told again by the life after", async () => {
  const { openStation, showCars, plateEvents } = shop();
  showCars();
  const zones = zonesOf({ rules: [{ kind: "plate_read" }] });
  for (const life of [1, 2]) {
    const { engine, see, wait } = await openStation();
    engine.setPlates({ models: PLATE_MODELS, known: null });
    engine.setCameras([{ ...CAMERA, zones }]);
    await see(1, 1, 1);
    await wait(6); // no more pictures: it is gone
    expect([life, plateEvents().length]).toEqual([life, 1]);
  }
});

test("a vote goes on at the station that the camera moves to, and two that end it tell one event", async () => {
  const { openStation, showCars, plateEvents, clock } = shop();
  const other = shop();
  showCars();
  other.showCars();
  const zones = zonesOf({ rules: [{ kind: "plate_read" }] });
  const camera = { ...CAMERA, zones };
  const from = await openStation();
  from.engine.setPlates({ models: PLATE_MODELS, known: null });
  from.engine.setCameras([camera]);
  await from.see(1, 1, 1, 1, 1);
  other.clock.nowMs = clock.nowMs;
  const to = await other.openStation();
  to.engine.setPlates({ models: PLATE_MODELS, known: null });
  to.engine.resume(CAMERA.id, from.known(), 2_000);
  to.engine.setCameras([camera]);
  await to.see(1, 1, 0, 0, 0, 0, 0, 0);
  await from.wait(8); // cut off, not told to leave the camera
  const [here, there] = [plateEvents()[0], other.plateEvents()[0]];
  expect(here?.payload).toMatchObject({ plate: "ABC1D23", reads: 4 });
  expect(there?.payload).toMatchObject({ plate: "ABC1D23", reads: 6 });
  expect(there?.receipt_id).toBe(here?.receipt_id);
});

test("the plate models are not even opened where no rule asks for plates, or no vehicle comes", async () => {
  const { openStation, showCars, reader } = shop();
  const { engine, see } = await openStation();
  engine.setPlates({ models: PLATE_MODELS, known: [] });
  engine.setCameras([{ ...CAMERA, zones: zonesOf({ rules: [{ kind: "plate_read" }] }) }]);
  await see(3, 3, 3);
  showCars();
  engine.setCameras([CAMERA]);
  await see(1, 1, 1);
  expect(reader.opened).toBe(0);
  engine.setCameras([{ ...CAMERA, zones: zonesOf({ rules: [{ kind: "plate_read" }] }) }]);
  await see(1, 1);
  expect(reader.opened).toBe(1);
});
