import type { EventRecord } from "#contract/events.ts";
import type { EvidenceFacts } from "#contract/evidence.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { Shop } from "#contract/zones.ts";
import type { Picture } from "../detector.ts";
import type { FromStation, WatchedCamera } from "../station.protocol.ts";
import type { CameraResult, PlateFacts, StationStatus } from "../station.ts";
import type { OpenAnalyser } from "./analyser.ts";
import { usualFinds } from "./asked-model.ts";
import { type CameraLooksDeps, createCameraLooks } from "./camera-looks.ts";
import { WatchState } from "./camera-watch.ts";
import { createCameraWatches, type KeepPicture } from "./camera-watches.ts";
import { createEventKeeper, type EventKeeper } from "./event-keeper.ts";
import type { EvidenceLink } from "./evidence-picture.ts";
import { createGatewayClock } from "./gateway-clock.ts";
import { createModelLife, type ModelLife } from "./model-life.ts";
import { createPicturePipeline, type LookedAtPicture, type PicturePipeline } from "./picture-pipeline.ts";
import { createPlateWatch, type PlateWatchDeps } from "./plate-watch.ts";
import type { StationMemory } from "./station-memory.ts";
import { createStationMeter } from "./station-meter.ts";
import { createTapReader, type TapPort } from "./tap-reader.ts";

export type StationEngineDeps<Frame> = Pick<
  CameraLooksDeps<Frame>,
  "createKeyFrameDecoder" | "openStream" | "releaseFrame" | "readFrame"
> & {
  storeId: string;
  tapPort: TapPort;
  memory: StationMemory;
  releasePicture(picture: Picture): void;
  openAnalyser: OpenAnalyser<Picture>;
  openPlateReader: PlateWatchDeps["openReader"];
  takeEvidence(picture: Picture, facts: EvidenceFacts): Promise<EvidenceLink | null>;
  handOver(events: EventRecord[]): Promise<void>;
  send(message: FromStation): void;
  nowMs(): number;
  later(work: () => void, afterMs: number): void;
  onTrouble(what: string, cause: unknown): void;
};

