import { expect, test } from "vitest";
import { anEvent, anId } from "#contract/examples.ts";
import { refuseStale } from "./refuse-stale.ts";
import { sortBatch } from "./sort-batch.ts";

const CAMERA = anId();
const fenced = (fence: unknown, ts: string) =>
  anEvent({ camera_id: CAMERA, ts, meta: { station_id: anId(), fence } });
/** Another station had the camera from the first of June on. */
const isStale = (cameraId: string, fence: number, atMs: number) =>
  cameraId === CAMERA && fence < 5 && atMs >= Date.parse("2026-06-01T00:00:00Z");

test("a stale event is refused with a code of its own, at its place, and the others pass", () => {
  const sorted = sortBatch({
    events: [
      fenced(5, "2026-06-01T12:00:00Z"),
      fenced(4, "2026-06-01T12:00:00Z"),
      fenced(4, "2026-05-31T23:59:59Z"),
      anEvent({ camera_id: CAMERA, ts: "2026-06-01T12:00:00Z" }),
      fenced("4", "2026-06-01T12:00:00Z"),
    ],
  });
  const { good, refused } = refuseStale(sorted, isStale);
  expect(good.map(({ index }) => index)).toEqual([0, 2, 3, 4]);
  expect(refused.map(({ index, code }) => [index, code])).toEqual([[1, "stale_lease"]]);
});

test("a batch without fences is passed on as it is", () => {
  const sorted = sortBatch({ events: [anEvent()] });
  expect(refuseStale(sorted, isStale)).toBe(sorted);
});
