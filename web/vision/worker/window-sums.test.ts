import { expect, test } from "vitest";
import { createWindowSums } from "./window-sums.ts";

function sumsOnAClock() {
  const clock = { nowMs: 5_000_400 };
  return { clock, ...createWindowSums(["looks", "ms"], () => clock.nowMs) };
}

test("what is older than ten seconds is out, and nothing else is", () => {
  const { clock, add, sum } = sumsOnAClock();
  for (let second = 0; second < 25; second += 1) {
    add("looks", 1);
    add("ms", 7);
    clock.nowMs += 1_000;
  }
  expect([sum("looks"), sum("ms")]).toEqual([9, 63]);
  clock.nowMs += 4_000;
  expect(sum("looks")).toBe(5);
  clock.nowMs += 3_600_000;
  expect(sum("looks")).toBe(0);
});

test("a steady rate is told as it is, from the second second on", () => {
  const { clock, add, sum, spanS } = sumsOnAClock();
  for (let look = 0; look < 200; look += 1) {
    add("looks", 1);
    clock.nowMs += 100;
    if (look > 20) expect(Math.abs(sum("looks") / spanS() - 10)).toBeLessThan(0.6);
  }
});

test("a clock that is set back does not count twice nor lose what is counted on", () => {
  const { clock, add, sum } = sumsOnAClock();
  add("looks", 1);
  clock.nowMs -= 2_000;
  add("looks", 1);
  expect(sum("looks")).toBe(2);
});
