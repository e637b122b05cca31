import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import type { ModelEntry } from "#contract/system.ts";
import type { Detector, Picture } from "../detector.ts";
import type { AskedModel } from "./asked-model.ts";
import { familyOf } from "./families.ts";
import { contentOf, feedInput } from "./feed-input.ts";
import type { Answer } from "./head-boxes.ts";
import { type InputSize, inputSizeFor } from "./letterbox.ts";
import { ModelError } from "./model-error.ts";
import { wantedClasses } from "./objects.ts";
import { withFreeSize } from "./onnx-size.ts";

/** The part of onnxruntime-web used here; its wasm and its WebGPU build both have it. */
export type Runtime = {
  createSession(model: Uint8Array): Promise<InferenceSession>;
  makeTensor(data: Float32Array | Uint8Array, dims: number[]): Tensor;
  executionProvider: string;
};

/** Sides of the input are multiples of the coarsest stride. */
const COARSEST_STRIDE_PX = 32;

/**
 * A model that finds objects as a `Detector`; its family says how it is fed and read. The model's height and width are
 * set free where it allows that, so that a 16:9 picture costs 416x256 and not 416x416 with the same weights; otherwise
 * pictures are padded to the model's own size.
 */
export async function createOnnxDetector(
  runtime: Runtime,
  entry: AskedModel,
  model: Uint8Array,
): Promise<Detector> {
  const read = createHeadReader(entry);
  const free = await tryFreeSize(runtime, entry, model);
  const session = free ?? (await runtime.createSession(model));
  const run = createRun(runtime, entry, session);
  const { feeding } = familyOf(entry);
  const whole = wholeOf(entry);
  read((await run(whole)).answers, whole);

  return {
    executionProvider: runtime.executionProvider,
    async detect(picture: Picture) {
      const startedAtMs = performance.now();
      const size = inputSizeFor(picture, entry.input, free ? COARSEST_STRIDE_PX : null);
      const fill = (input: Float32Array) => feedInput(picture, size, feeding, input);
      const { answers, inferenceMs, fillMs: letterboxMs } = await run(size, fill);
      const found = read(answers, size);
      return { found, inferenceMs, letterboxMs, detectMs: performance.now() - startedAtMs };
    },
  };
}

/** A session of free size, tried at a size that is not the model's own; null when the model does not bear it. */
async function tryFreeSize(
  runtime: Runtime,
  entry: AskedModel,
  model: Uint8Array,
): Promise<InferenceSession | null> {
  const { widthPx, heightPx } = entry.input;
  const other: InputSize = {
    ...wholeOf(entry),
    widthPx: Math.max(COARSEST_STRIDE_PX, widthPx - COARSEST_STRIDE_PX),
    heightPx: Math.max(COARSEST_STRIDE_PX, heightPx - 2 * COARSEST_STRIDE_PX),
  };
  let session: InferenceSession | null = null;
  try {
    session = await runtime.createSession(withFreeSize(model, entry.input.name));
    const { answers } = await createRun(runtime, entry, session)(other);
    createHeadReader(entry)(answers, other);
    return session;
  } catch {
    // Not an error: the model is used as it was written. A model that is broken fails again there.
    await session?.release();
    return null;
  }
}

const wholeOf = ({ input }: ModelEntry): InputSize => ({
  widthPx: input.widthPx,
  heightPx: input.heightPx,
  contentWidthPx: input.widthPx,
  contentHeightPx: input.heightPx,
});

function createHeadReader(entry: AskedModel) {
  const { readHead, feeding } = familyOf(entry);
  const { labels, minScore } = entry;
  const wanted = wantedClasses(labels, entry.askedLabels);
  return (answers: Answer[], size: InputSize) =>
    readHead(answers, {
      size,
      content: contentOf(size, feeding),
      classCount: labels.length,
      wanted,
      minScore,
    });
}

/** Runs the session on inputs of any size; input buffers are made once a size. */
function createRun(runtime: Runtime, entry: ModelEntry, session: InferenceSession) {
  const missing = entry.outputs.find((name) => !session.outputNames.includes(name));
  if (entry.outputs.length === 0 || missing !== undefined) {
    throw new ModelError(`the model has no output "${missing ?? ""}"`);
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
    const answers = entry.outputs.map((name) => answerOf(name, outputs[name]));
    return { answers, inferenceMs, fillMs: startedAtMs - fillsAtMs };
  };
}

function answerOf(name: string, tensor: Tensor | undefined): Answer {
  if (tensor?.type !== "float32") {
    throw new ModelError(`the model's output "${name}" is ${tensor?.type ?? "missing"}, not float32`);
  }
  // Checked just above: float32 tensors on the processor hold a Float32Array.
  return { dims: tensor.dims, data: tensor.data as Float32Array };
}
