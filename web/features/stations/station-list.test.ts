import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { Station } from "#contract/stations.ts";
import { inOrder, isBehind, loadOf } from "./station-list.ts";

const aStation = (name: string, overrides: Partial<Station> = {}): Station => ({
  id: anId(),
  name,
  isHere: true,
  heardAgoMs: 0,
  capacity: 4,
  picturesPerS: 1,
  msPerPicture: 20,
  model: "yolox-nano",
  cameras: [],
  ...overrides,
});

test("this device stands first, then who works by name, then who is silent, the latest first", () => {
  const own = aStation("Z");
  const long = aStation("A", { isHere: false, heardAgoMs: 90_000 });
  const short = aStation("Y", { isHere: false, heardAgoMs: 9_000 });
  const list = [long, aStation("C"), short, own, aStation("B")];
  expect(inOrder(list, own.id).map(({ name }) => name)).toEqual(["Z", "B", "C", "Y", "A"]);
});

test("only devices that are here bear anything", () => {
  const camera = { cameraId: anId(), askedPerS: 1, reachedPerS: 1, skippedPerS: 0 };
  const stations = [aStation("A", { cameras: [camera, camera] }), aStation("B", { isHere: false })];
  expect(loadOf({ stations, unwatched: [] })).toEqual({ capacity: 4, cameras: 2 });
});

test("a tenth less than asked is no falling behind", () => {
  expect(isBehind({ askedPerS: 1, reachedPerS: 0.9 })).toBe(false);
  expect(isBehind({ askedPerS: 1, reachedPerS: 0.89 })).toBe(true);
});