const SAVE_EVERY_TICKS = 5;

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
  const pipeline: PicturePipeline = createPicturePipeline<Picture>({
    prepare: looks.prepare,
    detect(look) {
      const analyser = models.analyser();
      if (analyser) return analyser.detect(look);
      deps.releasePicture(look);
      return Promise.reject(new Error("no model is at work"));
    },
    release: deps.releasePicture,
    detectorCount: () => models.analyser()?.count() ?? 0,
    onLookedAt,
    onStill,
    onSkipped(cameraId) {
      watches.skipped(cameraId);
      meter.addSkip(cameraId);
    },
    onPassedOver: looks.lost,
    onFailed(cameraId, cause) {
      looks.lost(cameraId);
      onTrouble(`a picture of camera ${cameraId} was lost`, cause);
    },
    isBusy: looks.isBusy,
    nowMs,
    later,
  });
  const models: ModelLife<Picture> = createModelLife<Picture>({
    openAnalyser: deps.openAnalyser,
    onDetectors: pipeline.pump,
    onRunning() {
      meter.reset();
      readCameras();
      pipeline.pump();
      tell();
    },
    onChange: tell,
    later,
    onTrouble,
  });
  const plates = createPlateWatch({
    openReader: deps.openPlateReader,
    wantsPlates: watches.wantsPlates,
    plateMemory: watches.plateMemory,
    onPlates(cameraId, memory, told) {
      const kept = told.map(({ seen, picture }) => ({ seen, keep: picture && keeping(picture, seen.atMs) }));
      watches.platesRead(cameraId, memory, kept);
    },
    timeZone: () => shop?.timeZone ?? null,
    nowMs,
    onTrouble,
  });

  let life: "stopped" | "restoring" | "on" = "stopped";
  let cameras: WatchedCamera[] = [];
  let shop: Shop | null = null;
  let ticks = 0;
  let restored: Promise<void> | null = null;

  const measuredBy = () => ({
    model: models.model()?.id ?? "",
    executionProvider: models.analyser()?.executionProvider ?? "",
  });

  /** Keeps this picture, where the moment turns out to be worth it. */
  function keeping(picture: Picture, takenAtMs: number): KeepPicture {
    return (about) => deps.takeEvidence(picture, { ...about, takenAtMs });
  }

  function onLookedAt(cameraId: string, looked: LookedAtPicture<Picture>): void {
    const { found, detectMs, inferenceMs, receivedAtMs, look } = looked;
    const model = models.model();
    const picture = {
      atMs: receivedAtMs,
      aspect: look.widthPx / look.heightPx,
      detections: found,
      detectMs,
      by: measuredBy(),
      ...(model && { usual: usualFinds(model) }),
    };
    const objects = watches.lookedAt(cameraId, picture, keeping(look, receivedAtMs));
    if (!objects) return;
    plates.look(cameraId, look, objects, receivedAtMs);
    meter.addLook(cameraId, looked);
    tellResult({ cameraId, receivedAtMs, objects, inferenceMs });
  }

  function onStill(cameraId: string, receivedAtMs: number, look: Picture): void {
    meter.addStill(cameraId);
    const objects = watches.unchanged(cameraId, receivedAtMs, keeping(look, receivedAtMs));
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
    plates.setCameras(wanted);
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

  function status(): StationStatus {
    const state = models.state();
    if (life === "stopped") return { status: "stopped" };
    if (state.status === "failed") {
      return { status: "failed", code: "model_unavailable", message: state.reason };
    }
    if (state.status === "opening" && state.isMeasuring) return { status: "starting", measuring: true };
    if (state.status !== "running") return { status: "starting" };
    const { id, demonstration } = state.model;
    const { executionProvider, capacity } = state.analyser;
    return {
      status: "running",
      model: id,
      demonstration,
      executionProvider,
      capacity,
      ...meter.read(reader.readingOf),
    };
  }

  function tell(): void {
    send({ type: "status", status: status() });
  }

  /** It may have been stopped while the disk was read. */
  const isRestoring = (): boolean => life === "restoring";
  const isRunning = (): boolean => models.state().status === "running";

  return {
    async start(): Promise<void> {
      if (life !== "stopped") return;
      life = "restoring";
      tell();
      restored ??= restore();
      await restored;
      if (!isRestoring()) return;
      life = "on";
      await models.open();
    },
    async stop(): Promise<void> {
      models.close();
      plates.close();
      life = "stopped";
      lookAt(new Set());
      await watches.endAll("station_stopped");
      tell();
    },
    setCameras(list: WatchedCamera[], openingHours: Shop | null = null): void {
      cameras = list;
      shop = openingHours;
      if (isRunning()) readCameras();
      models.setCameras(list);
    },
    /** What another station knew. A form that this version does not know is as good as nothing. */
    resume(cameraId: string, watch: unknown, ageMs: number): void {
      const { success, data } = WatchState.safeParse(watch);
      if (success) {
        watches.restore([{ cameraId, savedAtMs: nowMs() - ageMs, state: data }]);
        plates.forget(cameraId);
      } else onTrouble(`what was known of camera ${cameraId} cannot be read`, null);
    },
    handOverCameras(cameraIds: string[]): void {
      for (const cameraId of cameraIds) void watches.handOver(cameraId);
    },
    setModel: (entry: ModelEntry | null) => models.setModel(entry),
    setPlates: (facts: PlateFacts) => plates.setFacts(facts),
    /** Analysis pauses for it, 20 s at most, and the status says so. */
    measureAgain(): void {
      if (isRunning()) void models.open({ measureAgain: true });
    },
    /** To be called once a second. */
    tick(): void {
      if (life === "stopped") return;
      ticks += 1;
      const gatewayNowMs = clock.nowMs();
      watches.passTime(gatewayNowMs);
      if (gatewayNowMs !== null) plates.tick(gatewayNowMs);
      void watches.save(ticks % SAVE_EVERY_TICKS === 0 ? "all" : "pressing");
      if (!isRunning()) return;
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
