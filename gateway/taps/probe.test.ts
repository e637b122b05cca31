import { afterEach, expect, test } from "vitest";
import { manualClock } from "./manual-clock.memory.ts";
import { probeAddress } from "./probe.ts";
import { type FakeCamera, type FakeCameraOptions, startFakeCamera } from "./rtsp/fake-rtsp-camera.memory.ts";
import { playing, until } from "./tap-service.memory.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});
async function aCamera(options?: FakeCameraOptions): Promise<FakeCamera> {
  const camera = await startFakeCamera(options);
  cleanups.push(camera.stop);
  return camera;
}

test("a camera that plays is ok, with its format, and is left again", async () => {
  const camera = await aCamera();
  const time = manualClock();
  const answer = probeAddress(camera.address(), { clock: time.clock });
  await playing(camera);
  camera.picture(true);
  await camera.settled();
  time.advance(600);
  expect(await answer).toMatchObject({
    outcome: "ok",
    format: { family: "h264", codec: "avc1.4D4016", widthPx: 640, heightPx: 360 },
  });
  await until(() => expect(camera.methods().at(-1)).toBe("TEARDOWN"));
});

test("a camera that describes its format but sends no picture in time is ok", async () => {
  const camera = await aCamera();
  const time = manualClock();
  const answer = probeAddress(camera.address(), { clock: time.clock });
  await playing(camera);
  time.advance(5_000);
  expect(await answer).toMatchObject({ outcome: "ok", tookMs: 5_000 });
});

test("over UDP a camera is ok with its first packet, and one of which none arrives is not", async () => {
  const [good, mute] = [await aCamera({ udp: "plays" }), await aCamera({ udp: "mute" })];
  for (const camera of [good, mute]) {
    const time = manualClock();
    const answer = probeAddress(camera.address(), { clock: time.clock, rtspTransport: "udp" });
    await playing(camera);
    camera.picture(true);
    if (camera === good) await until(() => expect(time.dueInMs()).toContain(500));
    time.advance(5_000);
    expect(await answer).toMatchObject(
      camera === good
        ? { outcome: "ok", format: { widthPx: 640 }, tookMs: 500 }
        : { outcome: "failed", fault: "timeout", detail: expect.stringContaining("no UDP packet arrives") },
    );
  }
});

test("one that does not speak UDP says so in its answer", async () => {
  const camera = await aCamera();
  const answer = await probeAddress(camera.address(), { rtspTransport: "udp" });
  expect(answer).toMatchObject({ fault: "protocol", detail: expect.stringContaining("461") });
});

test("a camera that does not describe itself is timed out within 5 s", async () => {
  const camera = await aCamera({ answer: ({ method }) => (method === "DESCRIBE" ? "mute" : undefined) });
  const time = manualClock();
  const answer = probeAddress(camera.address(), { clock: time.clock });
  await until(() => expect(camera.requests).toHaveLength(2));
  time.advance(5_000);
  expect(await answer).toMatchObject({ outcome: "failed", fault: "timeout", tookMs: 5_000 });
});

test("a wrong password, a wrong path and a closed port are told apart", async () => {
  const locked = await aCamera({ user: "admin", password: "right", auth: "sha256" });
  expect(await probeAddress(locked.address("live", "admin", "wrong"))).toMatchObject({
    fault: "unauthorized",
  });
  const other = await aCamera({
    answer: ({ method }) => (method === "DESCRIBE" ? "RTSP/1.0 404 Not Found\r\n\r\n" : undefined),
  });
  expect(await probeAddress(other.address())).toMatchObject({ fault: "not_found" });
  const closed = await startFakeCamera();
  await closed.stop();
  expect(await probeAddress(closed.address())).toMatchObject({ fault: "refused" });
  expect(await probeAddress("http://camera/")).toMatchObject({ outcome: "failed", fault: "protocol" });
});
