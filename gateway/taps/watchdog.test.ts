import { afterEach, expect, test } from "vitest";
import { type FakeCamera, startFakeCamera } from "./rtsp/fake-rtsp-camera.memory.ts";
import { aTapService, playing, until } from "./tap-service.memory.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A camera that plays to one reader, and has sent one picture. */
async function aPlayingCamera() {
  const camera = await startFakeCamera();
  cleanups.push(camera.stop);
  const service = aTapService(camera.address());
  cleanups.push(service.taps.stop);
  const reader = service.read("key");
  await playing(camera);
  await picture(camera, true);
  return { camera, reader, ...service };
}
async function picture(camera: FakeCamera, keyFrame: boolean, fill = 0x11): Promise<void> {
  camera.picture(keyFrame, { fill });
  await camera.settled();
}
const connected = async (camera: FakeCamera, times: number) => {
  await until(() => expect(camera.connections()).toBe(times));
  await playing(camera);
};

test("a camera without a new picture for 15 s is frozen, and its connection is made anew and counted", async () => {
  const { camera, time, faults, taps, restarts, nextTryMs } = await aPlayingCamera();
  time.advance(10_000);
  await picture(camera, false); // nobody wants it: it proves that the camera lives
  time.advance(14_900);
  expect(faults().at(-1)).toBe("online");
  time.advance(100);
  expect(faults().at(-1)).toBe("frozen");
  expect(nextTryMs()).toBe(500);
  expect(restarts).toEqual(["the camera's main"]);
  expect(taps.stats()).toMatchObject([{ watchdogRestarts: 1, circuit: "closed" }]);
  time.advance(500);
  await connected(camera, 2);
  expect(faults().at(-1)).toBe("frozen");
  expect(nextTryMs()).toBe(15_000);
  await picture(camera, true, 0x22);
  expect(faults().at(-1)).toBe("frozen"); // it may be another still picture
  await picture(camera, false);
  expect(faults().at(-1)).toBe("online");
  expect(taps.stats()).toMatchObject([{ watchdogRestarts: 1 }]);
});

test("a camera that repeats one picture is frozen, stays so over new connections, and is back with new pictures", async () => {
  const { camera, time, states, faults, taps, reader } = await aPlayingCamera();
  for (let second = 1; second < 15; second += 1) {
    time.advance(1_000);
    await picture(camera, true);
  }
  expect(faults().at(-1)).toBe("online");
  for (const connection of [2, 3, 4]) {
    time.advance(1_000);
    expect(faults().at(-1)).toBe("frozen");
    time.advance(500);
    await connected(camera, connection);
    for (let second = 1; second < 15; second += 1) {
      await picture(camera, true);
      await picture(camera, false);
      time.advance(1_000);
    }
  }
  expect(taps.stats()).toMatchObject([{ watchdogRestarts: 3, pictures: 1, circuit: "closed" }]);
  expect(faults().filter((fault) => fault === "online")).toHaveLength(1);
  expect(states.at(-1)).toMatchObject({ detail: "the camera repeats the same picture" });
  const had = reader.units.length;
  expect(had).toBeGreaterThan(40); // its pictures go on
  await picture(camera, true, 0x33);
  await picture(camera, true, 0x34);
  expect(faults().at(-1)).toBe("online");
  expect(reader.units).toHaveLength(had + 2);
});

test("a frozen camera that begins again with its last key frame is back with the pictures after it", async () => {
  const { camera, time, faults } = await aPlayingCamera();
  time.advance(15_000);
  time.advance(500);
  await connected(camera, 2);
  await picture(camera, true);
  await picture(camera, false);
  expect(faults().at(-1)).toBe("frozen");
  await picture(camera, false);
  expect(faults().at(-1)).toBe("online");
});

test("a camera whose every connection has a still picture of its own is frozen all the time", async () => {
  const { camera, time, faults } = await aPlayingCamera();
  for (const connection of [2, 3, 4]) {
    time.advance(15_000);
    expect(faults().at(-1)).toBe("frozen");
    time.advance(500);
    await connected(camera, connection);
    for (let count = 0; count < 5; count += 1) await picture(camera, true, connection);
  }
  expect(faults().filter((fault) => fault === "online")).toHaveLength(1);
});

test("a camera that was dropped is back also with a key frame that it had sent before", async () => {
  const { camera, time, faults } = await aPlayingCamera();
  camera.drop();
  await until(() => expect(faults().at(-1)).toBe("dropped"));
  time.advance(500);
  await connected(camera, 2);
  await picture(camera, true);
  expect(faults().at(-1)).toBe("online");
});

test("a camera that repeated one picture before it dropped is frozen again as soon as it is back", async () => {
  const { camera, time, faults } = await aPlayingCamera();
  for (let count = 0; count < 3; count += 1) await picture(camera, true);
  time.advance(14_000);
  camera.drop();
  await until(() => expect(faults().at(-1)).toBe("dropped"));
  time.advance(1_000);
  await connected(camera, 2);
  await picture(camera, true);
  expect(faults().at(-1)).toBe("frozen");
});

test("a camera that nobody watches any more is left, not restarted", async () => {
  const { camera, reader, time, taps, restarts } = await aPlayingCamera();
  time.advance(6_000);
  reader.end();
  time.advance(9_000);
  await until(() => expect(camera.open()).toBe(0));
  expect(restarts).toEqual([]);
  expect(taps.stats()).toMatchObject([{ watchdogRestarts: 0 }]);
});
