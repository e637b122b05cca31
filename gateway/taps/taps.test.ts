import { afterEach, expect, test, vi } from "vitest";
import type { CameraState } from "#contract/cameras.ts";
import { anId } from "#contract/examples.ts";
import { silentLogger } from "../kernel/logger.ts";
import { manualClock } from "./manual-clock.memory.ts";
import { type FakeCamera, type FakeCameraOptions, startFakeCamera } from "./rtsp/fake-rtsp-camera.memory.ts";
import type { TapFrames, TappedUnit, TapStream } from "./tap.ts";
import { createTaps } from "./taps.ts";

/** A busy machine may need long; the visible result is what counts. */
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function aCamera(options?: FakeCameraOptions): Promise<FakeCamera> {
  const camera = await startFakeCamera(options);
  cleanups.push(camera.stop);
  return camera;
}

/** A tap service with one camera; `addresses` may be changed by the test. */
function aService(main: string | undefined, sub?: string) {
  const cameraId = anId();
  const addresses: Partial<Record<TapStream, string | undefined>> = { main, sub };
  const states: CameraState[] = [];
  const time = manualClock();
  const taps = createTaps({
    addressOf: async (id, stream) => (id === cameraId ? addresses[stream] : undefined),
    onState: (_, state) => states.push(state),
    nowMs: time.clock.nowMs,
    setTimer: time.clock.setTimer,
    random: () => 0,
    log: silentLogger(),
  });
  cleanups.push(taps.stop);
  function read(frames: TapFrames, stream: TapStream = "main") {
    const units: TappedUnit[] = [];
    const heard: string[] = [];
    const end = taps.subscribe(
      { cameraId, stream },
      {
        frames,
        onState: ({ status }) => heard.push(status),
        onFormat: ({ codec }) => heard.push(codec),
        onUnit: (unit) => units.push(unit),
        onGone: () => heard.push("gone"),
      },
    );
    return { units, heard, end };
  }
  const faults = () => states.map((state) => (state.status === "down" ? state.fault : state.status));
  return { cameraId, addresses, states, faults, time, taps, read };
}
const playing = (camera: FakeCamera, count = 1) => until(() => expect(camera.playing()).toBe(count));
const has = (units: TappedUnit[], count: number) => until(() => expect(units).toHaveLength(count));
const flags = (units: TappedUnit[]) =>
  units.map(
    ({ keyFrame, replayed, discontinuity }) =>
      `${keyFrame ? "key" : "p"}${replayed ? " replayed" : ""}${discontinuity ? " after a gap" : ""}`,
  );

test("a reader hears the state and the format before its first picture", async () => {
  const camera = await aCamera();
  const { read, states, taps, cameraId } = aService(camera.address());
  const reader = read("all");
  await playing(camera);
  camera.picture(true);
  camera.picture(false);
  await has(reader.units, 2);
  expect(reader.heard).toEqual(["connecting", "avc1.4D4016", "online"]);
  expect(flags(reader.units)).toEqual(["key", "p"]);
  expect(states.map(({ status }) => status)).toEqual(["connecting", "online"]);
  expect(taps.state(cameraId)).toMatchObject({ status: "online", format: { widthPx: 640 } });
});

test("many readers share one connection, each with the frames it wants", async () => {
  const camera = await aCamera();
  const { read, taps } = aService(camera.address());
  const [all, key, none] = [read("all"), read("key"), read("none")];
  await playing(camera);
  for (const keyFrame of [true, false, false, true]) camera.picture(keyFrame);
  await has(all.units, 4);
  expect(flags(key.units)).toEqual(["key", "key"]);
  expect(none.units).toEqual([]);
  expect(none.heard).toContain("online");
  expect(camera.connections()).toBe(1);
  expect(taps.stats()).toMatchObject([{ readers: 3, accessUnits: 4, keyFrames: 2, lost: 0 }]);
});

