import { expect, test } from "vitest";
import { aModel } from "./examples.memory.ts";
import { checkModel } from "./model-check.ts";
import type { Runtime } from "./onnx-detector.ts";

const LABELS = ["person", "car"];
const YOLOV8 = aModel({
  family: "yolov8",
  labels: LABELS,
  input: { name: "images", widthPx: 64, heightPx: 64 },
  outputs: ["output0"],
  minScore: 0.25,
});
const BOXES = 84;

/** A model whose box number `at` is what `boxOf` says: x, y, width, height, score of each class. */
function modelThat(boxOf: (at: number) => number[], dims = [1, 6, BOXES]): Runtime {
  const data = Float32Array.from(
    { length: 6 * BOXES },
    (_, at) => boxOf(at % BOXES)[Math.floor(at / BOXES)] ?? 0,
  );
  const session = {
    outputNames: ["output0"],
    release: async () => undefined,
    run: async () => ({ output0: { type: "float32", dims, data } }),
  };
  return {
    executionProvider: "wasm",
    createSession: async () => session,
    makeTensor: (_: Float32Array, dims: number[]) => ({ dims }),
    // Only what the detector uses of a session and a tensor.
  } as unknown as Runtime;
}

const bytes = new TextEncoder().encode("weights");
const check = (runtime: Runtime) => checkModel(runtime, YOLOV8, bytes);
const spread = (at: number) => [(at * 7) % 60, (at * 11) % 60, 6, 9];

test("a model that sees next to nothing in drawings, with sound boxes and scores, passes", async () => {
  expect(await check(modelThat((at) => [...spread(at), 0.01, at === 3 ? 0.4 : 0.02]))).toEqual({
    status: "passed",
  });
  expect(await check(modelThat(() => [0, 0, 0, 0, 0, 0]))).toEqual({ status: "passed" });
});

test("one that answers in another form is told from one that does not run", async () => {
  const shape = await check(modelThat(() => [], [1, 7, 72]));
  expect(shape).toMatchObject({
    status: "failed",
    reason: "wrong_shape",
    detail: expect.stringContaining("1x7x72"),
  });
  const runtime = modelThat(() => []);
  runtime.createSession = async () => Promise.reject(new Error("no kernel for Foo"));
  expect(await check(runtime)).toEqual({
    status: "failed",
    reason: "cannot_run",
    detail: "no kernel for Foo",
  });
});

test.each<[string, (at: number) => number[]]>([
  ["a crowd in grey", (at) => [(at % 12) * 5, Math.floor(at / 12) * 8, 3, 4, 0.9, 0]],
  ["scores beyond 1", (at) => [...spread(at), at === 0 ? 4.5 : 0, 0]],
  ["boxes in fractions of the picture", (at) => [(at % 9) / 90, (at % 7) / 90, 0.01, 0.01, 0.01, 0]],
  ["boxes beyond any size", () => [32, 32, 1e9, 1e9, 0.01, 0]],
])("%s cannot be meant", async (_, boxOf) => {
  expect(await check(modelThat(boxOf))).toMatchObject({ status: "failed", reason: "nonsense" });
});
