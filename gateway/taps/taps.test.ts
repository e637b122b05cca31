import { afterEach, expect, test } from "vitest";
import { type FakeCamera, type FakeCameraOptions, startFakeCamera } from "./rtsp/fake-rtsp-camera.memory.ts";
import type { TappedUnit } from "./tap.ts";
import { aTapService, playing, until } from "./tap-service.memory.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function aCamera(options?: FakeCameraOptions): Promise<FakeCamera> {
  const camera = await startFakeCamera(options);
  cleanups.push(camera.stop);
  return camera;
}

function aService(...addresses: Parameters<typeof aTapService>) {
  const service = aTapService(...addresses);
  cleanups.push(service.taps.stop);
  return service;
}
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
  const { read, time, faults, nextTryMs } = aService(camera.address());
  const reader = read("all");
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 1);

  camera.state.answer = () => "drop";
  camera.drop();
  await until(() => expect(faults().at(-1)).toBe("dropped"));
  for (let tries = 2; tries < 5; tries += 1) {
    time.advance(3_000);
    await until(() => expect(camera.connections()).toBe(tries));
    await until(() => expect(faults().filter((fault) => fault === "refused")).toHaveLength(tries - 1));
  }
  expect(nextTryMs()).toBeGreaterThan(0);
  expect(nextTryMs()).toBeLessThanOrEqual(3_000);
  expect(faults()).not.toContain("unknown");

  camera.state.answer = () => undefined;
  time.advance(3_000);
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 2);
  expect(flags(reader.units)).toEqual(["key", "key after a gap"]);
  expect(faults().at(-1)).toBe("online");
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

test("a camera is read over UDP where that is chosen, and moves there when it is", async () => {
  const camera = await aCamera({ udp: "plays" });
  const { read, choice, taps, cameraId } = aService(camera.address());
  const reader = read("all");
  await playing(camera);
  camera.picture(true);
  await has(reader.units, 1);
  choice.transport = "udp";
  await taps.cameraChanged(cameraId);
  await until(() => expect(camera.connections()).toBe(2));
  await playing(camera);
  camera.picture(true, { sizeBytes: 5_000 });
  camera.picture(false);
  await has(reader.units, 3);
  expect(flags(reader.units)).toEqual(["key", "key after a gap", "p"]);
  expect(camera.requests.filter(({ method }) => method === "SETUP")[1]?.headers.get("transport")).toMatch(
    /^RTP\/AVP;unicast;client_port=/,
  );
  await taps.cameraChanged(cameraId);
  expect(camera.connections()).toBe(2);
});

test("what arrives and what is new of it is counted, whatever is wanted", async () => {
  const camera = await aCamera();
  const { read, taps, time } = aService(camera.address());
  read("none");
  expect(taps.stats()).toEqual([]);
  await playing(camera);
  expect(taps.stats()).toMatchObject([{ stream: "main", readers: 1, pictures: 0, lastPictureAtMs: null }]);
  for (const keyFrame of [true, false, false]) camera.picture(keyFrame, { sizeBytes: 400 });
  await camera.settled();
  const lastPictureAtMs = time.clock.nowMs();
  time.advance(1_000);
  camera.picture(true, { sizeBytes: 400 });
  await camera.settled();
  const receivedBytes = 4 * (12 + 400);
  expect(taps.stats()).toMatchObject([
    { pictures: 3, lastPictureAtMs, receivedBytes, watchdogRestarts: 0, circuit: "closed", skipped: 2 },
  ]);
});
