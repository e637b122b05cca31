import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPulse } from "./pulse.ts";

beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
afterEach(() => void vi.useRealTimers());

test("one timer serves all who joined, and ends with the last of them", () => {
  const join = createPulse({ everyMs: 250, nowMs: Date.now });
  const [one, two] = [vi.fn(), vi.fn()];
  const leaveOne = join(one);
  const leaveTwo = join(two);
  vi.advanceTimersByTime(500);
  expect(vi.getTimerCount()).toBe(1);
  expect([one.mock.calls.length, two.mock.calls.length]).toEqual([2, 2]);
  leaveOne();
  vi.advanceTimersByTime(250);
  expect([one.mock.calls.length, two.mock.calls.length]).toEqual([2, 3]);
  leaveTwo();
  expect(vi.getTimerCount()).toBe(0);
});

test("a beat after a sleep says so, once", () => {
  const beat = vi.fn();
  createPulse({ everyMs: 250, nowMs: Date.now })(beat);
  vi.setSystemTime(60_000);
  vi.advanceTimersByTime(500);
  expect(beat.mock.calls).toEqual([[true], [false]]);
});

test("a beat that is somewhat late is not a sleep", () => {
  const beat = vi.fn();
  createPulse({ everyMs: 250, nowMs: Date.now })(beat);
  vi.setSystemTime(3_000);
  vi.advanceTimersByTime(250);
  expect(beat).toHaveBeenCalledWith(false);
});
