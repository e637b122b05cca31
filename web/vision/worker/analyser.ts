import type { ModelEntry } from "#contract/system.ts";
import type { Picture } from "../detector.ts";
import { chooseProvider, MEASURE_AT_MOST_MS } from "./choose-provider.ts";
import { createDetectorPool, type DetectorPool } from "./detector-pool.ts";
import type { LoadModel } from "./model-store.ts";
import { type DetectorPlan, measureDetector, startDetector } from "./start-detector.ts";
import type { ExecutionProvider, StationMemory } from "./station-memory.ts";

/** Sessions of one thread: more than four compete with the page and the decoders for the cores. */
const SESSIONS_AT_MOST = 4;

/** A model at work. */
export type Analyser<Look> = Pick<DetectorPool<Look>, "count" | "detect" | "close"> & {
  executionProvider: string;
};

export type AnalyserHooks = { onChange(): void; onTrouble(what: string, cause: unknown): void };

type OpenAnalyserDeps = {
  loadModel: LoadModel;
  memory: Pick<StationMemory, "choice" | "choose">;
  cores: number;
  userAgent: string;
  hasGpu(): Promise<boolean>;
  /** Gives a picture back that no detector saw. */
  releasePicture(picture: Picture): void;
};

/** Fetches the model, chooses how to run it on this device, and resolves when the first detector is ready. */
export function createOpenAnalyser(deps: OpenAnalyserDeps) {
  const { memory } = deps;
  const wasmSessions = Math.min(Math.max(deps.cores, 1), SESSIONS_AT_MOST);

  async function openPool(plan: DetectorPlan, hooks: AnalyserHooks): Promise<Analyser<Picture>> {
    const pool = createDetectorPool<Picture>({
      // Two on the graphics processor: one prepares its picture while the other's is computed.
      size: plan.executionProvider === "wasm" ? wasmSessions : 2,
      start: () => startDetector(plan),
      release: deps.releasePicture,
      later: (work, afterMs) => setTimeout(work, afterMs),
      ...hooks,
    });
    const executionProvider = await pool.open();
    return { executionProvider, count: pool.count, detect: pool.detect, close: pool.close };
  }

  return async function openAnalyser(entry: ModelEntry, hooks: AnalyserHooks): Promise<Analyser<Picture>> {
    const model = await deps.loadModel(entry);
    const key = `${entry.id}|${deps.userAgent}`;
    const executionProvider = await chooseProvider({
      wasmSessions,
      hasGpu: deps.hasGpu,
      remembered: () => memory.choice(key),
      remember: (choice) => memory.choose(key, choice),
      measure: (provider) =>
        measureDetector({ entry, model, executionProvider: provider }, MEASURE_AT_MOST_MS),
    });
    const open = (provider: ExecutionProvider) =>
      openPool({ entry, model, executionProvider: provider }, hooks);
    try {
      return await open(executionProvider);
    } catch (cause) {
      if (executionProvider === "wasm") throw cause;
      // What worked when it was measured (another driver, another browser version) does so no more.
      hooks.onTrouble("WebGPU does not work any more; wasm is used from now on", cause);
      await memory.choose(key, "wasm").catch(() => undefined);
      return open("wasm");
    }
  };
}
export type OpenAnalyser<Look> = (entry: ModelEntry, hooks: AnalyserHooks) => Promise<Analyser<Look>>;
