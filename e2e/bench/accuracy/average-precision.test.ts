import { expect, test } from "vitest";
import { averagePrecision } from "./average-precision.ts";

const box = (left: number, width = 0.1) => ({ left, top: 0, width, height: 0.1 });
const found = (left: number, score: number, width?: number) => ({ box: box(left, width), score });

test("everything found and nothing else is 1, nothing found is 0, nothing there is no figure", () => {
  expect(averagePrecision([{ truth: [box(0), box(0.5)], found: [found(0, 0.9), found(0.5, 0.2)] }])).toBe(1);
  expect(averagePrecision([{ truth: [box(0)], found: [] }])).toBe(0);
  expect(averagePrecision([{ truth: [], found: [found(0, 0.9)] }])).toBe(null);
});

test("a wrong box below all right ones costs nothing, one above them costs precision", () => {
  expect(averagePrecision([{ truth: [box(0)], found: [found(0, 0.9), found(0.5, 0.3)] }])).toBe(1);
  expect(averagePrecision([{ truth: [box(0)], found: [found(0, 0.3), found(0.5, 0.9)] }])).toBe(0.5);
});

test("a second box on the same thing is wrong, and so is one that covers less than half", () => {
  const twice = [{ truth: [box(0), box(0.5)], found: [found(0, 0.9), found(0, 0.8), found(0.5, 0.7)] }];
  // precision 1 up to half of the recall, two thirds beyond
  expect(averagePrecision(twice)).toBeCloseTo((51 + (50 * 2) / 3) / 101, 6);
  expect(averagePrecision([{ truth: [box(0)], found: [found(0, 0.9, 0.04)] }])).toBe(0);
});

test("scores are compared over all pictures", () => {
  const sure = { truth: [box(0)], found: [found(0, 0.9)] };
  const wrong = { truth: [], found: [found(0, 0.95)] };
  expect(averagePrecision([sure, wrong])).toBe(0.5);
});
