import { type Field, readFields } from "#contract/protobuf.ts";
import { bytesField, joinBytes, textOf, varintField } from "./protobuf.ts";

/** Field numbers of onnx.proto3. */
const MODEL = { graph: 7 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 };
const NODE = { input: 1, output: 2, opType: 4, attribute: 5 };
const ATTRIBUTE = { tensor: 5 };
const TENSOR = { int64Data: 7, name: 8, rawData: 9 };
const VALUE = { name: 1, type: 2 };
const TYPE = { tensorType: 1 };
const TENSOR_TYPE = { elemType: 1, shape: 2 };
const SHAPE = { dim: 1 };
const DIM = { value: 1, param: 2 };

/**
 * The same model for pictures of any height and width (NCHW): its input's height and width become free, the shapes
 * that were written down for the old size are dropped, and a `Reshape` to a fixed number of cells takes "the rest"
 * (-1) in its last place instead. The weights are kept byte for byte. Right for a model of convolutions, whose strides
 * the size must still divide. Throws on bytes that are not an ONNX model with that input.
 */
export function withFreeSize(model: Uint8Array, inputName: string): Uint8Array<ArrayBuffer> {
  return change(model, (field) => (field.number === MODEL.graph ? freeGraph(field, inputName) : field.whole));
}

function freeGraph(graph: Field, inputName: string): Uint8Array {
  const fields = readFields(graph.bytes);
  const hasInput = fields.some((field) => field.number === GRAPH.input && nameOf(field) === inputName);
  if (!hasInput) throw new Error(`the model has no input "${inputName}"`);
  const targets = reshapeTargets(fields);
  const changed = change(graph.bytes, (field) => {
    if (field.number === GRAPH.valueInfo) return null;
    if (field.number === GRAPH.input && nameOf(field) === inputName) return withFreeDims(field);
    if (field.number === GRAPH.output) return withoutShape(field);
    if (field.number === GRAPH.initializer && targets.has(tensorName(field))) {
      return bytesField(field.number, withRestLast(field.bytes));
    }
    if (field.number === GRAPH.node && targets.has(constantName(field))) return constantWithRestLast(field);
    return field.whole;
  });
  return bytesField(MODEL.graph, changed);
}

/** Names of the tensors that say to which shape a `Reshape` goes. */
function reshapeTargets(graph: Field[]): Set<string> {
  const targets = new Set<string>();
  for (const field of graph) {
    if (field.number !== GRAPH.node) continue;
    const node = readFields(field.bytes);
    const inputs = node.filter((part) => part.number === NODE.input);
    if (opOf(node) === "Reshape") targets.add(textOf(inputs[1]));
  }
  return targets;
}

const opOf = (node: Field[]): string => textOf(node.find((part) => part.number === NODE.opType));
const nameOf = (value: Field): string =>
  textOf(readFields(value.bytes).find((part) => part.number === VALUE.name));
const tensorName = (tensor: Field): string =>
  textOf(readFields(tensor.bytes).find((part) => part.number === TENSOR.name));

/** What a `Constant` node makes; empty for any other node. */
function constantName(field: Field): string {
  const node = readFields(field.bytes);
  return opOf(node) === "Constant" ? textOf(node.find((part) => part.number === NODE.output)) : "";
}

function constantWithRestLast(node: Field): Uint8Array {
  const changed = change(node.bytes, (part) => {
    if (part.number !== NODE.attribute) return part.whole;
    const attribute = change(part.bytes, (inner) =>
      inner.number === ATTRIBUTE.tensor ? bytesField(inner.number, withRestLast(inner.bytes)) : inner.whole,
    );
    return bytesField(part.number, attribute);
  });
  return bytesField(node.number, changed);
}

/** An int64 tensor that holds a shape: its last number becomes -1, unless one is -1 already. */
function withRestLast(tensor: Uint8Array): Uint8Array {
  return change(tensor, (part) => {
    if (part.number === TENSOR.rawData) return bytesField(part.number, rawWithRestLast(part.bytes));
    if (part.number === TENSOR.int64Data) {
      // Not packed: one field a number. Exporters do not write it; the caller then keeps the model's own size.
      if (part.wire !== 2) throw new Error("a shape in a form that cannot be changed");
      return bytesField(part.number, packedWithRestLast(part.bytes));
    }
    return part.whole;
  });
}

function rawWithRestLast(bytes: Uint8Array): Uint8Array {
  const raw = bytes.slice();
  const numbers = new DataView(raw.buffer);
  for (let at = 0; at < raw.length; at += 8) if (numbers.getBigInt64(at, true) === -1n) return raw;
  if (raw.length >= 8) numbers.setBigInt64(raw.length - 8, -1n, true);
  return raw;
}

/** -1 as a varint: 64 one bits. No other number of a shape is ten bytes long. */
const MINUS_ONE = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 1);

function packedWithRestLast(bytes: Uint8Array): Uint8Array {
  let lastStart = 0;
  let start = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) > 127) continue;
    if (at - start === 9) return bytes;
    lastStart = start;
    start = at + 1;
  }
  return joinBytes([bytes.subarray(0, lastStart), MINUS_ONE]);
}

function withFreeDims(input: Field): Uint8Array {
  return changeTensorType(input, (part) => {
    if (part.number !== TENSOR_TYPE.shape) return part.whole;
    const dims = readFields(part.bytes).filter((dim) => dim.number === SHAPE.dim);
    if (dims.length !== 4) throw new Error("the model's input has not four dimensions");
    const [batch, channels] = dims.map((dim) => dim.whole);
    const free = (name: string) =>
      bytesField(SHAPE.dim, bytesField(DIM.param, new TextEncoder().encode(name)));
    const fixedBatch = bytesField(SHAPE.dim, varintField(DIM.value, 1));
    return bytesField(
      part.number,
      joinBytes([batch ?? fixedBatch, channels ?? fixedBatch, free("h"), free("w")]),
    );
  });
}

const withoutShape = (output: Field): Uint8Array =>
  changeTensorType(output, (part) => (part.number === TENSOR_TYPE.shape ? null : part.whole));

function changeTensorType(value: Field, by: (part: Field) => Uint8Array | null): Uint8Array {
  const changed = change(value.bytes, (field) => {
    if (field.number !== VALUE.type) return field.whole;
    const type = change(field.bytes, (inner) =>
      inner.number === TYPE.tensorType ? bytesField(inner.number, change(inner.bytes, by)) : inner.whole,
    );
    return bytesField(field.number, type);
  });
  return bytesField(value.number, changed);
}

/** The message with each field replaced by what `by` gives; null leaves it out. */
function change(message: Uint8Array, by: (field: Field) => Uint8Array | null): Uint8Array<ArrayBuffer> {
  return joinBytes(readFields(message).flatMap((field) => by(field) ?? []));
}
