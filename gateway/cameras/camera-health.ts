import type { CameraHealth } from "#contract/camera-health.ts";
import type { CameraState } from "#contract/cameras.ts";
import type { Bus } from "../kernel/bus.ts";
import type { Logger } from "../kernel/logger.ts";
import { type CameraWatch, createCameraWatch, type TapCounts, type WatchedHealth } from "./camera-watch.ts";
import { bucketOf, createHealthEvents, type HealthEventsDeps } from "./health-events.ts";
import { createUptimeLedger, firstHourMs, type UptimeLedger, type UptimeStore } from "./uptime.ts";

const LOOK_EVERY_MS = 2_000;
/** A computer that slept did not look at its cameras meanwhile. */
const LONGEST_LOOK_MS = 10_000;
const SAVE_EVERY_MS = 60_000;
/** Figures alone are told no more often, and only when they moved. */
const FIGURES_EVERY_MS = 10_000;

export type CameraHealthDeps = Omit<HealthEventsDeps, "log"> & {
  cameraIds: () => string[];
  bus: Bus;
  /** Keeps the camera read, without its pictures, and tells its state at once and on each change, until ended. */
  watchCamera(cameraId: string, onState: (state: CameraState) => void): () => void;
  /** By camera id: the counts of the stream that is read for the watching. */
  tapCounts: () => Map<string, TapCounts>;
  uptime: UptimeStore;
  nowMs: () => number;
  log: Logger;
  every?: (work: () => void, everyMs: number) => () => void;
};

type Watched = { watch: CameraWatch; end: () => void; told: WatchedHealth; toldAtMs: number; bucket: number };

/** Watches every camera all the time, whoever else looks, and keeps how each one is and has been. */
export function createCameraHealth(deps: CameraHealthDeps) {
  const { bus, nowMs, log } = deps;
  const events = createHealthEvents(deps);
  const watched = new Map<string, Watched>();
  const endings: (() => void)[] = [];
  let ledger: UptimeLedger = createUptimeLedger([]);
  let lastLookAtMs = 0;
  let lastSaveAtMs = 0;

  function begin(cameraId: string): void {
    if (watched.has(cameraId)) return;
    const atMs = nowMs();
    const watch = createCameraWatch(cameraId, atMs);
    const entry: Watched = {
      watch,
      end: () => {},
      told: watch.health(),
      toldAtMs: 0,
      bucket: bucketOf(atMs),
    };
    watched.set(cameraId, entry);
    entry.end = deps.watchCamera(cameraId, (state) => {
      watch.onState(state, nowMs());
      tell(entry);
    });
  }

  function forget(cameraId: string): void {
    watched.get(cameraId)?.end();
    watched.delete(cameraId);
    ledger.forget(cameraId);
    deps.uptime
      .forget(cameraId)
      .catch((error: unknown) =>
        log.warn({ err: error, cameraId }, "a removed camera's uptime stays stored"),
      );
  }

  /** On the bus what changed; among the events what the camera's state became. */
  function tell(entry: Watched): void {
    const atMs = nowMs();
    const health = entry.watch.health();
    const { told } = entry;
    const isOther = health.status !== told.status || health.reason !== told.reason;
    const isDue = atMs - entry.toldAtMs >= FIGURES_EVERY_MS && figuresMoved(told, health);
    if (!isOther && !isDue && !countersMoved(told, health)) return;
    entry.told = health;
    entry.toldAtMs = atMs;
    const whole = withUptime(health, atMs);
    bus.emit("camera.health", whole);
    if (!isOther) return;
    events.changed(whole, atMs);
    void events.flush();
  }

  const withUptime = (health: WatchedHealth, atMs: number): CameraHealth => ({
    ...health,
    ...ledger.of(health.cameraId, atMs),
  });

  function look(): void {
    const atMs = nowMs();
    const spanMs = Math.min(Math.max(0, atMs - lastLookAtMs), LONGEST_LOOK_MS);
    lastLookAtMs = atMs;
    const counts = deps.tapCounts();
    for (const [cameraId, entry] of watched) {
      const ofCamera = counts.get(cameraId);
      if (ofCamera) entry.watch.onCounts(ofCamera, atMs);
      const gives = entry.watch.gives(atMs);
      if (gives !== "unknown") ledger.add(cameraId, atMs, spanMs, gives === "pictures");
      tell(entry);
      if (entry.bucket === bucketOf(atMs)) continue;
      entry.bucket = bucketOf(atMs);
      events.periodic(withUptime(entry.watch.health(), atMs), atMs);
    }
    void events.flush();
    if (atMs - lastSaveAtMs >= SAVE_EVERY_MS) void save(atMs);
  }

  async function save(atMs: number): Promise<void> {
    lastSaveAtMs = atMs;
    ledger.dropOld(atMs);
    try {
      await ledger.save(deps.uptime.put);
      await deps.uptime.removeBefore(firstHourMs(atMs));
    } catch (error) {
      log.warn({ err: error }, "the cameras' uptime cannot be stored now");
    }
  }

  /** What was stored for cameras that are gone goes too. */
  async function load(): Promise<void> {
    ledger = createUptimeLedger(await deps.uptime.since(firstHourMs(nowMs())));
    const known = new Set(deps.cameraIds());
    for (const cameraId of ledger.cameraIds()) if (!known.has(cameraId)) forget(cameraId);
  }

  return {
    /** Once every camera is in the list: from then on it follows the list by the bus. */
    async start(): Promise<void> {
      await load();
      lastLookAtMs = nowMs();
      lastSaveAtMs = lastLookAtMs;
      endings.push(
        bus.on("camera.changed", ({ camera }) => begin(camera.id)),
        bus.on("camera.removed", ({ cameraId }) => forget(cameraId)),
        bus.on("camera.restarted", ({ cameraId }) => watched.get(cameraId)?.watch.onRestart()),
        (deps.every ?? everyByTimer)(look, LOOK_EVERY_MS),
      );
      for (const cameraId of deps.cameraIds()) begin(cameraId);
    },
    /** Resolves when everything that was counted is stored. */
    async stop(): Promise<void> {
      for (const end of endings.splice(0)) end();
      for (const { end } of watched.values()) end();
      await Promise.all([save(nowMs()), events.flush()]);
    },
    /** In the order of the list; a camera that is not watched yet is unknown. */
    list: (): CameraHealth[] =>
      deps.cameraIds().map((cameraId) => {
        const watch = watched.get(cameraId)?.watch ?? createCameraWatch(cameraId, nowMs());
        return withUptime(watch.health(), nowMs());
      }),
  };
}
export type CameraHealthMonitor = ReturnType<typeof createCameraHealth>;

const countersMoved = (told: WatchedHealth, health: WatchedHealth): boolean =>
  told.circuit !== health.circuit || told.watchdogRestarts !== health.watchdogRestarts;

/** By more than a tenth; or they are there now, or gone. */
function figuresMoved(told: WatchedHealth, health: WatchedHealth): boolean {
  return [
    [told.fps, health.fps],
    [told.bitrateKbps, health.bitrateKbps],
  ].some(([before = -1, after = -1]) => Math.abs(after - before) > Math.max(before, after, 0) * 0.1);
}

function everyByTimer(work: () => void, everyMs: number): () => void {
  const timer = setInterval(work, everyMs);
  return () => clearInterval(timer);
}
