import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import type { ModelEntry } from "#contract/system.ts";
import type { Detector, Picture } from "../detector.ts";
import type { AskedModel } from "./asked-model.ts";
import { type InputSize, inputSizeFor, letterbox } from "./letterbox.ts";
import { wantedClasses } from "./objects.ts";
import { withFreeSize } from "./onnx-size.ts";
import { cellCount, readYoloxHead } from "./yolox-head.ts";

/** The part of onnxruntime-web used here; its wasm and its WebGPU build both have it. */
export type Runtime = {
  createSession(model: Uint8Array): Promise<InferenceSession>;
  makeTensor(data: Float32Array | Uint8Array, dims: number[]): Tensor;
  executionProvider: string;
};

/** Sides of the input are multiples of the coarsest stride. */
const COARSEST_STRIDE_PX = 32;

export class ModelError extends Error {
  override name = "ModelError";
}

/**
 * A YOLOX model as a `Detector`. The model's height and width are set free where it allows that, so that a 16:9 picture
 * costs 416x256 and not 416x416 with the same weights; otherwise pictures are padded to the model's own square.
 */
export async function createOnnxDetector(
  runtime: Runtime,
  entry: AskedModel,
  model: Uint8Array,
): Promise<Detector> {
  const free = await tryFreeSize(runtime, entry, model);
  const session = free ?? (await runtime.createSession(model));
  const run = createRun(runtime, entry, session);
  await run(squareOf(entry));
  const wanted = wantedClasses(entry.labels, entry.askedLabels);
  const options = { classCount: entry.labels.length, wanted, minScore: entry.minScore };

  return {
    executionProvider: runtime.executionProvider,
    async detect(picture: Picture) {
      const startedAtMs = performance.now();
      const size = inputSizeFor(picture, entry.input, free ? COARSEST_STRIDE_PX : null);
      const fill = (input: Float32Array) => letterbox(picture, size, input);
      const { head, inferenceMs, fillMs: letterboxMs } = await run(size, fill);
      const found = readYoloxHead(head, { ...options, size });
      return { found, inferenceMs, letterboxMs, detectMs: performance.now() - startedAtMs };
    },
  };
}

/** A session of free size, tried at a size that is not the model's own; null when the model does not bear it. */
async function tryFreeSize(
  runtime: Runtime,
  entry: ModelEntry,
  model: Uint8Array,
): Promise<InferenceSession | null> {
  const { widthPx, heightPx } = entry.input;
  const other: InputSize = {
    ...squareOf(entry),
    widthPx: Math.max(COARSEST_STRIDE_PX, widthPx - COARSEST_STRIDE_PX),
    heightPx: Math.max(COARSEST_STRIDE_PX, heightPx - 2 * COARSEST_STRIDE_PX),
  };
  let session: InferenceSession | null = null;
  try {
    session = await runtime.createSession(withFreeSize(model, entry.input.name));
    await createRun(runtime, entry, session)(other);
    return session;
  } catch {
    // Not an error: the model is used as it was written. A model that is broken fails again there.
    await session?.release();
    return null;
  }
}

const squareOf = ({ input }: ModelEntry): InputSize => ({
  widthPx: input.widthPx,
  heightPx: input.heightPx,
  contentWidthPx: input.widthPx,
  contentHeightPx: input.heightPx,
});

/** Runs the session on inputs of any size; input buffers are made once a size. */
function createRun(runtime: Runtime, entry: ModelEntry, session: InferenceSession) {
  const [outputName] = entry.outputs;
  if (outputName === undefined || !session.outputNames.includes(outputName)) {
    throw new ModelError(`the model has no output "${outputName ?? ""}"`);
  }
  const inputs = new Map<string, { data: Float32Array; tensor: Tensor }>();

  function inputOf({ widthPx, heightPx }: InputSize) {
    const key = `${widthPx}x${heightPx}`;
    const known = inputs.get(key);
    if (known) return known;
    const data = new Float32Array(3 * widthPx * heightPx);
    const made = { data, tensor: runtime.makeTensor(data, [1, 3, heightPx, widthPx]) };
    inputs.set(key, made);
    return made;
  }

  return async function run(size: InputSize, fill?: (input: Float32Array) => void) {
    const { data, tensor } = inputOf(size);
    const fillsAtMs = performance.now();
    fill?.(data);
    const startedAtMs = performance.now();
    const outputs = await session.run({ [entry.input.name]: tensor });
    const inferenceMs = performance.now() - startedAtMs;
    const output = outputs[outputName];
    const shape = [1, cellCount(size), 5 + entry.labels.length];
    if (output?.type !== "float32" || output.dims.join() !== shape.join()) {
      throw new ModelError(`the model answers ${output?.dims.join("x")}, not ${shape.join("x")}`);
    }
    // Checked just above: float32 tensors on the processor hold a Float32Array.
    return { head: output.data as Float32Array, inferenceMs, fillMs: startedAtMs - fillsAtMs };
  };
}