test("a new reader gets the newest group of pictures at once, and goes on live", async () => {
  const camera = await aCamera();
  const { read } = aService(camera.address());
  const first = read("all");
  await playing(camera);
  for (const keyFrame of [true, false, true, false, false]) camera.picture(keyFrame);
  await has(first.units, 5);
  const [all, key] = [read("all"), read("key")];
  await has(all.units, 3);
  camera.picture(false);
  await has(all.units, 4);
  expect(flags(all.units)).toEqual(["key replayed", "p replayed", "p replayed", "p"]);
  expect(flags(key.units)).toEqual(["key replayed"]);
  expect(all.heard.slice(0, 2)).toEqual(["online", "avc1.4D4016"]);
});

test("while only key frames are wanted the rest is passed over; who joins for all starts at the next key frame", async () => {
  const camera = await aCamera();
  const { read, taps } = aService(camera.address());
  const key = read("key");
  await playing(camera);
  for (const keyFrame of [true, false, false]) camera.picture(keyFrame);
  await until(() => expect(taps.stats()[0]?.skipped).toBe(2));
  const all = read("all");
  await has(all.units, 1);
  for (const keyFrame of [false, true, false]) camera.picture(keyFrame);
  await has(all.units, 3);
  expect(flags(all.units)).toEqual(["key replayed", "key after a gap", "p"]);
  expect(flags(key.units)).toEqual(["key", "key"]);
});

test("a camera stays connected 10 s after its last reader, then is left", async () => {
  const camera = await aCamera();
  const { read, time, faults, taps } = aService(camera.address());
  const arrived = (count: number) => until(() => expect(taps.stats()[0]?.accessUnits).toBe(count));
  const reader = read("key");
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 1);
  reader.end();
  time.advance(4_000);
  const back = read("key");
  await has(back.units, 1);
  back.end();
  for (const count of [2, 3, 4]) {
    camera.picture(true, { fill: count });
    await arrived(count);
    time.advance(3_300);
  }
  expect(camera.open()).toBe(1);
  time.advance(200);
  await until(() => expect(camera.open()).toBe(0));
  expect(camera.methods().at(-1)).toBe("TEARDOWN");
  expect(camera.connections()).toBe(1);
  expect(faults()).toEqual(["connecting", "online", "unknown"]);
});

test("a dropped camera is named at once and plays again within 5 s of its return", async () => {
  const camera = await aCamera();
  const { read, time, states, faults } = aService(camera.address());
  const reader = read("all");
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 1);

  camera.state.answer = () => "drop";
  camera.drop();
  await until(() => expect(faults().at(-1)).toBe("dropped"));
  for (let tries = 2; tries < 6; tries += 1) {
    time.advance(3_000);
    await until(() => expect(camera.connections()).toBe(tries));
    await until(() => expect(faults().filter((fault) => fault === "refused")).toHaveLength(tries - 1));
  }
  const last = states.at(-1);
  expect(last?.status === "down" && (last.nextTryAtMs ?? 0) - time.clock.nowMs()).toBeLessThanOrEqual(3_000);
  expect(faults()).not.toContain("unknown");

  camera.state.answer = () => undefined;
  time.advance(3_000);
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 2);
  expect(flags(reader.units)).toEqual(["key", "key after a gap"]);
  expect(faults().at(-1)).toBe("online");
});

test("a camera that sends no picture for 5 s is frozen, and connected anew", async () => {
  const camera = await aCamera();
  const { read, time, faults, taps } = aService(camera.address());
  const reader = read("key");
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 1);
  time.advance(4_000);
  camera.picture(false);
  await until(() => expect(taps.stats()[0]?.skipped).toBe(1));
  time.advance(4_000);
  expect(faults().at(-1)).toBe("online");
  time.advance(1_000);
  await until(() => expect(faults().at(-1)).toBe("frozen"));
  time.advance(1_000);
  await until(() => expect(camera.connections()).toBe(2));
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 2);
  expect(faults().at(-1)).toBe("online");
});

