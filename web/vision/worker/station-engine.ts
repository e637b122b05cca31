import type { AccessUnit } from "#contract/access-unit.ts";
import type { EventRecord } from "#contract/events.ts";
import type { ModelEntry } from "#contract/system.ts";
import type { Shop } from "#contract/zones.ts";
import { type BackoffPolicy, backoffMs } from "../../lib/backoff.ts";
import type { FromStation, WatchedCamera } from "../station.protocol.ts";
import type { StationStatus } from "../station.ts";
import type { Analyser, OpenAnalyser } from "./analyser.ts";
import { type AskedModel, askedModel, asksTheSame, usualFinds } from "./asked-model.ts";
import { createCameraWatches } from "./camera-watches.ts";
import { createEventKeeper } from "./event-keeper.ts";
import { createGatewayClock } from "./gateway-clock.ts";
import { createPicturePipeline, type KeyFrame } from "./picture-pipeline.ts";
import { createRateMeter } from "./rate-meter.ts";
import type { StationMemory } from "./station-memory.ts";
import { createTapReader, type TapPort } from "./tap-reader.ts";

type PictureDecoder<Frame> = { decode(picture: KeyFrame): Promise<Frame>; close(): void };

export type StationEngineDeps<Frame> = {
  storeId: string;
  tapPort: TapPort;
  memory: StationMemory;
  openAnalyser: OpenAnalyser<Frame>;
  createDecoder(): PictureDecoder<Frame>;
  /** Gives a frame back that nobody looks at. */
  release(frame: Frame): void;
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
  const meter = createRateMeter(nowMs);
  const decoders = new Map<string, PictureDecoder<Frame>>();
  const watches = createCameraWatches({
    storeId,
    keeper,
    nowMs,
    forget: (cameraId) =>
      void memory.forgetWatch(cameraId).catch((cause) => onTrouble("could not forget a camera", cause)),
  });
  const reader = createTapReader({ port: deps.tapPort, onKeyFrame, later });
  const pipeline = createPicturePipeline<Frame>({
    decode: (cameraId, picture) => decoderOf(cameraId).decode(picture),
    detect: (frame) => {
      if (analyser) return analyser.detect(frame);
      deps.release(frame);
      return Promise.reject(new Error("no model is at work"));
    },
    detectorCount: () => analyser?.count() ?? 0,
    onSkipped: watches.skipped,
    onLookedAt,
    onFailed: (cameraId, cause) => onTrouble(`a picture of camera ${cameraId} was lost`, cause),
  });

  let stage: Stage = "stopped";
  let failure = "";
  let cameras: WatchedCamera[] = [];
  let shop: Shop | null = null;
  let model: ModelEntry | null = null;
  /** The model as the cameras' rules ask for it; what was opened last. */
  let opened: AskedModel | null = null;
  let analyser: Analyser<Frame> | null = null;
  /** Rises whenever what is being opened is no longer wanted. */
  let attempt = 0;
  let failures = 0;
  let ticks = 0;
  let restored: Promise<void> | null = null;

  const measuredBy = () => ({
    model: model?.id ?? "",
    executionProvider: analyser?.executionProvider ?? "",
  });

  function decoderOf(cameraId: string): PictureDecoder<Frame> {
    const decoder = decoders.get(cameraId) ?? deps.createDecoder();
    decoders.set(cameraId, decoder);
    return decoder;
  }

  function onKeyFrame(cameraId: string, unit: AccessUnit, codec: string | null): void {
    if (!unit.replayed) clock.hear(unit.receivedAtMs);
    else if (watches.hasSeen(cameraId, unit.receivedAtMs)) return;
    const { data, ptsUs, receivedAtMs } = unit;
    pipeline.offer(cameraId, { data, codec, ptsUs, receivedAtMs });
  }

  function onLookedAt(
    cameraId: string,
    picture: KeyFrame,
    detected: Awaited<ReturnType<Analyser<Frame>["detect"]>>,
  ): void {
    const { found, detectMs, inferenceMs, widthPx, heightPx } = detected;
    const { receivedAtMs } = picture;
    const aspect = widthPx / heightPx;
    const by = measuredBy();
    const objects = watches.lookedAt(cameraId, {
      atMs: receivedAtMs,
      aspect,
      detections: found,
      detectMs,
      by,
      ...(model && { usual: usualFinds(model) }),
    });
    if (!objects) return;
    meter.add(detectMs);
    const people = objects.filter((object) => object.label === "person").length;
    send({ type: "result", result: { cameraId, receivedAtMs, objects, people, inferenceMs } });
  }

  function readCameras(): void {
    const wanted = watches.setCameras(cameras, measuredBy(), shop);
    reader.read(wanted);
    for (const [cameraId, decoder] of decoders) {
      if (wanted.has(cameraId)) continue;
      decoder.close();
      decoders.delete(cameraId);
      pipeline.drop(cameraId);
    }
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

  async function openModel(): Promise<void> {
    closeAnalyser();
    const mine = attempt;
    const entry = model && askedModel(model, cameras);
    opened = entry;
    stage = "opening";
    tell();
    if (!entry) return;
    try {
      const next = await deps.openAnalyser(entry, { onChange: pipeline.pump, onTrouble });
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
    if (stage !== "running" || !model || !analyser) return { status: "starting" };
    const { id, demonstration } = model;
    const { executionProvider } = analyser;
    return { status: "running", model: id, demonstration, executionProvider, ...meter.read() };
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
      reader.read(new Set());
      for (const [cameraId, decoder] of decoders) {
        decoder.close();
        pipeline.drop(cameraId);
      }
      decoders.clear();
      await watches.endAll("station_stopped");
      tell();
    },
    setCameras(list: WatchedCamera[], openingHours: Shop | null = null): void {
      cameras = list;
      shop = openingHours;
      if (model && opened && !asksTheSame(opened, askedModel(model, cameras))) reopen();
      else if (stage === "running") readCameras();
    },
    setModel(entry: ModelEntry | null): void {
      if (entry?.id === model?.id && entry?.sha256.join() === model?.sha256.join()) return;
      model = entry;
      failures = 0;
      if (stage !== "stopped" && stage !== "restoring") void openModel();
    },
    /** To be called once a second. */
    tick(): void {
      if (stage === "stopped") return;
      ticks += 1;
      watches.passTime(clock.nowMs());
      if (ticks % SAVE_EVERY_TICKS === 0) void watches.save();
      if (stage === "running") tell();
    },
  };
}
export type StationEngine = ReturnType<typeof createStationEngine>;
