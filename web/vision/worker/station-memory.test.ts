import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { anEvent, anId } from "#contract/examples.ts";
import { newWatch } from "./camera-watch.ts";
import { createStationMemory, VisionDb } from "./station-memory.ts";

const by = { model: "yolox-nano", executionProvider: "wasm" };
const aWatch = () => ({ cameraId: anId(), savedAtMs: 1_000, state: newWatch(by) });
const memoryNamed = (name: string) => {
  const db = new VisionDb(name);
  return { db, ...createStationMemory(db) };
};

test("states and events are there again in the next life, events in their order", async () => {
  const { keep } = memoryNamed("next-life");
  const watch = aWatch();
  const events = [anEvent(), anEvent(), anEvent()];
  await keep([watch], events.slice(0, 2));
  await keep([watch], events.slice(2));
  expect(await memoryNamed("next-life").load()).toEqual({ watches: [watch], events });
});

test("confirmed events and forgotten cameras are gone", async () => {
  const { keep, confirm, forgetWatch, load } = memoryNamed("gone");
  const [watch, other] = [aWatch(), aWatch()];
  const [first, second] = [anEvent(), anEvent()];
  await keep([watch, other], [first, second]);
  await confirm([first.receipt_id]);
  await forgetWatch(watch.cameraId);
  expect(await load()).toEqual({ watches: [other], events: [second] });
});

test("rows that no longer fit are left out, the others are used", async () => {
  const { db, keep, load } = memoryNamed("older");
  const watch = aWatch();
  await keep([watch], []);
  await db.table("watches").put({ cameraId: anId(), savedAtMs: 1, state: { tracks: [] } });
  await db.table("events").add({ receiptId: "x", event: { name: "old" } });
  expect(await load()).toEqual({ watches: [watch], events: [] });
});

test("a device's choice is remembered", async () => {
  const { choice, choose } = memoryNamed("choice");
  expect(await choice("yolox|UA")).toBeNull();
  const chosen = { executionProvider: "webgpu", sessions: 2, longestPx: 416, picturesPerSecond: 30 } as const;
  await choose("yolox|UA", chosen);
  expect(await choice("yolox|UA")).toEqual(chosen);
});
