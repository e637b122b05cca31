import fc from "fast-check";
import { expect, test } from "vitest";
import type { Detection } from "../detector.ts";
import { readEndToEndHead } from "./end-to-end-head.ts";
import type { HeadReading } from "./head-boxes.ts";
import { ModelError } from "./model-error.ts";
import { readNanodetHead } from "./nanodet-head.ts";
import { wantedClasses } from "./objects.ts";
import { readYolov8Head } from "./yolov8-head.ts";

const LABELS = ["person", "bicycle", "car"];
/** A picture of 64x32 in the middle of an input of 64x64. */
const READING: HeadReading = {
  size: { widthPx: 64, heightPx: 64, contentWidthPx: 64, contentHeightPx: 32 },
  content: { leftPx: 0, topPx: 16, widthPx: 64, heightPx: 32 },
  classCount: LABELS.length,
  wanted: wantedClasses(LABELS),
  minScore: 0.3,
};

const near = (found: Detection | undefined, label: string, score: number, box: number[]) => {
  expect(found?.label).toBe(label);
  expect(found?.score).toBeCloseTo(score, 5);
  const { left = 0, top = 0, width = 0, height = 0 } = found?.box ?? {};
  for (const [at, value] of [left, top, width, height].entries()) expect(value).toBeCloseTo(box[at] ?? 0, 5);
};

test("a YOLOv8 head is read in both its layouts, from pixels of the input to fractions of the picture", () => {
  // centre 32, 32; 16 wide, 8 high; a car of 0.6; then a bicycle, which nobody looks for
  const rows = [
    [32, 32, 16, 8, 0.1, 0.2, 0.6],
    [10, 20, 4, 4, 0, 0.9, 0],
  ];
  const byBox = Float32Array.from(rows.flat());
  const byNumber = Float32Array.from(rows[0]?.flatMap((value, at) => [value, rows[1]?.[at] ?? 0]) ?? []);
  for (const answer of [
    { dims: [1, 7, 2], data: byNumber },
    { dims: [1, 2, 7], data: byBox },
  ]) {
    const found = readYolov8Head([answer], READING);
    expect(found).toHaveLength(1);
    near(found[0], "car", 0.6, [24 / 64, 12 / 32, 16 / 64, 8 / 32]);
  }
});

test("an end-to-end head is read row by row; unused rows and unwanted classes are not found", () => {
  const rows = [
    [8, 20, 24, 36, 0.9, 0],
    [8, 20, 24, 36, 0.8, 1],
    [0, 0, 0, 0, 0, 0],
    [30, 0, 70, 20, 0.5, 2],
    [Number.NaN, 0, 1, 1, Number.NaN, 0],
  ];
  const answer = { dims: [1, rows.length, 6], data: Float32Array.from(rows.flat()) };
  const found = readEndToEndHead([answer], READING);
  expect(found).toHaveLength(2);
  near(found[0], "person", 0.9, [8 / 64, 4 / 32, 16 / 64, 16 / 32]);
  near(found[1], "car", 0.5, [30 / 64, 0, 34 / 64, 4 / 32]);
});

test("an answer of another shape is no head", () => {
  const answer = { dims: [1, 5, 9], data: new Float32Array(45) };
  expect(() => readYolov8Head([answer], READING)).toThrow(ModelError);
  expect(() => readEndToEndHead([answer], READING)).toThrow(ModelError);
  expect(() => readEndToEndHead([], READING)).toThrow(ModelError);
  expect(() => readNanodetHead([answer], READING)).toThrow(ModelError);
});

const STRIDES = [8, 16, 32];

test("any NanoDet head is read as by the public implementation, written out plainly", () => {
  const score = fc.float({ min: 0, max: 1, noNaN: true });
  const logit = fc.float({ min: -6, max: 6, noNaN: true });
  const cell = fc.tuple(
    fc.array(score, { minLength: 3, maxLength: 3 }),
    fc.array(logit, { minLength: 32, maxLength: 32 }),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 84, maxLength: 84 }), (cells) => {
      const levels = [cells.slice(0, 64), cells.slice(64, 80), cells.slice(80)];
      const classes = levels.map((level) => tensor(level.map(([scores]) => scores)));
      const boxes = levels.map((level) => tensor(level.map(([, distances]) => distances)));
      const found = readNanodetHead([...classes, ...boxes], READING);
      const plain = plainNanodet(levels);
      for (const one of found) {
        // two cells may be equally sure
        const isPlain = plain.some(
          ({ score: other, label, left, bottom }) =>
            other === one.score &&
            label === one.label &&
            Math.abs(left - one.box.left) < 1e-4 &&
            Math.abs(bottom - one.box.top - one.box.height) < 1e-4,
        );
        expect(isPlain).toBe(true);
      }
      // suppression only ever takes away, and the surest stays
      expect(found.length).toBeLessThanOrEqual(plain.length);
      expect(found[0]?.score).toBe(plain.toSorted((a, b) => b.score - a.score)[0]?.score);
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

const tensor = (rows: number[][]) => ({
  dims: [1, rows.length, rows[0]?.length ?? 0],
  data: Float32Array.from(rows.flat()),
});

/** softmax, times 0..7, times the stride, around (g + 0.5) * s - 0.5; edges as fractions of the picture, clipped. */
function plainNanodet(levels: [number[], number[]][][]) {
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return levels.flatMap((level, at) => {
    const stride = STRIDES[at] ?? 0;
    const columns = 64 / stride;
    return level.flatMap(([scores, logits], index) => {
      const wanted = [0, 2].map((each) => ({
        label: LABELS[each] ?? "",
        score: Math.fround(scores[each] ?? 0),
      }));
      const best = wanted.reduce((a, b) => (b.score > a.score ? b : a));
      if (best.score < 0.3) return [];
      const distance = (side: number) => {
        const weights = logits.slice(side * 8, side * 8 + 8).map((value) => Math.exp(value));
        const sum = weights.reduce((a, b) => a + b, 0);
        return (weights.reduce((total, weight, bin) => total + weight * bin, 0) / sum) * stride;
      };
      const x = ((index % columns) + 0.5) * stride - 0.5;
      const y = (Math.floor(index / columns) + 0.5) * stride - 0.5;
      const left = clip((x - distance(0)) / 64);
      const bottom = clip((y + distance(3) - 16) / 32);
      return [{ ...best, left, bottom }];
    });
  });
}
