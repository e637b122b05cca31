import type { Camera } from "#contract/cameras.ts";
import type { EventRecord } from "#contract/events.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { Shop } from "#contract/zones.ts";
import { type BackoffPolicy, backoffMs } from "../lib/backoff.ts";
import type { FromStation, WatchedCamera } from "./station.protocol.ts";
import type {
  CameraResult,
  PlateFacts,
  Station,
  StationDeps,
  StationStatus,
  TakenPicture,
} from "./station.ts";
import { createStationLock } from "./station-lock.ts";
import { type StationWorker, startStationWorker } from "./station-worker.ts";

/** The first replacement comes at once; a worker that dies again and again is given time. */
const REPLACE: BackoffPolicy = { firstMs: 500, maxMs: 30_000, jitterFraction: 0.2 };
/** A worker that lived for as long was sound. */
const SOUND_AFTER_MS = 60_000;

/**
 * The station as the page sees it. The work is done in a worker (`worker/station.worker.ts`); here are the turn among
 * the tabs of a browser, the worker's replacement when it dies, and the passing on of what it finds.
 */
export function createStation(deps: StationDeps): Station {
  const statusListeners = new Set<(status: StationStatus) => void>();
  const resultListeners = new Set<(result: CameraResult) => void>();
  let status: StationStatus = { status: "stopped" };
  let cameras: WatchedCamera[] = [];
  let shop: Shop | null = null;
  let stationId = "";
  let fences: ReadonlyMap<string, number> = new Map();
  let model: ModelEntry | null = null;
  let plates: PlateFacts = { models: null, known: null };
  let worker: StationWorker | null = null;
  let firstPort: MessagePort | null = deps.tapPort;
  let wanted = false;
  let deaths = 0;
  let bornAtMs = 0;

  const lock = createStationLock({
    locks: navigator.locks,
    onWaiting: () => setStatus({ status: "elsewhere" }),
    onHeld: run,
  });

  function setStatus(next: StationStatus): void {
    status = next;
    for (const listener of statusListeners) listener(next);
  }

  /** The worker lives on when the station is stopped: events may still be on their way out. */
  function run(): void {
    setStatus({ status: "starting" });
    worker ??= bear();
    sendCameras();
    worker?.send({ type: "model", model });
    worker?.send({ type: "plates", facts: plates });
    worker?.send({ type: "start" });
  }

  /** Those that are leased, and those that are not to be analysed: what runs there ends. */
  function sendCameras(): void {
    const leased = cameras.flatMap((camera) => {
      const fence = fences.get(camera.id);
      if (camera.analysed && fence === undefined) return [];
      return [{ ...camera, lease: fence === undefined ? null : { stationId, fence } }];
    });
    worker?.send({ type: "cameras", cameras: leased, shop });
  }

  function bear(): StationWorker | null {
    const tapPort = firstPort ?? deps.openTapPort?.();
    firstPort = null;
    if (!tapPort) {
      setStatus({ status: "failed", code: "crashed", message: "The analysis stopped. Reload the page." });
      return null;
    }
    bornAtMs = performance.now();
    return startStationWorker({ storeId: deps.storeId, tapPort, onMessage, onDeath });
  }

  function onDeath(cause: Error): void {
    worker = null;
    if (!wanted) {
      leave();
      return;
    }
    if (performance.now() - bornAtMs > SOUND_AFTER_MS) deaths = 0;
    if (deaths > 0) setStatus({ status: "failed", code: "crashed", message: cause.message });
    setTimeout(
      () => {
        if (wanted && !worker) run();
      },
      deaths === 0 ? 0 : backoffMs(REPLACE, deaths - 1),
    );
    deaths += 1;
  }

  function onMessage(message: FromStation): void {
    if (message.type === "result") for (const listener of resultListeners) listener(message.result);
    if (message.type === "status" && wanted) setStatus(message.status);
    if (message.type === "events") void handOver(message.batch, message.events);
    if (message.type === "picture") void keepPicture(message.picture);
    if (message.type === "watches") deps.onWatches?.(message.watches, message.isUrgent);
    if (message.type === "left") deps.onLeft?.(message.cameraId);
    if (message.type === "stopped" && !wanted) leave();
  }

  function leave(): void {
    lock.release();
    setStatus({ status: "stopped" });
  }

  /** The worker keeps the events and tries again until they are taken. */
  async function handOver(batch: number, events: EventRecord[]): Promise<void> {
    const from = worker;
    from?.send({ type: "handed-over", batch, kept: await hasWorked(deps.emit(events)) });
  }

  async function keepPicture(picture: TakenPicture): Promise<void> {
    const from = worker;
    const kept = await hasWorked(deps.keepPicture(picture));
    from?.send({ type: "picture-kept", mediaId: picture.mediaId, kept });
  }

  return {
    start() {
      if (wanted) return;
      const missing = whatIsMissing();
      if (missing) {
        setStatus(missing);
        return;
      }
      wanted = true;
      setStatus({ status: "starting" });
      // Still held when it was just being stopped.
      if (lock.isHeld()) run();
      else lock.wish();
    },
    stop() {
      if (!wanted) return;
      wanted = false;
      if (worker) worker.send({ type: "stop" });
      else leave();
    },
    setCameras(list: Camera[], scenes) {
      const zonesOf = new Map(scenes.zones.map((zones) => [zones.cameraId, zones]));
      cameras = list.map(({ id, queueThreshold, analysed }) => {
        return { id, queueThreshold, analysed, zones: zonesOf.get(id) ?? null, lease: null };
      });
      shop = scenes.shop;
      sendCameras();
    },
    setLeases(id, next) {
      const lost = cameras.filter(
        (camera) => camera.analysed && fences.has(camera.id) && !next.has(camera.id),
      );
      stationId = id;
      fences = next;
      if (lost.length > 0) worker?.send({ type: "hand-over", cameraIds: lost.map((camera) => camera.id) });
      sendCameras();
    },
    resume(cameraId, watch, ageMs) {
      worker?.send({ type: "resume", cameraId, watch, ageMs });
    },
    setModel(entry) {
      model = entry;
      worker?.send({ type: "model", model });
    },
    setPlates(facts) {
      plates = facts;
      worker?.send({ type: "plates", facts });
    },
    measureAgain: () => worker?.send({ type: "measure" }),
    status: () => status,
    onStatus: (listener) => listen(statusListeners, listener),
    onResult: (listener) => listen(resultListeners, listener),
  };
}

const hasWorked = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function whatIsMissing(): StationStatus | null {
  if (!isSecureContext) {
    const message = "Analysis needs a secure address (https, or localhost on this machine).";
    return { status: "failed", code: "not_secure", message };
  }
  if (typeof VideoDecoder === "undefined" || !navigator.locks) {
    const message = "This browser cannot decode pictures in the background (WebCodecs).";
    return { status: "failed", code: "unsupported_browser", message };
  }
  return null;
}
