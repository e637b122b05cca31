import type { ModelEntry } from "#contract/system.ts";
import type { Picture } from "../detector.ts";
import type { DetectorApi } from "./detector.protocol.ts";
import type { RunningDetector } from "./detector-pool.ts";
import { LOAD_AT_MOST_MS, openRpcWorker, within } from "./rpc-worker.ts";
import type { ExecutionProvider } from "./station-memory.ts";

export type DetectorPlan = { entry: ModelEntry; model: ArrayBuffer; executionProvider: ExecutionProvider };

/**
 * A worker that is silent for as long hangs. Wide: WebGPU compiles shaders for a new size of picture. Where loading took
 * longer, so may a picture: on a machine that has no time to spare, a new worker in place of a slow one costs more.
 */
const DETECT_AT_MOST_MS = { wasm: 4_000, webgpu: 15_000 };

/** Starts a detector in a worker of its own and loads the model into it. */
export async function startDetector(plan: DetectorPlan): Promise<RunningDetector<Picture>> {
  const { call, load, close } = openDetector();
  const startedAtMs = performance.now();
  try {
    const { executionProvider } = await within(LOAD_AT_MOST_MS, load(plan));
    const answersWithinMs = Math.max(
      DETECT_AT_MOST_MS[plan.executionProvider],
      performance.now() - startedAtMs,
    );
    return {
      executionProvider,
      async detect(look) {
        const answer = call("detect", { picture: look }, [look.bytes.buffer]);
        const { bytes, ...detected } = await within(answersWithinMs, answer);
        return { ...detected, look: { ...look, bytes } };
      },
      close,
    };
  } catch (cause) {
    close();
    throw cause;
  }
}

/** A worker of its own, with nothing loaded yet. */
export function openDetector() {
  const worker = new Worker(new URL("./detector.worker.ts", import.meta.url), {
    type: "module",
    name: "detector",
  });
  const { call, lifeLock, watch, close } = openRpcWorker<DetectorApi>(worker, "detector");
  return {
    call,
    async load(plan: DetectorPlan) {
      const loaded = await call("load", { ...plan, lifeLock });
      watch();
      return loaded;
    },
    close,
  };
}
