import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-web/wasm";
import { type ModelEntry, ModelManifest } from "#contract/system.ts";
import type { Detector } from "../../../web/vision/detector.ts";
import { openPlateReader } from "../../../web/vision/plates/onnx-plates.ts";
import type { PlateReader } from "../../../web/vision/plates/plate-reader.ts";
import { createOnnxDetector, type Runtime } from "../../../web/vision/worker/onnx-detector.ts";
import { SHARED } from "../../support/material.ts";
import { ROOT } from "../../support/processes.ts";

/** The station's runtime, in this process. */
const runtime: Runtime = {
  executionProvider: "wasm",
  createSession: (model) => ort.InferenceSession.create(model, { executionProviders: ["wasm"] }),
  makeTensor: (data, dims) =>
    data instanceof Uint8Array ? new ort.Tensor("uint8", data, dims) : new ort.Tensor("float32", data, dims),
};

function entryOf(family: ModelEntry["family"]): ModelEntry {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, "models", "manifest.json"), "utf8"));
  const entry = ModelManifest.parse(manifest).models.find(
    (model) => model.family === family && !model.demonstration,
  );
  if (!entry) throw new Error(`the manifest has no ${family}`);
  return entry;
}

const bytesOf = (entry: ModelEntry): Uint8Array =>
  new Uint8Array(readFileSync(join(SHARED, "models", entry.file)));

/** The default detector. `minScore` in place of the manifest's: a precision over all recalls needs the weak ones, too. */
export async function openDetector(minScore?: number): Promise<Detector> {
  ort.env.wasm.numThreads = 1;
  const entry = entryOf("yolox");
  const used = minScore === undefined ? entry : { ...entry, minScore };
  return createOnnxDetector(runtime, used, bytesOf(entry));
}

export async function openPlates(): Promise<PlateReader> {
  ort.env.wasm.numThreads = 1;
  const models = { finder: entryOf("lpd-yunet"), reader: entryOf("cct") };
  return openPlateReader(runtime, models, async (entry) => bytesOf(entry));
}
