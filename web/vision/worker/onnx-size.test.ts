import { expect, test } from "vitest";
import { readFields } from "#contract/protobuf.ts";
import { withFreeSize } from "./onnx-size.ts";
import { bytesField, joinBytes, textOf, varintField } from "./protobuf.ts";

const text = (value: string) => new TextEncoder().encode(value);
const dims = (...sizes: number[]) => joinBytes(sizes.map((size) => bytesField(1, varintField(1, size))));
const value = (name: string, ...sizes: number[]) =>
  joinBytes([
    bytesField(1, text(name)),
    bytesField(2, bytesField(1, joinBytes([varintField(1, 1), bytesField(2, dims(...sizes))]))),
  ]);
const int64s = (...numbers: number[]) => new Uint8Array(BigInt64Array.from(numbers.map(BigInt)).buffer);
const reshape = (data: string, shape: string) =>
  joinBytes([bytesField(1, text(data)), bytesField(1, text(shape)), bytesField(4, text("Reshape"))]);

/** A model whose one Reshape goes to the shape that `shape` holds as a tensor. */
function modelWith(shape: Uint8Array): Uint8Array {
  const tensor = joinBytes([varintField(1, 3), varintField(2, 7), bytesField(8, text("shape")), shape]);
  const graph = joinBytes([
    bytesField(1, reshape("x", "shape")),
    bytesField(2, text("graph")),
    bytesField(5, tensor),
    bytesField(5, joinBytes([bytesField(8, text("weights")), bytesField(9, int64s(1, 2, 3))])),
    bytesField(11, value("images", 1, 3, 416, 416)),
    bytesField(12, value("output", 1, 3549, 85)),
    bytesField(13, value("x", 1, 85, 52, 52)),
  ]);
  return joinBytes([varintField(1, 7), bytesField(7, graph), bytesField(8, text("opset"))]);
}

function graphOf(model: Uint8Array) {
  const graph = readFields(model).find((field) => field.number === 7);
  return readFields(graph?.bytes ?? new Uint8Array());
}
function shapeNumbers(model: Uint8Array, fieldNumber: number): Uint8Array | undefined {
  const tensor = graphOf(model).find((field) => field.number === 5);
  return readFields(tensor?.bytes ?? new Uint8Array()).find((field) => field.number === fieldNumber)?.bytes;
}

test("height and width become free, written-down shapes go, the rest stays byte for byte", () => {
  const model = modelWith(bytesField(9, int64s(1, 85, 2704)));
  const changed = withFreeSize(model, "images");
  const graph = graphOf(changed);
  expect(graph.some((field) => field.number === 13)).toBe(false);
  const input = readFields(graph.find((field) => field.number === 11)?.bytes ?? new Uint8Array());
  expect(textOf(input[0])).toBe("images");
  expect(textOf(input[1])).toMatch(/h.*w/s);
  const weights = graph.filter((field) => field.number === 5)[1];
  expect(weights?.whole).toEqual(graphOf(model).filter((field) => field.number === 5)[1]?.whole);
  expect(readFields(changed).at(-1)?.whole).toEqual(readFields(model).at(-1)?.whole);
});

test("a reshape to a fixed number of cells takes the rest instead", () => {
  const raw = withFreeSize(modelWith(bytesField(9, int64s(1, 85, 2704))), "images");
  expect(shapeNumbers(raw, 9)).toEqual(int64s(1, 85, -1));
  const packed = withFreeSize(modelWith(bytesField(7, Uint8Array.of(1, 85, 0x90, 0x15))), "images");
  const minusOne = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
  expect(shapeNumbers(packed, 7)).toEqual(Uint8Array.of(1, 85, ...minusOne));
});

test("a reshape that takes the rest already is left alone", () => {
  const raw = withFreeSize(modelWith(bytesField(9, int64s(1, -1, 85))), "images");
  expect(shapeNumbers(raw, 9)).toEqual(int64s(1, -1, 85));
});

test("a file that is no model, or lacks the input, is refused", () => {
  expect(() => withFreeSize(text("this is no model"), "images")).toThrow();
  expect(() => withFreeSize(modelWith(bytesField(9, int64s(1))), "picture")).toThrow("picture");
});
