import { expect, test } from "vitest";
import type { SeenObject } from "../../station.ts";
import { type ClearPoints, followCrossings } from "./line-crossings.ts";

/** Across the middle, towards the right: who walks down enters. */
const DOOR = { id: "door", name: "Porta", from: { x: 0.3, y: 0.5 }, to: { x: 0.7, y: 0.5 } };
/** The box's lower edge is where a person stands. */
const person = (x: number, y: number): SeenObject => ({
  trackId: 1,
  label: "person",
  score: 0.9,
  box: { left: x - 0.05, top: y - 0.3, width: 0.1, height: 0.3 },
});

/** Where one person stands at each look; null is a look at which nobody is seen. */
function walk(...way: ([x: number, y: number] | null)[]) {
  let clear: ClearPoints = {};
  let sightings = 0;
  return way.flatMap((at) => {
    const seen = at ? [person(...at)] : [];
    sightings += seen.length;
    const steady = sightings > 1 ? seen : [];
    const step = followCrossings(clear, { seen, steady, trackIds: new Set([1]), aspect: 16 / 9 }, [DOOR]);
    clear = step.clear;
    return step.crossings.map((crossing) => crossing.way);
  });
}

test("who walks over the line to its right enters, the other way leaves", () => {
  expect(walk([0.5, 0.3], [0.5, 0.45], [0.5, 0.6], [0.5, 0.8])).toEqual(["entry"]);
  expect(walk([0.5, 0.8], [0.5, 0.3])).toEqual(["exit"]);
  expect(walk([0.5, 0.3], [0.5, 0.7], [0.5, 0.3])).toEqual(["entry", "exit"]);
});

test("a crossing that nobody saw, between two looks or several, counts", () => {
  expect(walk([0.5, 0.3], null, null, [0.5, 0.8])).toEqual(["entry"]);
});

test("who trembles on the line crosses nothing", () => {
  expect(walk([0.5, 0.49], [0.5, 0.51], [0.5, 0.49], [0.51, 0.515], [0.5, 0.49])).toEqual([]);
  expect(walk([0.5, 0.3], [0.5, 0.51], [0.5, 0.49], [0.5, 0.51], [0.5, 0.3])).toEqual([]);
});

test("who stops on the line and goes on has crossed once", () => {
  expect(walk([0.5, 0.3], [0.5, 0.5], [0.5, 0.51], [0.5, 0.49], [0.5, 0.51], [0.5, 0.7])).toEqual(["entry"]);
});

test("who goes around its end crosses nothing", () => {
  expect(walk([0.5, 0.3], [0.9, 0.4], [0.9, 0.6], [0.5, 0.8])).toEqual([]);
});

test("who appears beyond the line has not crossed it", () => {
  expect(walk([0.5, 0.8], [0.5, 0.9])).toEqual([]);
});
