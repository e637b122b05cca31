import { expect, test } from "vitest";
import type { SeenObject } from "../../station.ts";
import { countIn, movePlaces, type Place, type Stay } from "./presence.ts";
import { corner } from "./scene.memory.ts";
import { PICTURE } from "./scene.ts";

const AREAS = [
  { id: PICTURE, points: null },
  { id: "left", points: corner(0.5, 1) },
];
const person = (trackId: number, x: number): SeenObject => ({
  trackId,
  label: "person",
  score: 0.9,
  box: { left: x - 0.05, top: 0.3, width: 0.1, height: 0.4 },
});

/** One look a second: who is where, or `null` who is overlooked; who is not named any more was given up. */
function watch(looks: Record<number, number | null>[]) {
  let places: Place[] = [];
  const stays: Stay[] = [];
  const known = new Set<number>();
  const heads = looks.map((look, second) => {
    const at = Object.entries(look).map(([id, x]) => [Number(id), x] as const);
    const seen = at.flatMap(([id, x]) => (x === null ? [] : [person(id, x)]));
    const steady = seen.filter(({ trackId }) => known.has(trackId));
    for (const { trackId } of seen) known.add(trackId);
    const trackIds = new Set(at.map(([id]) => id));
    const step = movePlaces(places, { seen, steady, trackIds, atMs: second * 1_000, aspect: 16 / 9 }, AREAS);
    places = step.places;
    stays.push(...step.stays);
    return countIn(places, "left", second * 1_000, ({ label }) => label === "person");
  });
  return { heads, stays };
}
const seen = (count: number, present = count) => ({ seen: count, present });

test("who is seen a second time counts, by where the feet are", () => {
  expect(
    watch([
      { 1: 0.2, 2: 0.8 },
      { 1: 0.3, 2: 0.8 },
    ]).heads,
  ).toEqual([seen(0), seen(1)]);
});

test("who is overlooked counts as there for three seconds more, and no longer", () => {
  const { heads } = watch([{ 1: 0.2 }, { 1: 0.2 }, { 1: null }, { 1: null }, { 1: null }, { 1: null }]);
  expect(heads.slice(1)).toEqual([seen(1), seen(0, 1), seen(0, 1), seen(0, 1), seen(0)]);
});

test("who is seen outside is outside at once, and the stay is over", () => {
  const { heads, stays } = watch([{ 1: 0.2 }, { 1: 0.3 }, { 1: 0.4 }, { 1: 0.7 }]);
  expect(heads.at(-1)).toEqual(seen(0));
  expect(stays).toEqual([{ areaId: "left", label: "person", durationMs: 2_000 }]);
});

test("who stands on the edge and trembles stays one stay", () => {
  const { heads, stays } = watch([0.49, 0.495, 0.505, 0.495, 0.505, 0.49].map((x) => ({ 1: x })));
  expect(heads.slice(1)).toEqual(Array.from({ length: 5 }, () => seen(1)));
  expect(stays).toEqual([]);
});

test("who is overlooked for long and comes back has one stay, without the time after the last look", () => {
  const hidden = [{ 1: null }, { 1: null }, { 1: null }, { 1: null }];
  const { stays } = watch([{ 1: 0.2 }, { 1: 0.2 }, ...hidden, { 1: 0.2 }, { 1: null }, {}]);
  expect(stays).toEqual([
    { areaId: PICTURE, label: "person", durationMs: 6_000 },
    { areaId: "left", label: "person", durationMs: 6_000 },
  ]);
});

test("somebody lost while somebody appears is one person, not two", () => {
  const { heads } = watch([
    { 1: 0.2, 2: 0.4 },
    { 1: 0.2, 2: 0.4 },
    { 1: 0.2, 2: null, 3: 0.4 },
    { 1: 0.2, 2: null, 3: 0.4 },
  ]);
  expect(heads.slice(1)).toEqual([seen(2), seen(1, 2), seen(2)]);
});

test("what was seen once has no stay", () => {
  expect(watch([{ 1: 0.2 }, {}]).stays).toEqual([]);
});

test("who was at the edge of the picture and is not seen has left after one more look", () => {
  const { heads } = watch([{ 1: 0.06 }, { 1: 0.05 }, { 1: null }, { 1: null }]);
  expect(heads.slice(1)).toEqual([seen(1), seen(0, 1), seen(0)]);
});
