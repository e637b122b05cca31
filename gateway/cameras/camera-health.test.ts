import { expect, test } from "vitest";
import { CameraHealth } from "#contract/camera-health.ts";
import type { CameraState } from "#contract/cameras.ts";
import type { EventRecord } from "#contract/events.ts";
import { aCamera, anId, STORE_ID } from "#contract/examples.ts";
import { createBus } from "../kernel/bus.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createCameraHealth } from "./camera-health.ts";
import type { TapCounts } from "./camera-watch.ts";
import { memoryUptime } from "./uptime.memory.ts";

const NOON = Date.parse("2026-03-01T12:00:30.000Z");
const format = { family: "h264" as const, codec: "avc1.4D401E", hasBFrames: false, fps: 15 };
const down = (fault: "timeout" | "unauthorized", sinceAtMs = NOON): CameraState => ({
  status: "down",
  sinceAtMs,
  fault,
  detail: "",
});

/** A monitor of taps that the test speaks for, on a clock that it moves. */
async function aMonitor(cameraIds = [anId()], uptime = memoryUptime(), startAtMs = NOON) {
  const bus = createBus(silentLogger());
  const taps = new Map<string, (state: CameraState) => void>();
  const counts = new Map<string, TapCounts>();
  const stored: EventRecord[] = [];
  const told: CameraHealth[] = [];
  bus.on("camera.health", (health) => told.push(CameraHealth.parse(health)));
  let nowMs = startAtMs;
  let look = () => {};
  const monitor = createCameraHealth({
    cameraIds: () => cameraIds,
    bus,
    watchCamera(cameraId, onState) {
      taps.set(cameraId, onState);
      return () => taps.delete(cameraId);
    },
    tapCounts: () => counts,
    uptime,
    record: async (events) => void stored.push(...events),
    storeId: STORE_ID,
    newId: anId,
    nowMs: () => nowMs,
    log: silentLogger(),
    every(work) {
      look = work;
      return () => {
        look = () => {};
      };
    },
  });
  await monitor.start();
  const say = (cameraId: string, state: CameraState) => taps.get(cameraId)?.(state);
  /** All cameras that are counted give 15 pictures a second, or those given. */
  const pass = (seconds: number, fps = 15) => {
    for (let second = 0; second < seconds; second += 2) {
      nowMs += 2_000;
      for (const of of fps > 0 ? counts.values() : []) {
        of.pictures += 2 * fps;
        of.packets += 200;
        of.receivedBytes += 125_000;
        of.lastPictureAtMs = nowMs;
      }
      look();
    }
  };
  const sleep = (seconds: number) => {
    nowMs += seconds * 1_000;
  };
  const play = (cameraId: string) => {
    counts.set(cameraId, {
      pictures: 0,
      receivedBytes: 0,
      packets: 0,
      lost: 0,
      lastPictureAtMs: null,
      circuit: "closed",
    });
    say(cameraId, { status: "online", sinceAtMs: nowMs, format });
  };
  const healthOf = (cameraId: string) => monitor.list().find((health) => health.cameraId === cameraId);
  const events = () =>
    stored.map(({ payload }) => [payload?.status, payload?.reason].filter(Boolean).join(" "));
  return {
    monitor,
    bus,
    taps,
    counts,
    stored,
    told,
    uptime,
    say,
    play,
    pass,
    sleep,
    healthOf,
    events,
    nowMs: () => nowMs,
  };
}

test("a camera is unknown until it is seen, then as its tap says, with its figures", async () => {
  const id = anId();
  const { healthOf, play, pass } = await aMonitor([id]);
  expect(healthOf(id)).toMatchObject({ status: "unknown", uptime24h: null, circuit: "closed" });
  play(id);
  pass(20);
  expect(healthOf(id)).toMatchObject({
    status: "online",
    sinceAtMs: NOON,
    fps: 15,
    bitrateKbps: 500,
    lastFrameAtMs: NOON + 20_000,
    uptime24h: 1,
    watched24hMs: 20_000,
  });
});

test("each change is one event and one message, at once; nothing is told twice", async () => {
  const id = anId();
  const { monitor, say, play, pass, told, events } = await aMonitor([id]);
  play(id);
  say(id, down("timeout"));
  say(id, { ...down("timeout"), nextTryAtMs: 5 } as CameraState);
  pass(60);
  say(id, down("unauthorized"));
  expect(told.map(({ status }) => status)).toEqual(["online", "offline", "unauthorized"]);
  await monitor.stop();
  expect(events()).toEqual(["online", "offline timeout", "unauthorized unauthorized"]);
});

