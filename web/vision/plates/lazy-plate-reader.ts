import type { ModelEntry } from "#contract/system.ts";
import type { Runtime } from "../worker/onnx-detector.ts";
import { openPlateReader, type PlateModels } from "./onnx-plates.ts";
import type { PlateReader } from "./plate-reader.ts";

type LazyPlateReaderDeps = {
  models: PlateModels;
  loadRuntime(): Promise<Runtime>;
  loadModel(entry: ModelEntry): Promise<ArrayBuffer>;
  nowMs(): number;
};

/** A model that could not be had is not asked for with every picture. */
const TRY_AGAIN_AFTER_MS = 30_000;

/**
 * Loads runtime and both models with the first picture to read: a shop without a plate rule never pays for them. Where
 * that fails, `read` rejects, and the next one after 30 s tries again.
 */
export function createLazyPlateReader({
  models,
  loadRuntime,
  loadModel,
  nowMs,
}: LazyPlateReaderDeps): PlateReader {
  let opening: Promise<PlateReader> | null = null;
  let failedAtMs: number | null = null;

  async function open(): Promise<PlateReader> {
    try {
      const runtime = await loadRuntime();
      return await openPlateReader(runtime, models, async (entry) => new Uint8Array(await loadModel(entry)));
    } catch (cause) {
      failedAtMs = nowMs();
      throw cause;
    }
  }

  return {
    async read(picture, vehicles) {
      if (failedAtMs !== null && nowMs() - failedAtMs >= TRY_AGAIN_AFTER_MS) {
        failedAtMs = null;
        opening = null;
      }
      opening ??= open();
      return (await opening).read(picture, vehicles);
    },
  };
}