test("a camera that repeats one picture is frozen while it does, and its pictures go on", async () => {
  const camera = await aCamera();
  const { read, time, faults } = aService(camera.address());
  const reader = read("key");
  await playing(camera);
  for (let count = 1; count <= 4; count += 1) {
    camera.picture(true);
    await has(reader.units, count);
    time.advance(2_000);
  }
  expect(faults().at(-1)).toBe("frozen");
  camera.picture(true, { fill: 0x33 });
  await has(reader.units, 5);
  expect(faults().at(-1)).toBe("online");
  expect(camera.connections()).toBe(1);
});

test("a wrong password is not sent again by itself, nor by new readers, but when a person asks", async () => {
  const camera = await aCamera({ user: "admin", password: "changed", auth: "md5" });
  const { read, time, states, faults, taps, cameraId } = aService(camera.address("live", "admin", "old"));
  const reader = read("key");
  await until(() => expect(faults().at(-1)).toBe("unauthorized"));
  expect(states.at(-1)).not.toHaveProperty("nextTryAtMs");
  time.advance(60_000);
  reader.end();
  time.advance(60_000);
  const second = read("key");
  await until(() => expect(second.heard).toContain("down"));
  time.advance(60_000);
  expect(camera.connections()).toBe(1);

  camera.state.password = "old";
  taps.retryNow(cameraId);
  await playing(camera);
  camera.picture(true);
  await has(second.units, 1);
  expect(faults().at(-1)).toBe("online");
});

test("a changed password is tried at once", async () => {
  const camera = await aCamera({ user: "admin", password: "new", auth: "md5" });
  const { read, addresses, faults, taps, cameraId } = aService(camera.address("live", "admin", "old"));
  read("key");
  await until(() => expect(faults().at(-1)).toBe("unauthorized"));
  addresses.main = camera.address("live", "admin", "new");
  await taps.cameraChanged(cameraId);
  await playing(camera);
});

test("a changed address moves the readers, an unchanged one disturbs nobody", async () => {
  const [old, moved] = [await aCamera(), await aCamera()];
  const { read, addresses, taps, cameraId } = aService(old.address());
  const reader = read("all");
  await playing(old);
  old.picture(true);
  await has(reader.units, 1);
  await taps.cameraChanged(cameraId);
  expect(old.connections()).toBe(1);
  addresses.main = moved.address();
  await taps.cameraChanged(cameraId);
  await playing(moved);
  moved.picture(true);
  await has(reader.units, 2);
  expect(flags(reader.units)).toEqual(["key", "key after a gap"]);
  await until(() => expect(old.open()).toBe(0));
});

test("the sub stream of a camera that has none is its main stream, until it has one", async () => {
  const [main, sub] = [await aCamera(), await aCamera()];
  const { read, addresses, taps, cameraId } = aService(main.address());
  const [live, station] = [read("all", "main"), read("key", "sub")];
  await playing(main);
  main.picture(true);
  await Promise.all([has(live.units, 1), has(station.units, 1)]);
  expect(main.connections()).toBe(1);
  addresses.sub = sub.address();
  await taps.cameraChanged(cameraId);
  await playing(sub);
  sub.picture(true);
  await has(station.units, 2);
  expect(live.units).toHaveLength(1);
});

test("the readers of a removed camera are told, as is who asks for one that never was", async () => {
  const camera = await aCamera();
  const { read, addresses, taps, cameraId } = aService(camera.address());
  const reader = read("all");
  await playing(camera);
  addresses.main = undefined;
  await taps.cameraChanged(cameraId);
  expect(reader.heard.filter((heard) => heard === "gone")).toHaveLength(1);
  await until(() => expect(camera.open()).toBe(0));
  expect(taps.stats()).toEqual([]);
  const late = read("all");
  await until(() => expect(late.heard).toEqual(["gone"]));
});

test("a service that stops says goodbye to every camera and leaves no timer", async () => {
  const camera = await aCamera();
  const { read, taps, time } = aService(camera.address());
  const reader = read("all");
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 1);
  taps.stop();
  await until(() => expect(camera.open()).toBe(0));
  expect(time.pending()).toBe(0);
});