test("a camera that gives far too few pictures is degraded, and well again later", async () => {
  const id = anId();
  const { monitor, play, pass, events, healthOf } = await aMonitor([id]);
  play(id);
  pass(60, 3);
  expect(healthOf(id)).toMatchObject({ status: "degraded", reason: "low_frame_rate", fps: 3 });
  pass(60);
  await monitor.stop();
  expect(events()).toEqual(["online", "degraded low_frame_rate", "online"]);
});

test("every camera that was seen is told once per 5 minutes, however quiet it is", async () => {
  const [one, two, unseen] = [anId(), anId(), anId()];
  const { monitor, play, say, pass, stored, events } = await aMonitor([one, two, unseen]);
  play(one);
  say(two, down("timeout"));
  await Promise.resolve();
  pass(11 * 60);
  await monitor.stop();
  expect(events()).toEqual([
    "online",
    "offline timeout",
    "online",
    "offline timeout",
    "online",
    "offline timeout",
  ]);
  const buckets = stored.slice(2).map(({ ts }) => ts.slice(11, 16));
  expect(buckets).toEqual(["12:05", "12:05", "12:10", "12:10"]);
});

test("figures alone are told when they moved, and not oftener than every 10 s", async () => {
  const id = anId();
  const { play, pass, told } = await aMonitor([id]);
  play(id);
  pass(600);
  expect(told.map(({ fps }) => fps)).toEqual([undefined, 15]);
  pass(10, 11);
  pass(60, 11);
  expect(told.length).toBeLessThanOrEqual(4);
  expect(told.at(-1)?.fps).toBe(11);
});

test("restarts by the watchdog and the circuit are told", async () => {
  const id = anId();
  const { bus, play, pass, counts, healthOf, told } = await aMonitor([id]);
  play(id);
  bus.emit("camera.restarted", { cameraId: id, by: "tap" });
  bus.emit("camera.restarted", { cameraId: id, by: "media" });
  bus.emit("camera.restarted", { cameraId: anId(), by: "tap" });
  const of = counts.get(id);
  if (of) of.circuit = "open";
  pass(2);
  expect(healthOf(id)).toMatchObject({ watchdogRestarts: 2, circuit: "open" });
  expect(told.at(-1)).toMatchObject({ watchdogRestarts: 2, circuit: "open" });
});

test("uptime survives a restart, and the time in between counts for nothing", async () => {
  const id = anId();
  const first = await aMonitor([id]);
  first.play(id);
  first.pass(90);
  first.say(id, down("timeout"));
  first.pass(30);
  await first.monitor.stop();
  expect(first.taps.size).toBe(0);
  const second = await aMonitor([id], first.uptime, first.nowMs() + 600_000);
  expect(second.healthOf(id)).toMatchObject({ status: "unknown", uptime24h: 0.75, watched24hMs: 120_000 });
});

test("time without pictures is no uptime, long before the camera counts as frozen", async () => {
  const id = anId();
  const { play, pass, healthOf } = await aMonitor([id]);
  play(id);
  pass(10);
  pass(14, 0);
  expect(healthOf(id)).toMatchObject({ status: "online", fps: 0, watched24hMs: 24_000 });
  expect(healthOf(id)?.uptime24h).toBeCloseTo(14 / 24);
});

test("uptime is on disk within a minute, for a gateway that is killed", async () => {
  const id = anId();
  const { play, pass, uptime } = await aMonitor([id]);
  play(id);
  pass(62);
  await Promise.resolve();
  expect((await uptime.since(0)).map(({ upMs }) => upMs)).toEqual([60_000]);
});

test("a computer that slept did not watch meanwhile", async () => {
  const id = anId();
  const { play, pass, sleep, healthOf } = await aMonitor([id]);
  play(id);
  pass(2);
  sleep(3_600);
  pass(2);
  expect(healthOf(id)?.watched24hMs).toBeLessThan(20_000);
});

test("it follows the list: a new camera is watched, a removed one is forgotten with its hours", async () => {
  const ids = [anId()];
  const { bus, taps, play, pass, monitor, uptime, stored } = await aMonitor(ids);
  const camera = aCamera();
  ids.push(camera.id);
  bus.emit("camera.changed", { camera });
  bus.emit("camera.changed", { camera });
  play(camera.id);
  pass(62);
  expect(monitor.list().map(({ status }) => status)).toEqual(["unknown", "online"]);
  ids.pop();
  bus.emit("camera.removed", { cameraId: camera.id });
  expect(taps.has(camera.id)).toBe(false);
  pass(600);
  await monitor.stop();
  expect(await uptime.since(0)).toEqual([]);
  expect(stored).toHaveLength(1);
});

test("hours of a camera that went while the gateway was off are removed at the start", async () => {
  const uptime = memoryUptime();
  await uptime.put([{ cameraId: anId(), hourStartMs: NOON - 3_600_000, watchedMs: 1, upMs: 1 }]);
  await aMonitor([anId()], uptime);
  expect(await uptime.since(0)).toEqual([]);
});
