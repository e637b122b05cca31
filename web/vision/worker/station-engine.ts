import type { EventRecord } from "#contract/events.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { Shop } from "#contract/zones.ts";
import { type BackoffPolicy, backoffMs } from "../../lib/backoff.ts";
import type { Picture } from "../detector.ts";
import type { FromStation, WatchedCamera } from "../station.protocol.ts";
import type { CameraResult, StationStatus } from "../station.ts";
import type { Analyser, OpenAnalyser } from "./analyser.ts";
import { type AskedModel, askedModel, asksTheSame, usualFinds } from "./asked-model.ts";
import { type CameraLooksDeps, createCameraLooks } from "./camera-looks.ts";
import { WatchState } from "./camera-watch.ts";
import { createCameraWatches } from "./camera-watches.ts";
import { createEventKeeper, type EventKeeper } from "./event-keeper.ts";
import { createGatewayClock } from "./gateway-clock.ts";
import { createPicturePipeline, type LookedAtPicture } from "./picture-pipeline.ts";
import type { StationMemory } from "./station-memory.ts";
import { createStationMeter } from "./station-meter.ts";
import { createTapReader, type TapPort } from "./tap-reader.ts";

export type StationEngineDeps<Frame> = Pick<
  CameraLooksDeps<Frame>,
  "createKeyFrameDecoder" | "openStream" | "releaseFrame" | "readFrame" | "releasePicture"
> & {
  storeId: string;
  tapPort: TapPort;
  memory: StationMemory;
  openAnalyser: OpenAnalyser<Picture>;
  handOver(events: EventRecord[]): Promise<void>;
  send(message: FromStation): void;
  nowMs(): number;
  later(work: () => void, afterMs: number): void;
  onTrouble(what: string, cause: unknown): void;
};

const MODEL_RETRY: BackoffPolicy = { firstMs: 3_000, maxMs: 60_000, jitterFraction: 0.2 };
const SAVE_EVERY_TICKS = 5;

type Stage = "stopped" | "restoring" | "opening" | "running" | "failed";

