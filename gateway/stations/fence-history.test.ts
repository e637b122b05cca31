import { expect, test } from "vitest";
import { createFenceHistory, type Grant, HISTORY_MS } from "./fence-history.ts";

const grant = (fence: number, grantedAtMs: number, cameraId = "cam"): Grant => ({
  cameraId,
  fence,
  stationId: `station${fence}`,
  grantedAtMs,
  endedAtMs: null,
});

test("what was seen while a lease held is never stale, what came after the next one is", () => {
  const { isStale } = createFenceHistory([grant(1, 1_000), grant(2, 2_000), grant(3, 3_000)]);
  expect(isStale("cam", 1, 1_999)).toBe(false);
  expect(isStale("cam", 1, 2_000)).toBe(true);
  expect(isStale("cam", 2, 2_999)).toBe(false);
  expect(isStale("cam", 2, 9_000)).toBe(true);
  expect(isStale("cam", 3, 9_000)).toBe(false);
});

test("a fence of a time before every grant that is known passes, and so does an unknown camera", () => {
  const { isStale } = createFenceHistory([grant(7, 7_000)]);
  expect(isStale("cam", 3, 6_999)).toBe(false);
  expect(isStale("other", 1, 9_000)).toBe(false);
});

test("a holder that tells of what it took over, from before its time, is believed", () => {
  const { isStale } = createFenceHistory([grant(1, 1_000), grant(2, 2_000)]);
  expect(isStale("cam", 2, 1_500)).toBe(false);
});

test("after 8 days only the last grant of a camera is left, so that its fence still rises", () => {
  const history = createFenceHistory([grant(1, 0), grant(2, 10), grant(1, 0, "other")]);
  history.add(grant(3, HISTORY_MS + 5));
  history.prune(HISTORY_MS + 8);
  expect(history.isStale("cam", 1, 9)).toBe(false);
  expect(history.isStale("cam", 1, 10)).toBe(true);
  history.prune(3 * HISTORY_MS);
  expect(history.lastFence("cam")).toBe(3);
  expect(history.lastFence("other")).toBe(1);
});
