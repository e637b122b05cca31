import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { aModel } from "./examples.memory.ts";
import { checkModel } from "./model-check.ts";
import { createOnnxDetector, type Runtime } from "./onnx-detector.ts";
import { greyPicture, patternPicture } from "./test-pictures.ts";

// Unit tests run in Node; a worker's types know nothing of it, and should not.
declare const process: {
  getBuiltinModule(name: "node:fs"): { existsSync(file: URL): boolean; readFileSync(file: URL): Uint8Array };
};
const { existsSync, readFileSync } = process.getBuiltinModule("node:fs");

const MODEL = new URL("../../../../shared/models/object_detection_nanodet_2022nov.onnx", import.meta.url);
const why = existsSync(MODEL) ? "" : " (skipped: the shared models are not beside the project)";

const runtime: Runtime = {
  executionProvider: "wasm",
  createSession: (bytes) =>
    ort.InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 }),
  makeTensor: (data, dims) => new ort.Tensor("float32", data, dims),
};
const NANODET = aModel({
  id: "nanodet",
  family: "nanodet",
  input: { name: "input.1", widthPx: 416, heightPx: 416 },
  outputs: ["792", "814", "836", "795", "817", "839"],
});

describe.skipIf(why !== "")(`the real NanoDet${why}`, () => {
  test("sees nobody in grey, and passes the check of an unknown model", { timeout: 60_000 }, async () => {
    ort.env.wasm.numThreads = 1;
    const model = new Uint8Array(readFileSync(MODEL));
    const detector = await createOnnxDetector(runtime, NANODET, model);
    expect((await detector.detect(greyPicture())).found).toEqual([]);
    expect((await detector.detect(patternPicture())).found.length).toBeLessThan(20);
    expect(await checkModel(runtime, NANODET, model)).toEqual({ status: "passed" });
    expect(await checkModel(runtime, { ...NANODET, family: "yolox" }, model)).toMatchObject({
      reason: "wrong_shape",
    });
  });
});
