import { expect, test } from "vitest";
import { aCamera, anEvent, anId, aQueuePayload, STORE_ID, someZones } from "#contract/examples.ts";
import { ruleOfRunningQueue } from "../hooks/queue-board.ts";
import type { StationAbility } from "../stations/station-leases.ts";
import type { CameraResult, Station, StationDeps, StationStatus } from "../vision/station.ts";
import { createStationHost } from "./station-host.ts";

/** A host whose stations note what they are told, and speak when the test lets them. */
function aHost() {
  const made: { deps: StationDeps; told: string[]; say: Say<CameraResult>; become: Say<StationStatus> }[] =
    [];
  const abilities: StationAbility[] = [];
  const watches: unknown[] = [];
  const fences = new Map([["cam", 4]]);
  const kept: string[] = [];
  const host = createStationHost({
    createStation(deps) {
      const told: string[] = [];
      let listener = (_result: CameraResult) => {};
      let speak = (_status: StationStatus) => {};
      const say = (result: CameraResult) => listener(result);
      made.push({ deps, told, say, become: (status) => speak(status) });
      const station: Station = {
        start: () => told.push("start"),
        stop: () => told.push("stop"),
        setCameras: (cameras, { zones, shop }) =>
          told.push(`cameras ${cameras.length}, zones ${zones.length}, ${shop?.timeZone ?? "no shop"}`),
        setLeases: (_, fences) => told.push(`leases ${fences.size}`),
        resume: (cameraId) => told.push(`resume ${cameraId}`),
        setModel: (model) => told.push(`model ${model?.id ?? "none"}`),
        setPlates: ({ models, known }) =>
          told.push(`plates ${models ? "read" : "not read"}, ${known?.length ?? "no"} known`),
        measureAgain: () => told.push("measure"),
        status: (): StationStatus => ({ status: "starting" }),
        onStatus(next) {
          speak = next;
          return () => {};
        },
        onResult(next) {
          listener = next;
          return () => {};
        },
      };
      return station;
    },
    connectTap: () => new MessageChannel().port1,
    emit: async (events) => void kept.push(...events.map(({ receipt_id }) => receipt_id)),
    keepPicture: async () => {},
    stationId: "station",
    leases: {
      setAbility: (ability) => abilities.push(ability),
      keepWatch: (...watch) => watches.push(watch),
      left: () => {},
      fences: () => fences,
    },
    cores: 2,
    nowMs: () => 5_000,
  });
  return { host, made, kept, abilities, watches };
}
type Say<T> = (word: T) => void;

const NO_PLATES = { models: null, known: null };
const facts = {
  storeId: STORE_ID,
  cameras: [aCamera()],
  zones: [],
  shop: null,
  model: null,
  plates: NO_PLATES,
};

test("no station is made before the store is known, and only changes are told to it", () => {
  const { host, made } = aHost();
  host.setFacts({ ...facts, storeId: null });
  expect(made).toEqual([]);
  host.setFacts(facts);
  host.setFacts({ ...facts });
  host.setFacts({ ...facts, cameras: [] });
  expect(made[0]?.told).toEqual([
    "leases 1",
    "cameras 1, zones 0, no shop",
    "model none",
    "plates not read, no known",
    "start",
    "cameras 0, zones 0, no shop",
  ]);
});

test("changed zones and a changed shop are told at once, to the station that runs", () => {
  const { host, made } = aHost();
  host.setFacts(facts);
  const zones = [someZones()];
  host.setFacts({ ...facts, zones });
  host.setFacts({ ...facts, zones, shop: { version: 1, timeZone: "America/Belem", hours: [] } });
  expect(made[0]?.told.slice(5)).toEqual([
    "cameras 1, zones 1, no shop",
    "cameras 1, zones 1, America/Belem",
  ]);
  expect(made).toHaveLength(1);
});

test("another store ends the station of the one before", () => {
  const { host, made } = aHost();
  host.setFacts(facts);
  host.setFacts({ ...facts, storeId: anId() });
  expect(made[0]?.told.at(-1)).toBe("stop");
  expect(made).toHaveLength(2);
});

test("a result is told to those who watch its camera, with the time it came", () => {
  const { host, made } = aHost();
  host.setFacts(facts);
  const [cameraId, otherId] = [anId(), anId()];
  const called: string[] = [];
  host.onResult(cameraId, () => called.push("this"));
  host.onResult(otherId, () => called.push("other"));
  made[0]?.say({ cameraId, receivedAtMs: 1, objects: [], people: 2, inferenceMs: 9 });
  expect(called).toEqual(["this"]);
  expect(host.latest(cameraId)).toMatchObject({ people: 2, arrivedAtMs: 5_000 });
  expect(host.latest(otherId)).toBe(null);
});

test("a queue shows once its event is kept", async () => {
  const { host, made, kept } = aHost();
  host.setFacts(facts);
  const event = anEvent({ camera_id: anId(), payload: aQueuePayload({ length: 4 }) });
  await made[0]?.deps.emit([event]);
  expect(kept).toEqual([event.receipt_id]);
  expect(ruleOfRunningQueue(host.queues(), event.camera_id ?? "", Date.parse(event.ts))).toBe("queue");
});

test("leases reach the station, and what it knows and can do reaches the leases", () => {
  const { host, made, abilities, watches } = aHost();
  host.setFacts(facts);
  host.resume({ cameraId: "cam", watch: {}, ageMs: 0 });
  host.setLeases(new Map());
  expect(made[0]?.told.slice(-2)).toEqual(["resume cam", "leases 0"]);
  made[0]?.deps.onWatches?.([{ cameraId: "cam", watch: { people: 1 } }], true);
  expect(watches).toEqual([["cam", { people: 1 }, true]]);
  made[0]?.become({ status: "elsewhere" });
  made[0]?.become({ status: "starting" });
  made[0]?.become({
    status: "running",
    model: "yolox-nano",
    demonstration: false,
    executionProvider: "wasm",
    capacity: 14,
    picturesPerSecond: 0.5,
    msPerPicture: 40,
    stageMs: { decode: 1, copy: 1, gate: 1, letterbox: 1, inference: 30, head: 1 },
    cameras: [
      {
        cameraId: "cam",
        askedPerS: 1,
        reachedPerS: 0.7,
        skippedPerS: 0.25,
        stillShare: 0,
        msPerLook: 40,
        frames: "key",
        keyFrameEveryMs: 1_000,
      },
    ],
  });
  expect(abilities.map(({ status }) => status)).toEqual(["away", "pausing", "working"]);
  const figures = abilities[2]?.status === "working" ? abilities[2].figures : null;
  expect(figures).toMatchObject({ capacity: 14, picturesPerS: 0.5, msPerPicture: 40, model: "yolox-nano" });
  expect(figures?.rates.get("cam")).toEqual({ askedPerS: 1, reachedPerS: 0.7, skippedPerS: 0.25 });
});
