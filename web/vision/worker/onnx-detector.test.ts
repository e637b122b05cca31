import * as ort from "onnxruntime-web/wasm";
import { beforeAll, describe, expect, test } from "vitest";
import type { Picture } from "../detector.ts";
import { aModel } from "./examples.memory.ts";
import { ModelError } from "./model-error.ts";
import { createOnnxDetector, type Runtime } from "./onnx-detector.ts";
import { withFreeSize } from "./onnx-size.ts";

// Unit tests run in Node; a worker's types know nothing of it, and should not.
declare const process: {
  getBuiltinModule(name: "node:fs"): { existsSync(file: URL): boolean; readFileSync(file: URL): Uint8Array };
};
const { existsSync, readFileSync } = process.getBuiltinModule("node:fs");

const MODEL = new URL("../../../../shared/models/yolox_nano.onnx", import.meta.url);
const why = existsSync(MODEL) ? "" : " (skipped: the shared models are not beside the project)";

describe.skipIf(why !== "")(`the real YOLOX-nano${why}`, () => {
  let model = new Uint8Array();
  let created = 0;
  const runtime: Runtime = {
    executionProvider: "wasm",
    createSession: (bytes) => {
      created += 1;
      return ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    },
    makeTensor: (data, dims) => new ort.Tensor("float32", data as Float32Array, dims),
  };

  beforeAll(() => {
    ort.env.wasm.numThreads = 1;
    model = new Uint8Array(readFileSync(MODEL));
  });

  test("answers the same, bit for bit, when its input size is set free", async () => {
    const data = Float32Array.from({ length: 3 * 416 * 416 }, (_, at) => (at * 7919) % 256);
    const answer = async (bytes: Uint8Array) => {
      const session = await runtime.createSession(bytes);
      const outputs = await session.run({ images: runtime.makeTensor(data, [1, 3, 416, 416]) });
      return outputs.output?.data as Float32Array;
    };
    const asWritten = await answer(model);
    expect(asWritten.length).toBe(3549 * 85);
    expect(await answer(withFreeSize(model, "images"))).toEqual(asWritten);
  });

  test("looks at a 16:9 and at a 4:3 picture with one session, and finds nobody in grey", async () => {
    created = 0;
    const detector = await createOnnxDetector(runtime, aModel(), model);
    expect(created).toBe(1);
    for (const [widthPx, heightPx] of [
      [640, 360],
      [640, 480],
    ] as const) {
      expect((await detector.detect(greyPicture(widthPx, heightPx))).found).toEqual([]);
    }
  });

  test("is refused when its answer is not the one the manifest promises", async () => {
    await expect(createOnnxDetector(runtime, aModel({ labels: ["person"] }), model)).rejects.toThrow(
      ModelError,
    );
    await expect(createOnnxDetector(runtime, aModel({ outputs: ["boxes"] }), model)).rejects.toThrow(
      ModelError,
    );
  });
});

test("a model that cannot be set free is used at its own size", async () => {
  const sizes: string[] = [];
  const session = {
    outputNames: ["output"],
    release: async () => undefined,
    run: async ({ images }: Record<string, { dims: number[] }>) => {
      sizes.push(images?.dims.join("x") ?? "");
      const data = new Float32Array(3549 * 85);
      return { output: { type: "float32", dims: [1, 3549, 85], data } };
    },
  };
  const runtime = {
    executionProvider: "wasm",
    createSession: async () => session,
    makeTensor: (_: Float32Array, dims: number[]) => ({ dims }),
    // Only what the detector uses of a session and a tensor.
  } as unknown as Runtime;
  const detector = await createOnnxDetector(runtime, aModel(), new TextEncoder().encode("no protobuf"));
  await detector.detect(greyPicture(640, 360));
  expect(sizes).toEqual(["1x3x416x416", "1x3x416x416"]);
});

function greyPicture(widthPx: number, heightPx: number): Picture {
  const chroma = { offset: 0, strideBytes: widthPx / 2, stepBytes: 1 };
  return {
    widthPx,
    heightPx,
    bytes: new Uint8Array(widthPx * heightPx).fill(128),
    pixels: {
      kind: "yuv420",
      y: { offset: 0, strideBytes: widthPx, stepBytes: 1 },
      u: chroma,
      v: chroma,
      matrix: "bt601",
      fullRange: false,
    },
  };
}
