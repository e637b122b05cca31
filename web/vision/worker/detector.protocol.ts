import type { ModelEntry } from "#contract/system.ts";
import type { Detected, Picture } from "../detector.ts";
import type { ExecutionProvider } from "./station-memory.ts";

/** What a detector worker answers to (`web/lib/rpc.ts`). One call at a time. */
export type DetectorApi = {
  /** First of all calls. Makes the session and runs it once; rejects with a `ModelError` on a model that does not fit. */
  load(request: {
    entry: ModelEntry;
    model: ArrayBuffer;
    executionProvider: ExecutionProvider;
    /** Held by the worker for as long as it lives (`web/lib/worker-life.ts`). */
    lifeLock: string;
  }): Promise<{ executionProvider: string }>;
  /** The picture's buffer is transferred, and comes back with the answer. */
  detect(request: { picture: Picture }): Promise<Detected & { bytes: Uint8Array }>;
  /** Milliseconds a 16:9 picture takes, the median of a few. */
  measure(request: { runs: number }): Promise<number>;
};
