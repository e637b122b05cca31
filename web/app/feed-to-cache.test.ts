import { QueryClient, type QueryKey, QueryObserver } from "@tanstack/react-query";
import { expect, onTestFinished, test } from "vitest";
import type { StoredEvent } from "#contract/events.ts";
import { aCamera, anEvent, anId, someZones } from "#contract/examples.ts";
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

test("a camera's changed scene takes the place of an older one only, and goes with the camera", () => {
  const queries = new QueryClient();
  const before = someZones({ version: 2 });
  const other = someZones({ version: 9 });
  const changed = { ...before, version: 3, picturesPerS: 2 };
  applyFeedMessage(queries, { type: "zones-changed", zones: changed });
  expect(queries.getQueryData(queryKeys.zones)).toBe(undefined);
  queries.setQueryData(queryKeys.zones, [before, other]);
  applyFeedMessage(queries, { type: "zones-changed", zones: changed });
  applyFeedMessage(queries, { type: "zones-changed", zones: before });
  expect(queries.getQueryData(queryKeys.zones)).toEqual([changed, other]);
  const ofNew = someZones({ version: 1 });
  applyFeedMessage(queries, { type: "zones-changed", zones: ofNew });
  applyFeedMessage(queries, { type: "camera-removed", cameraId: other.cameraId });
  expect(queries.getQueryData(queryKeys.zones)).toEqual([changed, ofNew]);
});

/** A first question whose answer, older than what is told meanwhile, comes when `answer` is called. */
function askedBefore(queryKey: QueryKey, known: unknown) {
  const queries = new QueryClient();
  let letGo = () => {};
  const promise = new Promise((resolve) => {
    letGo = () => resolve(known);
  });
  const observer = new QueryObserver(queries, { queryKey, queryFn: () => promise });
  const stop = observer.subscribe(() => {});
  onTestFinished(stop);
  return {
    queries,
    async answer(): Promise<unknown> {
      letGo();
      await expect.poll(() => queries.isFetching()).toBe(0);
      await Promise.resolve();
      return queries.getQueryData(queryKey);
    },
  };
}

test("an answer that was on its way when a scene changed does not bring the old one back", async () => {
  const before = someZones({ version: 1 });
  const changed = { ...before, version: 2 };
  const { queries, answer } = askedBefore(queryKeys.zones, [before]);
  applyFeedMessage(queries, { type: "zones-changed", zones: changed });
  expect(await answer()).toEqual([changed]);
});

test("an answer that was on its way when cameras came and went has neither lost nor kept them", async () => {
  const [here, gone, fresh] = [aCamera(), aCamera(), aCamera()];
  const { queries, answer } = askedBefore(queryKeys.cameras, [here, gone]);
  applyFeedMessage(queries, { type: "camera-changed", camera: fresh });
  applyFeedMessage(queries, { type: "camera-removed", cameraId: gone.id });
  expect(await answer()).toEqual([here, fresh]);
});

test("an event told while its list was on its way is in it, once", async () => {
  const [old, both, fresh] = [stored(), stored(), stored()];
  const { queries, answer } = askedBefore(queryKeys.events({}), pagesOf(both, old));
  applyFeedMessage(queries, { type: "events", events: [both, fresh] });
  const { pages } = (await answer()) as EventPages; // what a query under this key holds
  expect(pages[0]?.events.map((event) => event.receipt_id).sort()).toEqual(
    [old, both, fresh].map((event) => event.receipt_id).sort(),
  );
});

test("an answer that was on its way when the plates changed is asked for anew", async () => {
  const queries = new QueryClient();
  const answers = [new Promise(() => {}), Promise.resolve(["new"])];
  const observer = new QueryObserver(queries, { queryKey: queryKeys.plates, queryFn: () => answers.shift() });
  onTestFinished(observer.subscribe(() => {}));
  applyFeedMessage(queries, { type: "plates-changed" });
  await expect.poll(() => queries.getQueryData(queryKeys.plates)).toEqual(["new"]);
});

test("a changed shop is known, and an older one does not undo it", () => {
  const queries = new QueryClient();
  const shop = { version: 2, timeZone: "America/Belem", hours: [] };
  applyFeedMessage(queries, { type: "shop-changed", shop });
  applyFeedMessage(queries, { type: "shop-changed", shop: { ...shop, version: 1, timeZone: "UTC" } });
  expect(queries.getQueryData(queryKeys.shop)).toEqual(shop);
});
