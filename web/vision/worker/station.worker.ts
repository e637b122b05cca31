import { v7 } from "uuid";
import type { EventRecord } from "#contract/events.ts";
import { holdLife } from "../../lib/worker-life.ts";
import type { Picture } from "../detector.ts";
import type { FromStation, ToStation } from "../station.protocol.ts";
import type { TakenPicture } from "../station.ts";
import { createOpenAnalyser } from "./analyser.ts";
import { createTakeEvidence, encodeEvidence, frameOf } from "./evidence-picture.ts";
import { createFrameReader } from "./frame-reader.ts";
import { createKeyFrameDecoder } from "./key-frame-decoder.ts";
import { createModelStore } from "./model-store.ts";
import { createPictureBuffers } from "./picture-buffers.ts";
import { startPlateReader } from "./start-plate-reader.ts";
import { createStationEngine, type StationEngine } from "./station-engine.ts";
import { createStationMemory, VisionDb } from "./station-memory.ts";
import { createStreamDecoder, openVideoDecoder } from "./stream-decoder.ts";

// Joins the engine to this worker: messages, timers, the browser's own parts.

type Init = Extract<ToStation, { type: "init" }>;
type Settle = { resolve(): void; reject(cause: Error): void };

const handingOver = new Map<number, Settle>();
const keeping = new Map<string, Settle>();
let lastBatch = 0;
let engine: StationEngine | null = null;

const send = (message: FromStation): void => self.postMessage(message);

function handOver(events: EventRecord[]): Promise<void> {
  lastBatch += 1;
  send({ type: "events", batch: lastBatch, events });
  return new Promise((resolve, reject) => handingOver.set(lastBatch, { resolve, reject }));
}

function keepPicture(picture: TakenPicture): Promise<void> {
  self.postMessage({ type: "picture", picture } satisfies FromStation, [picture.bytes]);
  return new Promise((resolve, reject) => keeping.set(picture.mediaId, { resolve, reject }));
}

function settle<Key>(waiting: Map<Key, Settle>, key: Key, kept: boolean): void {
  if (kept) waiting.get(key)?.resolve();
  else waiting.get(key)?.reject(new Error("the page could not keep it"));
  waiting.delete(key);
}

/** A real graphics processor: the software one behind WebGPU is slower than wasm everywhere. */
async function hasGpu(): Promise<boolean> {
  // WebGPU is not in the compiler's list of what a worker has.
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } };
  const adapter = await gpu?.requestAdapter();
  return Boolean(adapter && !adapter.info?.isFallbackAdapter);
}
type GpuAdapter = { info?: { isFallbackAdapter?: boolean } };

function onTrouble(what: string, cause: unknown): void {
  // biome-ignore lint/suspicious/noConsole: what heals itself is told to a technician who opens the browser's tools
  console.warn(what, cause);
}

function init({ storeId, tapPort, lifeLock }: Init): StationEngine {
  void holdLife(lifeLock).then(() => send({ type: "alive" }));
  const buffers = createPictureBuffers();
  const memory = createStationMemory(new VisionDb(`guarita-vision-${storeId}`));
  const loadModel = createModelStore({
    fetch: (address, options) => fetch(address, options),
    digest: (bytes) => crypto.subtle.digest("SHA-256", bytes),
  });
  const started = createStationEngine<VideoFrame>({
    storeId,
    tapPort,
    memory,
    openAnalyser: createOpenAnalyser({
      loadModel,
      memory,
      cores: navigator.hardwareConcurrency,
      userAgent: navigator.userAgent,
      hasGpu,
      releasePicture: ({ bytes }) => buffers.giveBack(bytes),
    }),
    openPlateReader: (models) => startPlateReader(models, loadModel),
    takeEvidence: createTakeEvidence<Picture, VideoFrame>({
      copy: frameOf,
      release: (frame) => frame.close(),
      encode: encodeEvidence,
      keep: keepPicture,
      newId: v7,
      onTrouble,
    }),
    createKeyFrameDecoder,
    openStream: (onFrame) =>
      createStreamDecoder<VideoFrame>({
        openDecoder: openVideoDecoder,
        release: (frame) => frame.close(),
        onFrame,
        onTrouble: (cause) =>
          onTrouble("a stream could not be decoded; the next key frame starts afresh", cause),
      }),
    releaseFrame: (frame) => frame.close(),
    readFrame: createFrameReader(buffers),
    releasePicture: ({ bytes }) => buffers.giveBack(bytes),
    handOver,
    send,
    nowMs: () => Date.now(),
    later: (work, afterMs) => setTimeout(work, afterMs),
    onTrouble,
  });
  setInterval(started.tick, 1_000);
  return started;
}

self.addEventListener("message", async ({ data }: MessageEvent<ToStation>) => {
  if (data.type === "init") engine = init(data);
  else if (data.type === "start") void engine?.start();
  else if (data.type === "cameras") engine?.setCameras(data.cameras, data.shop);
  else if (data.type === "resume") engine?.resume(data.cameraId, data.watch, data.ageMs);
  else if (data.type === "hand-over") engine?.handOverCameras(data.cameraIds);
  else if (data.type === "model") engine?.setModel(data.model);
  else if (data.type === "measure") engine?.measureAgain();
  else if (data.type === "plates") engine?.setPlates(data.facts);
  else if (data.type === "handed-over") settle(handingOver, data.batch, data.kept);
  else if (data.type === "picture-kept") settle(keeping, data.mediaId, data.kept);
  else if (data.type === "ping") send({ type: "pong" });
  else if (data.type === "stop") {
    await engine?.stop();
    send({ type: "stopped" });
  }
});
