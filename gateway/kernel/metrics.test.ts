import { afterEach, expect, test } from "vitest";
import type { CameraHealth } from "#contract/camera-health.ts";
import { anId } from "#contract/examples.ts";
import type { Sink } from "#contract/sinks.ts";
import { createBus } from "./bus.ts";
import { silentLogger } from "./logger.ts";
import { createMetrics } from "./metrics.ts";

const aHealth = (overrides: Partial<CameraHealth> = {}): CameraHealth => ({
  cameraId: anId(),
  status: "online",
  sinceAtMs: 0,
  uptime24h: 0.5,
  watched24hMs: 1,
  watchdogRestarts: 0,
  circuit: "closed",
  ...overrides,
});

const evidence = () => ({ stored: 3, swept: 1, pictures: 2, bytes: 4_096 });

const sinks: Sink[] = [];
afterEach(() => {
  sinks.length = 0;
});

function someMetrics(...health: CameraHealth[]) {
  const bus = createBus(silentLogger());
  const metrics = createMetrics({ bus, cameraHealth: () => health, evidence, sinks: async () => sinks });
  /** The lines of one metric, without their comments. */
  const lines = async (name: string) =>
    (await metrics.text()).split("\n").filter((line) => line.startsWith(`${name}{`));
  return { bus, metrics, lines };
}

test("a camera's figures stand under its id", async () => {
  const health = aHealth({ status: "degraded", fps: 14.9, bitrateKbps: 512, circuit: "open" });
  const { lines } = someMetrics(health);
  const label = `camera_id="${health.cameraId}"`;
  expect(await lines("guarita_camera_up")).toEqual([`guarita_camera_up{${label}} 1`]);
  expect(await lines("guarita_camera_degraded")).toEqual([`guarita_camera_degraded{${label}} 1`]);
  expect(await lines("guarita_camera_fps")).toEqual([`guarita_camera_fps{${label}} 14.9`]);
  expect(await lines("guarita_camera_bitrate_kbps")).toEqual([`guarita_camera_bitrate_kbps{${label}} 512`]);
  expect(await lines("guarita_camera_uptime_24h_ratio")).toEqual([
    `guarita_camera_uptime_24h_ratio{${label}} 0.5`,
  ]);
  expect(await lines("guarita_camera_circuit_state")).toEqual([
    `guarita_camera_circuit_state{${label},state="closed"} 0`,
    `guarita_camera_circuit_state{${label},state="open"} 1`,
    `guarita_camera_circuit_state{${label},state="half_open"} 0`,
  ]);
});

test("restarts are counted from 0 on, by who restarted", async () => {
  const health = aHealth();
  const { bus, lines } = someMetrics(health);
  const line = (by: string, count: number) =>
    `watchdog_restarts_total{camera_id="${health.cameraId}",by="${by}"} ${count}`;
  expect(await lines("watchdog_restarts_total")).toEqual([line("tap", 0), line("media", 0)]);
  bus.emit("camera.restarted", { cameraId: health.cameraId, by: "tap" });
  bus.emit("camera.restarted", { cameraId: health.cameraId, by: "tap" });
  bus.emit("camera.restarted", { cameraId: health.cameraId, by: "media" });
  expect(await lines("watchdog_restarts_total")).toEqual([line("tap", 2), line("media", 1)]);
});

test("a camera that is removed leaves nothing, and one nobody heard from is neither up nor down", async () => {
  const gone = aHealth({ fps: 15 });
  const health = [gone];
  const bus = createBus(silentLogger());
  const metrics = createMetrics({ bus, cameraHealth: () => health, evidence, sinks: async () => sinks });
  expect(await metrics.text()).toContain(gone.cameraId);
  health.splice(0, 1, aHealth({ status: "unknown", uptime24h: null }));
  bus.emit("camera.removed", { cameraId: gone.cameraId });
  const text = await metrics.text();
  expect(text).not.toContain(gone.cameraId);
  expect(text).not.toContain("guarita_camera_up{");
});

test("Node's own figures are there, in the format that Prometheus reads", async () => {
  const { metrics } = someMetrics();
  expect(metrics.contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  const text = await metrics.text();
  for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes", "nodejs_eventloop_lag"])
    expect(text).toContain(name);
});

test("pictures of evidence are counted, and what is kept is told", async () => {
  const { metrics } = someMetrics();
  await metrics.text();
  const text = await metrics.text(); // asking twice counts nothing twice
  expect(text).toContain("guarita_evidence_stored_total 3");
  expect(text).toContain("guarita_evidence_swept_total 1");
  expect(text).toContain("guarita_evidence_pictures 2");
  expect(text).toContain("guarita_evidence_bytes 4096");
});

test("a sink's ledger, state and oldest event stand under its id", async () => {
  const { lines } = someMetrics();
  sinks.push({
    id: anId(),
    name: "Head office",
    isEnabled: true,
    isPaused: false,
    eventNames: null,
    everyMs: 0,
    batchEvents: 1,
    retentionDays: 7,
    target: {
      kind: "amqp",
      url: "amqp://x",
      username: "",
      exchange: "e",
      visionExchange: "v",
      cameraExchange: "c",
    },
    secrets: [],
    state: { status: "open", reason: "x", failures: 5, untilMs: 0 },
    ledger: {
      created: 9,
      acknowledged: 3,
      waiting: 2,
      parked: 1,
      discarded: 1,
      expired: 2,
      isBalanced: false,
    },
    oldestWaitingMs: 1_500,
    ratePerS: 0,
    emptyInS: null,
    lastSuccessAtMs: null,
  });
  const label = `sink_id="${sinks[0]?.id}"`;
  expect(await lines("guarita_sink_events_total")).toEqual([
    `guarita_sink_events_total{${label},end="created"} 9`,
    `guarita_sink_events_total{${label},end="acknowledged"} 3`,
    `guarita_sink_events_total{${label},end="discarded"} 1`,
    `guarita_sink_events_total{${label},end="expired"} 2`,
  ]);
  expect(await lines("guarita_sink_waiting")).toEqual([`guarita_sink_waiting{${label}} 2`]);
  expect(await lines("guarita_sink_parked")).toEqual([`guarita_sink_parked{${label}} 1`]);
  expect(await lines("guarita_sink_ledger_balanced")).toEqual([`guarita_sink_ledger_balanced{${label}} 0`]);
  expect(await lines("guarita_sink_oldest_waiting_seconds")).toEqual([
    `guarita_sink_oldest_waiting_seconds{${label}} 1.5`,
  ]);
  expect(await lines("guarita_sink_state")).toContain(`guarita_sink_state{${label},state="open"} 1`);
});
