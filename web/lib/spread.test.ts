import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSpread } from "./spread.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what is added at once is done in turn, one piece a gap", () => {
  const done: string[] = [];
  const spread = createSpread(20);
  for (const name of ["a", "b", "c"]) spread.add(() => done.push(name));
  expect(done).toEqual([]);
  vi.advanceTimersByTime(20);
  expect(done).toEqual(["a"]);
  vi.advanceTimersByTime(40);
  expect(done).toEqual(["a", "b", "c"]);
});

test("work that is taken away is not done, and work added twice is done once", () => {
  const done: string[] = [];
  const spread = createSpread(20);
  const [a, b] = ["a", "b"].map((name) => () => void done.push(name));
  if (!a || !b) throw new Error("two works");
  spread.add(a);
  spread.add(b);
  spread.add(b);
  spread.remove(a);
  vi.advanceTimersByTime(200);
  expect(done).toEqual(["b"]);
});

test("work that throws does not hold up the next", () => {
  const done: string[] = [];
  const spread = createSpread(20);
  spread.add(() => {
    throw new Error("broken");
  });
  spread.add(() => done.push("b"));
  expect(() => vi.advanceTimersByTime(20)).toThrow("broken");
  vi.advanceTimersByTime(20);
  expect(done).toEqual(["b"]);
});
