import fc from "fast-check";
import { expect, test } from "vitest";
import type { Detection } from "../detector.ts";
import { groupOf, overlap, wantedClasses } from "./objects.ts";
import { suppress } from "./suppress.ts";
import { cellCount, readYoloxHead } from "./yolox-head.ts";

const LABELS = ["person", "bicycle", "car", "motorcycle", "aeroplane", "bus", "train", "truck"];
const ROW = 5 + LABELS.length;
const SIZE = { widthPx: 64, heightPx: 32, contentWidthPx: 64, contentHeightPx: 30 };
const OPTIONS = {
  size: SIZE,
  content: { leftPx: 0, topPx: 0, widthPx: 64, heightPx: 30 },
  classCount: LABELS.length,
  wanted: wantedClasses(LABELS),
  minScore: 0.3,
};
const read = (head: Float32Array) =>
  readYoloxHead([{ dims: [1, cellCount(SIZE), ROW], data: head }], OPTIONS);

const emptyHead = () => new Float32Array(cellCount(SIZE) * ROW);
/** Rows of the cells in the order of the head: stride 8 first, row by row. */
function rowOf(stride: number, column: number, row: number): number {
  const strides = [8, 16, 32];
  const before = strides
    .slice(0, strides.indexOf(stride))
    .reduce((sum, each) => sum + (SIZE.widthPx / each) * (SIZE.heightPx / each), 0);
  return (before + row * (SIZE.widthPx / stride) + column) * ROW;
}

test("a cell's numbers become a box in fractions of the picture", () => {
  const head = emptyHead();
  // stride 16, column 2, row 1: centre at (2.5 * 16, 1.25 * 16), 16 wide, 8 high
  head.set([0.5, 0.25, 0, Math.log(0.5), 0.9, 0.8], rowOf(16, 2, 1));
  const [found, ...more] = read(head);
  expect(more).toEqual([]);
  expect(found?.label).toBe("person");
  expect(found?.score).toBeCloseTo(0.72);
  expect(found?.box.left).toBeCloseTo(32 / 64);
  expect(found?.box.top).toBeCloseTo(16 / 30);
  expect(found?.box.width).toBeCloseTo(16 / 64);
  expect(found?.box.height).toBeCloseTo(8 / 30);
});

test("a box that leaves the picture ends at its edge", () => {
  const head = emptyHead();
  head.set([0.1, 0.1, Math.log(3), Math.log(3), 1, 1], rowOf(32, 0, 0));
  const { box } = read(head)[0] as Detection;
  expect([box.left, box.top]).toEqual([0, 0]);
  expect(box.left + box.width).toBeLessThanOrEqual(1);
  expect(box.top + box.height).toBeLessThanOrEqual(1);
});

test("what is not looked for is not found, however sure the model is", () => {
  const head = emptyHead();
  const scores = LABELS.map((label) => (label === "train" ? 1 : 0));
  head.set([0.5, 0.5, 0, 0, 1, ...scores], rowOf(8, 1, 1));
  expect(read(head)).toEqual([]);
});

test("any head is read as by a plain reading of every number", () => {
  const cells = cellCount(SIZE);
  const score = fc.float({ min: 0, max: 1, noNaN: true });
  const cell = fc.tuple(
    fc.float({ min: -1, max: 1, noNaN: true }),
    fc.float({ min: -1, max: 1, noNaN: true }),
    fc.float({ min: -1, max: 1, noNaN: true }),
    fc.float({ min: -1, max: 1, noNaN: true }),
    score,
    ...LABELS.map(() => score),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: cells, maxLength: cells }), (rows) => {
      const head = Float32Array.from(rows.flat());
      const found = read(head);
      expect(found.map((one) => [one.label, one.score.toFixed(4)])).toEqual(
        plainReading(head).map((one) => [one.label, one.score.toFixed(4)]),
      );
    }),
    { numRuns: 50 },
  );
});

/** Every cell and every class, no short cut. */
function plainReading(head: Float32Array): Detection[] {
  const all: Detection[] = [];
  let at = 0;
  for (const stride of [8, 16, 32]) {
    for (let row = 0; row < SIZE.heightPx / stride; row += 1) {
      for (let column = 0; column < SIZE.widthPx / stride; column += 1) {
        const [x = 0, y = 0, w = 0, h = 0, objectness = 0, ...scores] = head.subarray(at, at + ROW);
        at += ROW;
        const wanted = scores.map((value, index) => ({
          label: LABELS[index] ?? "",
          score: value * objectness,
        }));
        const people = wanted.filter(({ label }) => label === "person" || groupOf(label) === "vehicle");
        const best = people.reduce((a, b) => (b.score > a.score ? b : a));
        const width = Math.exp(w) * stride;
        const height = Math.exp(h) * stride;
        const left = (x + column) * stride - width / 2;
        const top = (y + row) * stride - height / 2;
        const box = { left: left / 64, top: top / 30, width: width / 64, height: height / 30 };
        if (best.score >= 0.3) all.push({ ...best, box });
      }
    }
  }
  return all
    .sort((a, b) => b.score - a.score)
    .filter((one, index, sorted) => plainlyKept(one, index, sorted));
}

function plainlyKept(one: Detection, index: number, sorted: Detection[]): boolean {
  return !sorted
    .slice(0, index)
    .some(
      (other, earlier) =>
        groupOf(other.label) === groupOf(one.label) &&
        overlap(other.box, one.box) > 0.45 &&
        plainlyKept(other, earlier, sorted),
    );
}

test("of two boxes over one thing the better stays; a person in a car stays too", () => {
  const box = { left: 0.1, top: 0.1, width: 0.4, height: 0.4 };
  const kept = suppress(
    [
      { label: "car", score: 0.5, box },
      { label: "truck", score: 0.6, box: { ...box, left: 0.12 } },
      { label: "person", score: 0.4, box },
    ],
    0.45,
  );
  expect(kept.map(({ label }) => label)).toEqual(["truck", "person"]);
});

test("a model that knows neither people nor vehicles is asked for all it knows", () => {
  expect(wantedClasses(["cup", "plate"]).map(({ index }) => index)).toEqual([0, 1]);
  expect(wantedClasses(LABELS).map(({ label }) => label)).toEqual([
    "person",
    "car",
    "motorcycle",
    "bus",
    "truck",
  ]);
});
