import type { ModelEntry } from "#contract/system.ts";
import type { PlateModels } from "../station.ts";
import { ModelError } from "../worker/model-error.ts";
import type { Runtime } from "../worker/onnx-detector.ts";
import { READER_CLASSES, READER_SHAPE, READER_SLOTS } from "./cct.ts";
import { FINDER_OUTPUTS, FINDER_SHAPE, PRIOR_COUNT } from "./lpd-yunet.ts";
import { createPlateReader, type Network, type PlateReader } from "./plate-reader.ts";

/** Loads both networks. Rejects with a `ModelError` when one is not what its entry says. */
export async function openPlateReader(
  runtime: Runtime,
  models: PlateModels,
  bytesOf: (entry: ModelEntry) => Promise<Uint8Array>,
): Promise<PlateReader> {
  const { finder, reader } = models;
  const [loc = "", conf = "", iou = ""] = finder.outputs;
  const [text = ""] = reader.outputs;
  const finderRun = await openNetwork<Float32Array, keyof typeof FINDER_OUTPUTS>(
    runtime,
    await bytesOf(finder),
    {
      input: finder.input.name,
      dims: [1, 3, FINDER_SHAPE.heightPx, FINDER_SHAPE.widthPx],
      outputs: {
        loc: { name: loc, length: PRIOR_COUNT * FINDER_OUTPUTS.loc },
        conf: { name: conf, length: PRIOR_COUNT * FINDER_OUTPUTS.conf },
        iou: { name: iou, length: PRIOR_COUNT * FINDER_OUTPUTS.iou },
      },
    },
  );
  const readerRun = await openNetwork<Uint8Array, "text">(runtime, await bytesOf(reader), {
    input: reader.input.name,
    dims: [1, READER_SHAPE.heightPx, READER_SHAPE.widthPx, 3],
    outputs: { text: { name: text, length: READER_SLOTS * READER_CLASSES } },
  });
  return createPlateReader({
    finder: finderRun,
    reader: readerRun,
    minScore: finder.minScore,
    minMean: reader.minScore,
  });
}

type Wiring<Output extends string> = {
  input: string;
  dims: number[];
  /** Each output's name in the model and how many numbers it holds. */
  outputs: Record<Output, { name: string; length: number }>;
};

async function openNetwork<Input extends Float32Array | Uint8Array, Output extends string>(
  runtime: Runtime,
  model: Uint8Array,
  { input, dims, outputs }: Wiring<Output>,
): Promise<Network<Input, Output>> {
  const session = await runtime.createSession(model);
  const wanted = Object.entries(outputs) as [Output, { name: string; length: number }][]; // keys are Output by its type
  return async (data) => {
    const answers = await session.run({ [input]: runtime.makeTensor(data, dims) });
    const read = wanted.map(([key, { name, length }]) => {
      const answer = answers[name];
      if (answer?.type !== "float32" || answer.size !== length) {
        throw new ModelError(
          `the model's output ${name} holds ${answer?.dims.join("x")}, not ${length} numbers`,
        );
      }
      return [key, answer.data];
    });
    return Object.fromEntries(read); // every key of `outputs`, each a Float32Array as checked just above
  };
}
