import { type Field, readFields } from "#contract/protobuf.ts";
import { GatewayError } from "../kernel/errors.ts";

/** Field numbers of onnx.proto3. */
const MODEL = { graph: 7, opset: 8, metadata: 14 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 };
const TENSOR = { name: 8, externalData: 13 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensorType: 1 };
const TENSOR_TYPE = { elemType: 1, shape: 2 };
const SHAPE = { dim: 1 };
const DIM = { value: 1 };
const ENTRY = { key: 1, value: 2 };

/** An input or output of a network. A dimension is null where its size is left open; all are, where none are written. */
export type OnnxPort = { name: string; elementType: string; dims: (number | null)[] | null };

export type OnnxFacts = {
  inputs: OnnxPort[];
  outputs: OnnxPort[];
  /** What the exporter wrote down about the model. */
  metadata: Record<string, string>;
};

/** What an ONNX file says about itself; its weights are not read. Throws `model_broken` for anything else. */
export function readOnnxFacts(file: Uint8Array): OnnxFacts {
  try {
    const model = readFields(file);
    const graph = model.find((field) => field.number === MODEL.graph);
    const isModel = graph && model.some((field) => field.number === MODEL.opset);
    if (!isModel) throw new Error("it holds no network");
    return { ...portsOf(readFields(graph.bytes)), metadata: metadataOf(model) };
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    throw new GatewayError("model_broken", "The file is not an ONNX model, or a part of it is missing.", {
      cause,
    });
  }
}

function portsOf(graph: Field[]): Pick<OnnxFacts, "inputs" | "outputs"> {
  if (!graph.some((field) => field.number === GRAPH.node)) throw new Error("it holds no network");
  const weights = new Set<string>();
  for (const field of graph) {
    if (field.number !== GRAPH.initializer) continue;
    const tensor = readFields(field.bytes);
    if (tensor.some((part) => part.number === TENSOR.externalData)) {
      throw new GatewayError(
        "model_broken",
        "The model's weights lie in another file; export it as one file.",
      );
    }
    weights.add(textOf(tensor, TENSOR.name));
  }
  const ports = (number: number) => graph.filter((field) => field.number === number).map(portOf);
  // older exporters list the weights as inputs too
  return {
    inputs: ports(GRAPH.input).filter(({ name }) => !weights.has(name)),
    outputs: ports(GRAPH.output),
  };
}

const ELEMENT_TYPES: Record<number, string> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  7: "int64",
  10: "float16",
  11: "float64",
};

function portOf({ bytes }: Field): OnnxPort {
  const value = readFields(bytes);
  const tensorType = within(within(value, VALUE.type), TYPE.tensorType);
  const elemType = tensorType.find((field) => field.number === TENSOR_TYPE.elemType)?.value ?? 0;
  const shape = tensorType.find((field) => field.number === TENSOR_TYPE.shape);
  const dims = shape && readFields(shape.bytes).filter((field) => field.number === SHAPE.dim);
  return {
    name: textOf(value, VALUE.name),
    elementType: ELEMENT_TYPES[elemType] ?? `type ${elemType}`,
    dims: dims ? dims.map(sizeOf) : null,
  };
}

/** Some exporters write -1 or 0 for a size that is open; as read here, -1 is far beyond any size. */
function sizeOf(dim: Field): number | null {
  const size = readFields(dim.bytes).find((field) => field.number === DIM.value)?.value ?? 0;
  return size > 0 && size < 2 ** 31 ? size : null;
}

function metadataOf(model: Field[]): Record<string, string> {
  const entries = model
    .filter((field) => field.number === MODEL.metadata)
    .map((field) => readFields(field.bytes))
    .map((entry): [string, string] => [textOf(entry, ENTRY.key), textOf(entry, ENTRY.value)]);
  return Object.fromEntries(entries);
}

function within(fields: Field[], number: number): Field[] {
  return readFields(fields.find((field) => field.number === number)?.bytes ?? new Uint8Array());
}

function textOf(fields: Field[], number: number): string {
  return new TextDecoder().decode(fields.find((field) => field.number === number)?.bytes);
}
