import { expect, test } from "vitest";
import { aCamera, anId } from "#contract/examples.ts";
import { followChanges } from "./follow-changes.ts";
import { createBus } from "./kernel/bus.ts";
import { silentLogger } from "./kernel/logger.ts";

const SINGLE = aCamera({ singleConnection: true });

function followed() {
  const bus = createBus(silentLogger());
  const heard: string[] = [];
  followChanges({
    bus,
    cameras: { list: () => [aCamera(), SINGLE] },
    sources: { isTappedThroughMedia: (id) => id === SINGLE.id },
    media: { removePath: async (id) => void heard.push(`media lets ${id} go`) },
    taps: { cameraChanged: async (id) => void heard.push(`tap of ${id} looks again`) },
    log: silentLogger(),
  });
  return { bus, heard };
}

test.each(["camera.moved", "camera.removed"] as const)("after %s nobody keeps the old connection", (name) => {
  const { bus, heard } = followed();
  const cameraId = anId();
  bus.emit(name, { cameraId });
  expect(heard).toEqual([`media lets ${cameraId} go`, `tap of ${cameraId} looks again`]);
});

test("a frozen tap through MediaMTX has the camera pulled anew; any other restart is its own affair", () => {
  const { bus, heard } = followed();
  bus.emit("camera.restarted", { cameraId: SINGLE.id, by: "media" });
  bus.emit("camera.restarted", { cameraId: anId(), by: "tap" });
  expect(heard).toEqual([]);
  bus.emit("camera.restarted", { cameraId: SINGLE.id, by: "tap" });
  expect(heard).toEqual([`media lets ${SINGLE.id} go`]);
});

test("once MediaMTX runs, taps of cameras with a single connection go through it", () => {
  const { bus, heard } = followed();
  bus.emit("media.state", { status: "starting" });
  bus.emit("media.state", { status: "running" });
  expect(heard).toEqual([`tap of ${SINGLE.id} looks again`]);
});
