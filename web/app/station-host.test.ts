import { expect, test } from "vitest";
import { aCamera, anEvent, anId, aQueuePayload, STORE_ID, someZones } from "#contract/examples.ts";
import { ruleOfRunningQueue } from "../hooks/queue-board.ts";
import type { CameraResult, Station, StationDeps, StationStatus } from "../vision/station.ts";
import { createStationHost } from "./station-host.ts";

/** A host whose stations note what they are told, and speak when the test lets them. */
function aHost() {
  const made: { deps: StationDeps; told: string[]; say: (result: CameraResult) => void }[] = [];
  const kept: string[] = [];
  const host = createStationHost({
    createStation(deps) {
      const told: string[] = [];
      let listener = (_result: CameraResult) => {};
      made.push({ deps, told, say: (result) => listener(result) });
      const station: Station = {
        start: () => told.push("start"),
        stop: () => told.push("stop"),
        setCameras: (cameras, { zones, shop }) =>
          told.push(`cameras ${cameras.length}, zones ${zones.length}, ${shop?.timeZone ?? "no shop"}`),
        setModel: (model) => told.push(`model ${model?.id ?? "none"}`),
        status: (): StationStatus => ({ status: "starting" }),
        onStatus: () => () => {},
        onResult(next) {
          listener = next;
          return () => {};
        },
      };
      return station;
    },
    connectTap: () => new MessageChannel().port1,
    emit: async (events) => void kept.push(...events.map(({ receipt_id }) => receipt_id)),
    nowMs: () => 5_000,
  });
  return { host, made, kept };
}

const facts = { storeId: STORE_ID, cameras: [aCamera()], zones: [], shop: null, model: null };

test("no station is made before the store is known, and only changes are told to it", () => {
  const { host, made } = aHost();
  host.setFacts({ ...facts, storeId: null });
  expect(made).toEqual([]);
  host.setFacts(facts);
  host.setFacts({ ...facts });
  host.setFacts({ ...facts, cameras: [] });
  expect(made[0]?.told).toEqual([
    "cameras 1, zones 0, no shop",
    "model none",
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
  expect(made[0]?.told.slice(3)).toEqual([
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
