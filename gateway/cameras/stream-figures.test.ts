import { expect, test } from "vitest";
import { createStreamFigures } from "./stream-figures.ts";

const counts = (seconds: number, overrides = {}) => ({
  pictures: 15 * seconds,
  receivedBytes: 62_500 * seconds,
  packets: 100 * seconds,
  lost: 0,
  ...overrides,
});

test("figures are of the last ten seconds, and none before there is enough", () => {
  const figures = createStreamFigures();
  figures.note(0, counts(0));
  figures.note(2_000, counts(2));
  expect(figures.figures()).toBe(null);
  for (let second = 4; second <= 20; second += 2) figures.note(second * 1_000, counts(second));
  expect(figures.figures()).toEqual({ fps: 15, bitrateKbps: 500, lostFraction: 0 });
  for (let second = 22; second <= 32; second += 2) figures.note(second * 1_000, counts(20));
  expect(figures.figures()).toEqual({ fps: 0, bitrateKbps: 0, lostFraction: 0 });
});

test("lost packets are a part of those that were sent", () => {
  const figures = createStreamFigures();
  figures.note(0, counts(0));
  figures.note(10_000, counts(10, { packets: 900, lost: 100 }));
  expect(figures.figures()?.lostFraction).toBe(0.1);
});

test("counts that begin anew, and a clock that is set back, give no nonsense", () => {
  const figures = createStreamFigures();
  figures.note(0, counts(100));
  figures.note(10_000, counts(1));
  expect(figures.figures()).toBe(null);
  figures.note(14_000, counts(5));
  expect(figures.figures()?.fps).toBe(15);
  figures.note(1_000, counts(7));
  expect(figures.figures()).toBe(null);
});
