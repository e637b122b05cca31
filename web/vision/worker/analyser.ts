import type { ModelEntry } from "#contract/system.ts";
import type { Picture } from "../detector.ts";
import { camerasOf, chooseHow, usualHow, withLongestSide } from "./capacity.ts";
import { createDetectorPool, type DetectorPool } from "./detector-pool.ts";
import { measureDevice } from "./measure-device.ts";
import type { LoadModel } from "./model-store.ts";
import { startDetector } from "./start-detector.ts";
import type { DeviceChoice, StationMemory } from "./station-memory.ts";

/** A model at work. */
export type Analyser<Look> = Pick<DetectorPool<Look>, "count" | "detect" | "close"> & {
  executionProvider: string;
  /** Cameras at one picture a second that this device was measured to bear; null where it could not be. */
  capacity: number | null;
};

export type AnalyserHooks = {
  onChange(): void;
  onTrouble(what: string, cause: unknown): void;
  /** The device is being measured, for 20 s at most. */
  onMeasuring(): void;
  /** Measures even where that was done before. */
  measureAgain: boolean;
};

type OpenAnalyserDeps = {
  loadModel: LoadModel;
  memory: Pick<StationMemory, "choice" | "choose">;
  cores: number;
  userAgent: string;
  hasGpu(): Promise<boolean>;
  /** Gives a picture back that no detector saw. */
  releasePicture(picture: Picture): void;
};

type Loaded = { entry: ModelEntry; model: ArrayBuffer };

/** Fetches the model, chooses how to run it on this device, and resolves when the first detector is ready. */
export function createOpenAnalyser(deps: OpenAnalyserDeps) {
  const { memory, cores } = deps;

  async function openPool(
    { entry, model }: Loaded,
    choice: DeviceChoice,
    hooks: AnalyserHooks,
  ): Promise<Analyser<Picture>> {
    const { executionProvider: provider, sessions, longestPx } = choice;
    const plan = { entry: withLongestSide(entry, longestPx), model, executionProvider: provider };
    const pool = createDetectorPool<Picture>({
      size: sessions,
      start: () => startDetector(plan),
      release: deps.releasePicture,
      later: (work, afterMs) => setTimeout(work, afterMs),
      ...hooks,
    });
    const executionProvider = await pool.open();
    const { count, detect, close } = pool;
    return { executionProvider, capacity: camerasOf(choice), count, detect, close };
  }

  /** Measured on this device, once a model, and remembered; anew where a graphics processor came or went. */
  async function choiceFor(loaded: Loaded, key: string, hasGpu: boolean, hooks: AnalyserHooks) {
    const known = hooks.measureAgain ? null : await memory.choice(key).catch(() => null);
    if (known) return known;
    hooks.onMeasuring();
    const choice = await chooseHow({
      entry: loaded.entry,
      cores,
      hasGpu,
      measure: (how, atMostMs) => measureDevice(loaded, how, atMostMs),
      nowMs: () => performance.now(),
    });
    await memory.choose(key, choice).catch(() => undefined);
    return choice;
  }

  return async function openAnalyser(entry: ModelEntry, hooks: AnalyserHooks): Promise<Analyser<Picture>> {
    const loaded = { entry, model: await deps.loadModel(entry) };
    const hasGpu = await deps.hasGpu().catch(() => false);
    const key = [entry.id, ...entry.sha256, hasGpu ? "gpu" : "", cores, deps.userAgent].join("|");
    const choice = await choiceFor(loaded, key, hasGpu, hooks);
    try {
      return await openPool(loaded, choice, hooks);
    } catch (cause) {
      if (choice.executionProvider === "wasm") throw cause;
      // What worked when it was measured (another driver, another browser version) does so no more.
      hooks.onTrouble("WebGPU does not work any more; wasm is used from now on", cause);
      const usual: DeviceChoice = { ...usualHow(entry, cores), picturesPerSecond: null };
      await memory.choose(key, usual).catch(() => undefined);
      return openPool(loaded, usual, hooks);
    }
  };
}
export type OpenAnalyser<Look> = (entry: ModelEntry, hooks: AnalyserHooks) => Promise<Analyser<Look>>;
