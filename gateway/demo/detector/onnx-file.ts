/**
 * Writes an ONNX file (protocol buffers by hand: the few messages and field numbers of onnx.proto3 that a plain graph of
 * float tensors needs). Enough for the demo's detector, not a general writer.
 */
export type Attribute = number | number[];

export type OnnxNode = {
  op: string;
  inputs: string[];
  output: string;
  /** Whole numbers are written as such; a float attribute goes into `floats`. */
  attributes?: Record<string, Attribute>;
  floats?: Record<string, number>;
};

export type OnnxTensor =
  | { name: string; type: "float32"; shape: number[]; values: number[] }
  | { name: string; type: "int64"; shape: number[]; values: number[] };

/** A dimension with a name may have any size. */
export type OnnxPort = { name: string; shape: (number | string)[] };

export type OnnxGraph = {
  name: string;
  description: string;
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
  input: OnnxPort;
  output: OnnxPort;
  /** What exporters write down about a model; none by default. */
  metadata?: Record<string, string>;
};

/** Operators as of this version of the ONNX standard; every runtime of the last years knows it. */
const OPSET = 13;
const IR_VERSION = 7;
const ELEMENT_TYPE = { float32: 1, int64: 7 };
const ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 };

export function writeOnnx(graph: OnnxGraph): Uint8Array {
  return concat([
    integer(1, IR_VERSION),
    text(2, "guarita"),
    text(6, graph.description),
    message(7, [
      ...graph.nodes.map((node) => message(1, nodeParts(node))),
      text(2, graph.name),
      ...graph.tensors.map((tensor) => message(5, tensorParts(tensor))),
      message(11, portParts(graph.input)),
      message(12, portParts(graph.output)),
    ]),
    message(8, [text(1, ""), integer(2, OPSET)]),
    ...Object.entries(graph.metadata ?? {}).map(([key, value]) =>
      message(14, [text(1, key), text(2, value)]),
    ),
  ]);
}

function nodeParts({ op, inputs, output, attributes = {}, floats = {} }: OnnxNode): Uint8Array[] {
  return [
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, [
        text(1, name),
        ...(typeof value === "number"
          ? [integer(3, value), integer(20, ATTRIBUTE_TYPE.int)]
          : [...value.map((one) => integer(8, one)), integer(20, ATTRIBUTE_TYPE.ints)]),
      ]),
    ),
    ...Object.entries(floats).map(([name, value]) =>
      message(5, [text(1, name), float(2, value), integer(20, ATTRIBUTE_TYPE.float)]),
    ),
  ];
}

function tensorParts(tensor: OnnxTensor): Uint8Array[] {
  const raw = new DataView(new ArrayBuffer(tensor.values.length * (tensor.type === "float32" ? 4 : 8)));
  tensor.values.forEach((value, index) => {
    if (tensor.type === "float32") raw.setFloat32(index * 4, value, true);
    else raw.setBigInt64(index * 8, BigInt(value), true);
  });
  return [
    ...tensor.shape.map((size) => integer(1, size)),
    integer(2, ELEMENT_TYPE[tensor.type]),
    text(8, tensor.name),
    bytes(9, new Uint8Array(raw.buffer)),
  ];
}

function portParts({ name, shape }: OnnxPort): Uint8Array[] {
  const dimensions = shape.map((size) =>
    message(1, [typeof size === "number" ? integer(1, size) : text(2, size)]),
  );
  return [
    text(1, name),
    message(2, [message(1, [integer(1, ELEMENT_TYPE.float32), message(2, dimensions)])]),
  ];
}

/** Protocol buffers: a field is its number and kind, then a number, four bytes, or a length and so many bytes. */
function integer(field: number, value: number): Uint8Array {
  return concat([varint(field * 8), varint(value)]);
}

function float(field: number, value: number): Uint8Array {
  const raw = new DataView(new ArrayBuffer(4));
  raw.setFloat32(0, value, true);
  return concat([varint(field * 8 + 5), new Uint8Array(raw.buffer)]);
}

function bytes(field: number, content: Uint8Array): Uint8Array {
  return concat([varint(field * 8 + 2), varint(content.length), content]);
}

const text = (field: number, content: string): Uint8Array => bytes(field, new TextEncoder().encode(content));
const message = (field: number, parts: Uint8Array[]): Uint8Array => bytes(field, concat(parts));

/** Only for what is not negative: nothing here is. */
function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  do {
    digits.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Uint8Array.from(digits);
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