/** The station itself: joins the tap, decoders, detectors and rules. Knows no worker, no window, no browser API. */
export function createStationEngine<Frame>(deps: StationEngineDeps<Frame>) {
  const { storeId, memory, nowMs, later, onTrouble, send } = deps;
  const keeper = createEventKeeper({ memory, handOver: deps.handOver, later, onTrouble });
  const clock = createGatewayClock(nowMs);
  const meter = createStationMeter(nowMs);
  const watches = createCameraWatches({
    storeId,
    keeper: noting(keeper, send),
    nowMs,
    forget(cameraId) {
      send({ type: "left", cameraId });
      void memory.forgetWatch(cameraId).catch((cause) => onTrouble("could not forget a camera", cause));
    },
  });
  const looks = createCameraLooks<Frame>({
    ...deps,
    isOld: watches.hasSeen,
    isBusy: watches.isBusy,
    onPicture: (cameraId) => pipeline.offer(cameraId),
    onStage: meter.addStage,
  });
  const reader = createTapReader({
    port: deps.tapPort,
    later,
    onPicture(cameraId, unit, codec, frames) {
      if (!unit.replayed) clock.hear(unit.receivedAtMs);
      looks.push(cameraId, unit, codec, frames);
    },
    onStreamEnd: looks.endStream,
  });
  const pipeline = createPicturePipeline<Picture>({
    prepare: looks.prepare,
    detect: (look) => {
      if (analyser) return analyser.detect(look);
      deps.releasePicture(look);
      return Promise.reject(new Error("no model is at work"));
    },
    release: deps.releasePicture,
    detectorCount: () => analyser?.count() ?? 0,
    onLookedAt,
    onStill,
    onSkipped(cameraId) {
      looks.lost(cameraId);
      watches.skipped(cameraId);
    },
    onFailed(cameraId, cause) {
      looks.lost(cameraId);
      onTrouble(`a picture of camera ${cameraId} was lost`, cause);
    },
    isBusy: looks.isBusy,
    nowMs,
    later,
  });

  let stage: Stage = "stopped";
  let failure = "";
  let cameras: WatchedCamera[] = [];
  let shop: Shop | null = null;
  let model: ModelEntry | null = null;
  /** The model as the cameras' rules ask for it; what was opened last. */
  let opened: AskedModel | null = null;
  let analyser: Analyser<Picture> | null = null;
  /** Rises whenever what is being opened is no longer wanted. */
  let attempt = 0;
  let failures = 0;
  let ticks = 0;
  let restored: Promise<void> | null = null;
  let isMeasuring = false;

  const measuredBy = () => ({
    model: model?.id ?? "",
    executionProvider: analyser?.executionProvider ?? "",
  });

  function onLookedAt(cameraId: string, looked: LookedAtPicture<Picture>): void {
    const { found, detectMs, inferenceMs, receivedAtMs, look } = looked;
    const objects = watches.lookedAt(cameraId, {
      atMs: receivedAtMs,
      aspect: look.widthPx / look.heightPx,
      detections: found,
      detectMs,
      by: measuredBy(),
      ...(model && { usual: usualFinds(model) }),
    });
    if (!objects) return;
    meter.addLook(cameraId, looked);
    tellResult({ cameraId, receivedAtMs, objects, inferenceMs });
  }

  function onStill(cameraId: string, receivedAtMs: number): void {
    meter.addStill(cameraId);
    const objects = watches.unchanged(cameraId, receivedAtMs);
    if (objects) tellResult({ cameraId, receivedAtMs, objects, inferenceMs: 0 });
  }

  function tellResult(result: Omit<CameraResult, "people">): void {
    const people = result.objects.filter((object) => object.label === "person").length;
    send({ type: "result", result: { ...result, people } });
  }

  function readCameras(): void {
    lookAt(watches.setCameras(cameras, measuredBy(), shop));
  }

  /** From the detectors back to the tap, so that no picture comes to a place that is not there yet. */
  function lookAt(wanted: Set<string>): void {
    const rates = new Map(
      cameras.filter(({ id }) => wanted.has(id)).map(({ id, zones }) => [id, zones?.picturesPerS ?? 1]),
    );
    const periods = new Map([...rates].map(([id, perS]) => [id, 1_000 / perS]));
    meter.setRates(rates);
    looks.setCameras(rates);
    pipeline.setPeriods(periods);
    reader.read(periods);
  }

  async function restore(): Promise<void> {
    try {
      const kept = await memory.load();
      watches.restore(kept.watches);
      keeper.add(kept.events);
    } catch (cause) {
      onTrouble("could not read the station's state from disk", cause);
    }
  }

  function closeAnalyser(): void {
    attempt += 1;
    analyser?.close();
    analyser = null;
  }

  async function openModel({ measureAgain = false } = {}): Promise<void> {
    closeAnalyser();
    const mine = attempt;
    const entry = model && askedModel(model, cameras);
    opened = entry;
    stage = "opening";
    isMeasuring = false;
    tell();
    if (!entry) return;
    try {
      const next = await deps.openAnalyser(entry, {
        onChange: pipeline.pump,
        onTrouble,
        onMeasuring: () => showMeasuring(mine),
        measureAgain,
      });
      if (mine !== attempt) return next.close();
      analyser = next;
      failures = 0;
      stage = "running";
      meter.reset();
      readCameras();
      pipeline.pump();
      tell();
    } catch (cause) {
      if (mine === attempt) fail(mine, cause);
    }
  }

  /** The same model, to find something else besides. */
  function reopen(): void {
    if (stage === "running") readCameras();
    if (stage !== "stopped" && stage !== "restoring") void openModel();
  }

  function showMeasuring(mine: number): void {
    if (mine !== attempt) return;
    isMeasuring = true;
    tell();
  }

  function fail(mine: number, cause: unknown): void {
    onTrouble("the model could not be put to work", cause);
    stage = "failed";
    failure = cause instanceof Error ? cause.message : String(cause);
    tell();
    later(
      () => {
        if (mine === attempt) void openModel();
      },
      backoffMs(MODEL_RETRY, failures++),
    );
  }

  function status(): StationStatus {
    if (stage === "failed") return { status: "failed", code: "model_unavailable", message: failure };
    if (stage === "stopped") return { status: "stopped" };
    if (stage !== "running" || !model || !analyser) {
      return isMeasuring && stage === "opening"
        ? { status: "starting", measuring: true }
        : { status: "starting" };
    }
    const { id, demonstration } = model;
    const { executionProvider, capacity } = analyser;
    return {
      status: "running",
      model: id,
      demonstration,
      executionProvider,
      capacity,
      ...meter.read(reader.readingOf),
    };
  }

  /** It may have been stopped while the disk was read. */
  const isRestoring = (): boolean => stage === "restoring";
  const tell = (): void => send({ type: "status", status: status() });

  return {
    async start(): Promise<void> {
      if (stage !== "stopped") return;
      stage = "restoring";
      tell();
      restored ??= restore();
      await restored;
      if (isRestoring()) await openModel();
    },
    async stop(): Promise<void> {
      closeAnalyser();
      stage = "stopped";
      lookAt(new Set());
      await watches.endAll("station_stopped");
      tell();
    },
    setCameras(list: WatchedCamera[], openingHours: Shop | null = null): void {
      cameras = list;
      shop = openingHours;
      if (model && opened && !asksTheSame(opened, askedModel(model, cameras))) reopen();
      else if (stage === "running") readCameras();
    },
    /** What another station knew. A form that this version does not know is as good as nothing. */
    resume(cameraId: string, watch: unknown, ageMs: number): void {
      const { success, data } = WatchState.safeParse(watch);
      if (success) watches.restore([{ cameraId, savedAtMs: nowMs() - ageMs, state: data }]);
      else onTrouble(`what was known of camera ${cameraId} cannot be read`, null);
    },
    handOverCameras(cameraIds: string[]): void {
      for (const cameraId of cameraIds) void watches.handOver(cameraId);
    },
    setModel(entry: ModelEntry | null): void {
      if (entry?.id === model?.id && entry?.sha256.join() === model?.sha256.join()) return;
      model = entry;
      failures = 0;
      if (stage !== "stopped" && stage !== "restoring") void openModel();
    },
    /** Analysis pauses for it, 20 s at most, and the status says so. */
    measureAgain(): void {
      if (stage === "running") void openModel({ measureAgain: true });
    },
    /** To be called once a second. */
    tick(): void {
      if (stage === "stopped") return;
      ticks += 1;
      watches.passTime(clock.nowMs());
      if (ticks % SAVE_EVERY_TICKS === 0) void watches.save();
      if (stage !== "running") return;
      pipeline.pump();
      tell();
    },
  };
}
export type StationEngine = ReturnType<typeof createStationEngine>;

/** Tells what is known of a camera once it is on disk, never before the events that belong to it are. */
function noting(keeper: EventKeeper, send: (message: FromStation) => void): Pick<EventKeeper, "commit"> {
  return {
    async commit(kept, events) {
      await keeper.commit(kept, events);
      const watches = kept.map(({ cameraId, state }) => ({ cameraId, watch: state }));
      send({ type: "watches", watches, isUrgent: events.length > 0 });
    },
  };
}
