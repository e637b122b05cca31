import type { ModelEntry } from "#contract/system.ts";
import { rpcClient } from "../../lib/rpc.ts";
import { watchLife } from "../../lib/worker-life.ts";
import type { Picture } from "../detector.ts";
import type { DetectorApi } from "./detector.protocol.ts";
import type { RunningDetector } from "./detector-pool.ts";
import type { ExecutionProvider } from "./station-memory.ts";

export type DetectorPlan = { entry: ModelEntry; model: ArrayBuffer; executionProvider: ExecutionProvider };

/** Loading compiles 14 MB of wasm, on a slow tablet for several seconds. */
const LOAD_AT_MOST_MS = 60_000;
/** A worker that is silent for as long hangs. Wide: WebGPU compiles shaders for a new size of picture. */
const DETECT_AT_MOST_MS = { wasm: 4_000, webgpu: 15_000 };

/** Starts a detector in a worker of its own and loads the model into it. */
export async function startDetector(plan: DetectorPlan): Promise<RunningDetector<Picture>> {
  const { call, load, close } = openDetector();
  try {
    const { executionProvider } = await within(LOAD_AT_MOST_MS, load(plan));
    return {
      executionProvider,
      async detect(look) {
        const answer = call("detect", { picture: look }, [look.bytes.buffer]);
        const { bytes, ...detected } = await within(DETECT_AT_MOST_MS[plan.executionProvider], answer);
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
  const client = rpcClient<DetectorApi>(worker);
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    client.fail(new Error(`the detector's worker failed: ${event.message}`));
  });
  const lifeLock = `guarita-detector-${crypto.randomUUID()}`;
  const closed = new AbortController();
  return {
    call: client.call,
    async load(plan: DetectorPlan) {
      const loaded = await client.call("load", { ...plan, lifeLock });
      watchLife(lifeLock, closed.signal, () => client.fail(new Error("the detector's worker ended")));
      return loaded;
    },
    close() {
      closed.abort();
      worker.terminate();
      client.fail(new Error("the detector was stopped"));
    },
  };
}

/** Rejects when `work` takes longer. */
export function within<T>(atMostMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${atMostMs} ms`)), atMostMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
