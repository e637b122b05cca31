import { expect, test } from "vitest";
import { createLateGuard } from "./late-guard.ts";

function hear(latencies: (number | null)[]): boolean[] {
  let nowMs = 0;
  const isTooLate = createLateGuard(() => nowMs);
  return latencies.map((latencyMs) => {
    nowMs += 1_000;
    return isTooLate(latencyMs);
  });
}

test("a session that stays late for three seconds is too late", () => {
  expect(hear([1_600, 2_000, 1_900, 2_500])).toEqual([false, false, false, true]);
});

test("a session that catches up in between, or is not measured, is not", () => {
  expect(hear([1_600, 2_000, 900, 1_600, 2_000, null, 1_600, 1_700])).not.toContain(true);
});
