import { afterEach, expect, test } from "vitest";
import { type FakeCamera, startFakeCamera } from "./rtsp/fake-rtsp-camera.memory.ts";
import { aTapService, playing, until } from "./tap-service.memory.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function aService(address: string) {
  const service = aTapService(address);
  cleanups.push(service.taps.stop);
  const { states, time, taps } = service;
  const failures = () => states.filter(({ status }) => status === "down").length;
  /** Waits until `count` tries more have failed, moving the clock by as little as each has to wait. */
  async function fails(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      const before = failures();
      if (before > 0) time.advance(service.nextTryMs());
      await until(() => expect(failures()).toBe(before + 1));
    }
  }
  const circuit = () => taps.stats()[0]?.circuit;
  return { ...service, fails, circuit };
}
async function aCamera(): Promise<FakeCamera> {
  const camera = await startFakeCamera();
  cleanups.push(camera.stop);
  return camera;
}

test("five failures in a row leave a camera alone for 60 s; then it is tried once", async () => {
  const camera = await aCamera();
  camera.state.answer = () => "drop";
  const { read, fails, circuit, nextTryMs, time, faults } = aService(camera.address());
  read("key");
  await fails(4);
  expect([circuit(), nextTryMs()]).toEqual(["closed", 2_500]);
  await fails(1);
  expect([circuit(), nextTryMs()]).toEqual(["open", 60_000]);
  expect(time.dueInMs()).toEqual([60_000]); // no knock: somebody is there
  time.advance(59_999);
  expect(camera.connections()).toBe(5);
  time.advance(1);
  expect(circuit()).toBe("half_open");
  await until(() => expect(nextTryMs()).toBe(60_000));
  expect([circuit(), camera.connections()]).toEqual(["open", 6]);

  camera.state.answer = () => undefined;
  time.advance(60_000);
  await playing(camera);
  camera.picture(true);
  await camera.settled();
  expect([circuit(), faults().at(-1)]).toEqual(["closed", "online"]);
});

test("where nobody answers at all it is knocked every 2 s, and tried as soon as somebody does", async () => {
  const gone = await startFakeCamera();
  await gone.stop();
  const { read, fails, circuit, nextTryMs, time, faults } = aService(gone.address());
  read("key");
  await fails(5);
  expect([circuit(), faults().at(-1), nextTryMs()]).toEqual(["open", "refused", 60_000]);
  for (let count = 0; count < 5; count += 1) time.advance(2_000);

  const back = await startFakeCamera({ port: gone.port });
  cleanups.push(back.stop);
  time.advance(2_000);
  await until(() => expect(back.playing()).toBe(1));
  await playing(back);
  expect(back.connections()).toBe(2); // a knock, which says nothing, and the connection
  expect(back.methods()).toEqual(["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]);
  back.picture(true);
  await back.settled();
  expect([circuit(), faults().at(-1)]).toEqual(["closed", "online"]);
});

test("a camera that starts up may refuse four times more after the knock", async () => {
  const gone = await startFakeCamera();
  await gone.stop();
  const { read, fails, circuit, nextTryMs, time, faults } = aService(gone.address());
  read("key");
  await fails(5);
  const back = await startFakeCamera({ port: gone.port, answer: () => "RTSP/1.0 503 Busy\r\n\r\n" });
  cleanups.push(back.stop);
  time.advance(2_000);
  await until(() => expect(circuit()).toBe("half_open"));
  await until(() => expect(nextTryMs()).toBe(500));
  await fails(3);
  expect([circuit(), nextTryMs()]).toEqual(["half_open", 2_500]);
  back.state.answer = () => undefined;
  time.advance(2_500);
  await playing(back);
  back.picture(true);
  await back.settled();
  expect([circuit(), faults().at(-1)]).toEqual(["closed", "online"]);
});

test("a person who asks closes it", async () => {
  const camera = await aCamera();
  camera.state.answer = () => "drop";
  const { read, fails, circuit, nextTryMs, taps, cameraId } = aService(camera.address());
  read("key");
  await fails(5);
  taps.retryNow(cameraId);
  expect(circuit()).toBe("closed");
  await until(() => expect(nextTryMs()).toBe(500));
  expect([circuit(), camera.connections()]).toEqual(["closed", 6]);
});

test("a camera that is left alone is not knocked any more once nobody wants it", async () => {
  const gone = await startFakeCamera();
  await gone.stop();
  const { read, fails, time, circuit } = aService(gone.address());
  const reader = read("key");
  await fails(5);
  reader.end();
  time.advance(10_000);
  expect([circuit(), time.pending()]).toEqual(["closed", 0]);
});
