import { expect, test } from "vitest";
import { slopePerHour } from "./slope.ts";

const minutes = (values: number[]) => values.map((value, index) => ({ atMs: index * 60_000, value }));

test("a straight line has its own slope and no error", () => {
  const { slope, error } = slopePerHour(minutes([5, 6, 7, 8]));
  expect(slope).toBeCloseTo(60);
  expect(error).toBeCloseTo(0);
});

test("values that go up and down by chance have a slope within their error", () => {
  const { slope, error } = slopePerHour(minutes([5, 6, 5, 6, 5, 6, 5, 6, 5]));
  expect(Math.abs(slope)).toBeLessThan(error);
});

test("the error of four points is that of the textbook", () => {
  // residuals -0.3, 0.4, 0.1, -0.2; their squares sum to 0.3; spread 5 (minutes squared)
  const { slope, error } = slopePerHour(minutes([1, 2.2, 2.4, 2.6]));
  expect(slope).toBeCloseTo(0.5 * 60);
  expect(error).toBeCloseTo(Math.sqrt(0.3 / 2 / 5) * 60);
});

test("two points have no slope that means anything", () => {
  expect(() => slopePerHour(minutes([1, 2]))).toThrow("3 points");
});
