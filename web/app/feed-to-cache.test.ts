import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { StoredEvent } from "#contract/events.ts";
import { aCamera, anEvent, anId } from "#contract/examples.ts";
import { queryKeys } from "../hooks/query-keys.ts";
import type { EventPages } from "../hooks/use-events.ts";
import { applyFeedMessage } from "./feed-to-cache.ts";

const stored = (overrides: Partial<StoredEvent> = {}): StoredEvent => ({
  ...anEvent(overrides),
  received_at: "2026-03-01T12:00:01.000Z",
});

const pagesOf = (...events: StoredEvent[]): EventPages => ({
  pages: [{ events }],
  pageParams: [undefined],
});

test("a camera's state reaches the list, and a list that was never fetched is not made up", () => {
  const queries = new QueryClient();
  const camera = aCamera();
  const message = {
    type: "camera-state" as const,
    cameraId: camera.id,
    state: { status: "down" as const, sinceAtMs: 1, fault: "unauthorized" as const, detail: "401" },
  };
  applyFeedMessage(queries, message);
  expect(queries.getQueryData(queryKeys.cameras)).toBe(undefined);
  queries.setQueryData(queryKeys.cameras, [camera, aCamera()]);
  applyFeedMessage(queries, message);
  expect(queries.getQueryData(queryKeys.cameras)).toMatchObject([
    { state: { fault: "unauthorized" } },
    { state: { status: "unknown" } },
  ]);
});

test("a new event comes on top of the lists it belongs to, and of those only", () => {
  const queries = new QueryClient();
  const camera_id = anId();
  const old = stored({ ts: "2026-03-01T11:00:00.000Z" });
  const without = { not_event_name: ["queue.detected" as const] };
  const lists = [{}, { camera_id }, { event_name: "vision.metrics.v1" as const }, without];
  for (const filter of lists) queries.setQueryData(queryKeys.events(filter), pagesOf(old));
  const event = stored({ camera_id });
  applyFeedMessage(queries, { type: "events", events: [event] });
  const idsOf = (filter: object) =>
    queries.getQueryData<EventPages>(queryKeys.events(filter))?.pages[0]?.events.map((e) => e.receipt_id);
  expect(idsOf({})).toEqual([event.receipt_id, old.receipt_id]);
  expect(idsOf({ camera_id })).toEqual([event.receipt_id, old.receipt_id]);
  expect(idsOf({ event_name: "vision.metrics.v1" })).toEqual([old.receipt_id]);
  expect(idsOf(without)).toEqual([old.receipt_id]);
});

test("an event told twice is listed once", () => {
  const queries = new QueryClient();
  const event = stored();
  queries.setQueryData(queryKeys.events({}), pagesOf(event));
  applyFeedMessage(queries, { type: "events", events: [event] });
  expect(queries.getQueryData<EventPages>(queryKeys.events({}))?.pages[0]?.events).toHaveLength(1);
});
