import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import type { Station } from "#contract/stations.ts";
import { crowdedOut, inOrder, isBehind, lookedAtNow, useOf } from "./station-list.ts";

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

const aCamera = { cameraId: anId(), askedPerS: 1, reachedPerS: 1, skippedPerS: 0 };

test("many calm cameras at one device are no trouble: only pictures that are left out are", () => {
  const calm = Array.from({ length: 30 }, () => aCamera);
  const full = { ...aCamera, reachedPerS: 0.6, skippedPerS: 0.4 };
  const silent = { ...aCamera, reachedPerS: 0 };
  const often = { ...aCamera, askedPerS: 5, reachedPerS: 4.7, skippedPerS: 0.3 };
  expect(crowdedOut([...calm, silent, often])).toEqual([]);
  expect(crowdedOut([...calm, full, silent])).toEqual([full]);
});

test("what a silent device last said of its cameras counts no more", () => {
  const stations = [
    aStation("A", { cameras: [aCamera] }),
    aStation("B", { isHere: false, cameras: [aCamera] }),
  ];
  expect(lookedAtNow({ stations, unwatched: [] })).toEqual([aCamera]);
});

test("a device is in use as far as its detectors are, however many cameras it has", () => {
  expect(useOf(aStation("A", { capacity: 14, picturesPerS: 7, cameras: Array(30).fill(aCamera) }))).toBe(0.5);
  expect(useOf(aStation("A", { capacity: 14, picturesPerS: 17 }))).toBe(1);
});

test("a tenth less than asked is no falling behind", () => {
  expect(isBehind({ askedPerS: 1, reachedPerS: 0.9 })).toBe(false);
  expect(isBehind({ askedPerS: 1, reachedPerS: 0.89 })).toBe(true);
});
