import { expect, test } from "vitest";
import { anId, STORE_ID } from "#contract/examples.ts";
import type { Detection } from "../detector.ts";
import { type CameraView, lookAt, newWatch, onPlate, type WatchState } from "./camera-watch.ts";
import { aZone, corner, sceneOf } from "./rules/scene.memory.ts";
import type { Scene } from "./rules/scene.ts";

const by = { model: "yolox-nano", executionProvider: "wasm" };
const NOON_MS = Date.UTC(2026, 2, 2, 12, 0, 0);
const viewOf = (scene: Scene): CameraView => ({
  storeId: STORE_ID,
  cameraId: anId(),
  lease: { stationId: anId(), fence: 3 },
  scene,
  shop: null,
});
/** By where the feet are. */
const person = (x: number, y: number, score = 0.9): Detection => ({
  label: "person",
  score,
  box: { left: x - 0.05, top: y - 0.3, width: 0.1, height: 0.3 },
});

/** One picture a second from noon on. */
function watch(view: CameraView, pictures: Detection[][]) {
  let state: WatchState = newWatch(by);
  const steps = pictures.map((detections, second) => {
    const atMs = NOON_MS + second * 1_000;
    const step = lookAt(state, { atMs, aspect: 16 / 9, detections, detectMs: 30, by }, view);
    state = step.state;
    return step;
  });
  return { state, events: steps.flatMap(({ events }) => events), objects: steps.map((step) => step.objects) };
}
const again = <T>(times: number, value: T): T[] => Array.from({ length: times }, () => value);

test("what stands in a mask is not seen at all, a head that reaches into it is no matter", () => {
  const mask = aZone(corner(1, 0.5), { kind: "mask" });
  const { objects } = watch(
    viewOf(sceneOf({ zones: [mask] })),
    again(3, [person(0.3, 0.45), person(0.7, 0.6)]),
  );
  expect(objects.at(-1)?.map(({ box }) => box.left)).toEqual([0.65]);
});

test("what is less certain than this camera asks for its class is not seen", () => {
  const scene = sceneOf({ minScores: { person: 0.6 } });
  const car: Detection = { ...person(0.2, 0.5, 0.4), label: "car" };
  const { objects } = watch(viewOf(scene), again(2, [person(0.5, 0.5, 0.55), person(0.8, 0.5, 0.65), car]));
  expect(objects.at(-1)?.map(({ score }) => score)).toEqual([0.65, 0.4]);
});

test("what another camera asked the model for is not seen here, nor what is less certain than the model's own score", () => {
  const usual = { labels: new Set(["person", "car"]), minScore: 0.35 };
  const dog: Detection = { ...person(0.2, 0.5), label: "dog" };
  const seenBy = (scene: Scene) => {
    const step = (state: WatchState, atMs: number) =>
      lookAt(
        state,
        { atMs, aspect: 1, detections: [dog, person(0.8, 0.5, 0.2)], detectMs: 1, by, usual },
        viewOf(scene),
      );
    return step(step(newWatch(by), NOON_MS).state, NOON_MS + 1_000).objects.map(({ label }) => label);
  };
  expect(seenBy(sceneOf({}))).toEqual([]);
  const rules = [{ kind: "forbidden_object" as const, labels: ["dog"] }];
  expect(seenBy(sceneOf({ rules, minScores: { person: 0.1 } }))).toEqual(["dog", "person"]);
});

test("two in a zone start its queue, those outside do not count, and the event says which and by whom", () => {
  const zone = aZone(corner(0.5, 1));
  const rules = [{ kind: "queue" as const, name: "Fila do caixa", zoneId: zone.id, threshold: 2 }];
  const view = viewOf(sceneOf({ zones: [zone], rules }));
  const outside = [person(0.7, 0.6), person(0.9, 0.6)];
  expect(watch(view, again(10, [person(0.2, 0.6), ...outside])).events).toEqual([]);
  const { events } = watch(view, again(6, [person(0.2, 0.6), person(0.4, 0.6), ...outside]));
  expect(events).toMatchObject([
    {
      event_name: "queue.detected",
      zone_id: zone.id,
      meta: { station_id: view.lease?.stationId, fence: 3, rule_name: "Fila do caixa" },
      payload: { state: "started", length: 2 },
    },
  ]);
});

test("one missed detection ends nothing", () => {
  const rules = [{ kind: "queue" as const, threshold: 2, startAfterS: 2, endAfterS: 0 }];
  const both = [person(0.2, 0.6), person(0.6, 0.6)];
  const { events } = watch(viewOf(sceneOf({ rules })), [
    ...again(6, both),
    [person(0.2, 0.6)],
    ...again(4, both),
  ]);
  expect(events.map(({ payload }) => payload?.state)).toEqual(["started"]);
});

test("a minute tells who came in, how long people stayed and how many there were", () => {
  const line = { id: anId(), name: "Porta", from: { x: 0, y: 0.5 }, to: { x: 1, y: 0.5 } };
  const zone = aZone([
    { x: 0, y: 0.55 },
    { x: 1, y: 0.55 },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ]);
  const walk = [0.35, 0.42, 0.6, 0.7, 0.8].map((y) => [person(0.5, y)]);
  const { events } = watch(viewOf(sceneOf({ zones: [zone], lines: [line] })), [...walk, ...again(56, [])]);
  expect(events).toMatchObject([
    {
      event_name: "vision.metrics.v1",
      payload: {
        unique_tracks: 1,
        lines: { [line.id]: { entries: 1, exits: 0 } },
        dwell_s: { mean: 2, p95: 2 },
        zones: { [zone.id]: { stays: 1, people: { max: 1 } } },
        frames_analysed: 60,
      },
    },
  ]);
});

test("a plate is told for each rule it fulfils, and counted", () => {
  const zone = aZone(corner(0.5, 1));
  const scene = sceneOf({
    zones: [zone],
    rules: [{ kind: "plate_read", zoneId: zone.id }, { kind: "plate_listed" }, { kind: "plate_unlisted" }],
  });
  const view = viewOf(scene);
  const { state } = watch(view, [[]]);
  const seen = {
    atMs: NOON_MS,
    plate: "ABC1D23",
    layout: "mercosul" as const,
    confidence: 0.9,
    reads: 5,
    listing: "plate_listed" as const,
    trackId: 1,
    firstReadAtMs: 0,
  };
  const kindsAt = (left: number) =>
    onPlate(state, { ...seen, box: { left, top: 0.5, width: 0.1, height: 0.05 } }, view);
  expect(kindsAt(0.2).events.map(({ payload }) => payload?.rule)).toEqual([
    { kind: "plate_read" },
    { kind: "plate_listed" },
  ]);
  expect(kindsAt(0.8).events.map(({ payload }) => payload?.rule)).toEqual([{ kind: "plate_listed" }]);
  expect(kindsAt(0.8).state.window?.platesSeen).toBe(1);
});
