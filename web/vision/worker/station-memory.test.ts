import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { anEvent, anId } from "#contract/examples.ts";
import { createPlateStage } from "../plates/plate-stage.ts";
import { aFakeReader, aPicture, aRead } from "../plates/plates.memory.ts";
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

test("the vote on a plate goes on in the next life, and ends as if there had been one", async () => {
  const vehicles = [{ trackId: 3, box: { left: 0.3, top: 0.3, width: 0.4, height: 0.4 } }];
  const lookAt = async (
    stage: ReturnType<typeof createPlateStage>,
    second: number,
    plates = newWatch(by).plates,
  ) =>
    stage.look({
      cameraId: "gate",
      picture: () => aPicture,
      vehicles: second < 10 ? vehicles : [],
      remembered: plates,
      isWanted: true,
      atMs: second * 1_000,
    });
  const reader = aFakeReader();
  const before = createPlateStage({ reader });
  reader.next = [aRead("OBC1D23", 0.97)];
  await lookAt(before, 1);
  const watch = aWatch();
  const plates = before.memory("gate") ?? watch.state.plates;
  await memoryNamed("vote").keep([{ ...watch, state: { ...watch.state, plates } }], []);

  const { watches } = await memoryNamed("vote").load();
  const after = createPlateStage({ reader });
  reader.next = [aRead("QBC1D23", 0.85)];
  await lookAt(after, 5, watches[0]?.state.plates);
  expect(await lookAt(after, 15)).toMatchObject([
    { plate: "OBC1D23", reads: 2, trackId: 3, firstReadAtMs: 1_000 },
  ]);
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
  const { plates: _, ...withoutPlates } = watch.state;
  await db.table("watches").put({ ...watch, state: withoutPlates });
  await keep([], []);
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
