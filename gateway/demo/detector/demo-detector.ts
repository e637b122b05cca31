import { type OnnxNode, type OnnxTensor, writeOnnx } from "./onnx-file.ts";

/** Name of the file that is served, and of the model on screens and in events. */
export const DEMO_DETECTOR = { id: "demo-people", fileName: "demo-people.onnx" };

/**
 * A detector for the drawn shop scene and nothing else, in the same form as YOLOX-nano: `images` [1, 3, H, W], BGR
 * 0..255, H and W any multiple of 32; `output` [1, N, 85], raw head of strides 8, 16 and 32. No weight was learned:
 *
 * 1. skin: per pixel, red minus green and green minus blue must both lie in the band that the drawn people's skin has;
 * 2. for each stride, on a map of four samples a cell: a round patch of a face's size answers, less what lies around it;
 * 3. only the highest answer nearby counts; its place in the cell and the patch's mass give centre and size of the box.
 */
export function buildDemoDetector(): Uint8Array {
  const graph = createGraph();
  const skin = skinMap(graph);
  let map = graph.conv(skin, constantKernel(2, 1 / 4), { stride: 2 });
  const heads: string[] = [];
  for (const _stride of STRIDES) {
    heads.push(headRows(graph, map));
    map = graph.conv(map, constantKernel(2, 1 / 4), { stride: 2 });
  }
  graph.add({ op: "Concat", inputs: heads, output: "output", attributes: { axis: 1 } });
  return writeOnnx({
    name: DEMO_DETECTOR.id,
    description: "Finds the drawn people of Guarita's demonstration clip. Not for real pictures.",
    nodes: graph.nodes,
    tensors: graph.tensors,
    input: { name: "images", shape: [1, 3, "height", "width"] },
    output: { name: "output", shape: [1, "rows", 85] },
  });
}

const STRIDES = [8, 16, 32];
/** Everything below is in samples of the map a head is looked for in: four to a cell of its stride. */
const CELL = 4;
/** Radius of a face, and of the empty ring that is expected around it. */
const FACE = { radius: 4, ringFrom: 5.5, ringTo: 7.5 };
const MASS_RADIUS = 6.5;
/** Half of the square in which a single answer survives: nearer to each other no two people stand. */
const RIVALS = 4;
/** A face filled to this part, the ring deducted, is a sure person; to the lower one, none. */
const SURE = 0.62;
const NONE = 0.3;
/** The box in units of the square root of the face's mass; down is from the face's middle to the box's. */
const BOX = { width: 2.4, height: 7.3, down: 2.55 };

type Graph = ReturnType<typeof createGraph>;
type Kernel = { size: number; at: (dx: number, dy: number) => number };

function skinMap(graph: Graph): string {
  const redGreen = { rise: [20, 36], fall: [86, 102] };
  const greenBlue = { rise: [8, 18], fall: [64, 78] };
  // each ramp is one channel: relu((difference - from) / (to - from)); a band is the sum of two clipped ramps
  const ramps = [redGreen, greenBlue].flatMap(({ rise, fall }, which) =>
    [rise, fall].flatMap(([from = 0, to = 1]) =>
      [from, to].map((start) => ({ which, start, scale: 1 / (to - from) })),
    ),
  );
  const weights = ramps.flatMap(({ which, scale }) =>
    which === 0 ? [0, -scale, scale] : [-scale, scale, 0],
  );
  const bias = ramps.map(({ start, scale }) => -start * scale);
  const features = graph.relu(graph.pointwise("images", 3, ramps.length, weights, bias));
  return graph.relu(graph.pointwise(features, ramps.length, 1, [1, -1, -1, 1, 1, -1, -1, 1], [-1]));
}

/** All rows of one stride: [1, cells, 85]. */
function headRows(graph: Graph, map: string): string {
  const answer = graph.conv(map, faceKernel());
  const best = graph.maxPool(answer, RIVALS * 2 + 1, 1);
  const isBest = graph.relu(graph.affine(graph.sub(answer, best), 200, 1));
  const sureness = graph.clip01(graph.affine(answer, 1 / (SURE - NONE), -NONE / (SURE - NONE)));
  const peak = graph.mul(isBest, sureness);

  const inCell = (weight: Kernel["at"]): Kernel => ({ size: CELL, at: weight });
  const total = graph.conv(
    peak,
    inCell(() => 1),
    { stride: CELL },
  );
  const perPeak = (name: string): string => graph.div(name, graph.affine(total, 1, 1e-6));
  const middle = (CELL - 1) / 2;
  const across = perPeak(
    graph.conv(
      peak,
      inCell((dx) => (dx + middle + 0.5) / CELL),
      { stride: CELL },
    ),
  );
  const downward = perPeak(
    graph.conv(
      peak,
      inCell((_dx, dy) => (dy + middle + 0.5) / CELL),
      { stride: CELL },
    ),
  );
  const mass = graph.conv(map, diskKernel(MASS_RADIUS));
  const massInCell = perPeak(
    graph.conv(
      graph.mul(mass, peak),
      inCell(() => 1),
      { stride: CELL },
    ),
  );
  // keeps the logarithm finite in cells without a peak; nobody reads those
  const size = graph.unary("Sqrt", graph.affine(massInCell, 1, 1e-3));
  const logSize = graph.unary("Log", size);

  const row = [
    across,
    graph.add2(downward, graph.affine(size, BOX.down / CELL, 0)),
    graph.affine(logSize, 1, Math.log(BOX.width / CELL)),
    graph.affine(logSize, 1, Math.log(BOX.height / CELL)),
    graph.maxPool(peak, CELL, CELL),
  ];
  const classes = graph.pointwise(total, 1, 80, Array(80).fill(0), [0.95, ...Array(79).fill(0)]);
  const columns = graph.node("Concat", [...row, classes], { axis: 1 });
  const flat = graph.node("Reshape", [columns, graph.shape([1, 85, -1])]);
  return graph.node("Transpose", [flat], { perm: [0, 2, 1] });
}

function faceKernel(): Kernel {
  const reach = Math.ceil(FACE.ringTo);
  const square = [...squareOf(reach)].map(([dx, dy]) => Math.hypot(dx, dy));
  const inside = square.filter((distance) => distance <= FACE.radius).length;
  const ring = square.filter((distance) => distance >= FACE.ringFrom && distance <= FACE.ringTo).length;
  return {
    size: reach * 2 + 1,
    at(dx, dy) {
      const distance = Math.hypot(dx, dy);
      if (distance <= FACE.radius) return 1 / inside;
      return distance >= FACE.ringFrom && distance <= FACE.ringTo ? -1 / ring : 0;
    },
  };
}

function diskKernel(radius: number): Kernel {
  const reach = Math.ceil(radius);
  return { size: reach * 2 + 1, at: (dx, dy) => Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(dx, dy))) };
}

const constantKernel = (size: number, value: number): Kernel => ({ size, at: () => value });

function* squareOf(reach: number): Generator<[number, number]> {
  for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) yield [dx, dy];
}

/** Nodes and tensors as they are added; every method answers the name of its result. */
function createGraph() {
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];

  function tensor(shape: number[], values: number[]): string {
    const name = `t${tensors.length}`;
    tensors.push({ name, type: "float32", shape, values });
    return name;
  }
  function shape(values: number[]): string {
    const name = `t${tensors.length}`;
    tensors.push({ name, type: "int64", shape: [values.length], values });
    return name;
  }
  function node(op: string, inputs: string[], attributes: OnnxNode["attributes"] = {}): string {
    const output = `n${nodes.length}`;
    nodes.push({ op, inputs, output, attributes });
    return output;
  }
  const scalar = (value: number): string => tensor([1, 1, 1, 1], [value]);
  const relu = (x: string): string => node("Relu", [x]);
  const sub = (a: string, b: string): string => node("Sub", [a, b]);
  const affine = (x: string, factor: number, offset: number): string => {
    const scaled = factor === 1 ? x : node("Mul", [x, scalar(factor)]);
    return offset === 0 ? scaled : node("Add", [scaled, scalar(offset)]);
  };

  return {
    nodes,
    tensors,
    node,
    shape,
    relu,
    sub,
    affine,
    add: (whole: OnnxNode): void => void nodes.push(whole),
    mul: (a: string, b: string): string => node("Mul", [a, b]),
    div: (a: string, b: string): string => node("Div", [a, b]),
    add2: (a: string, b: string): string => node("Add", [a, b]),
    unary: (op: "Sqrt" | "Log", x: string): string => node(op, [x]),
    /** min(x, 1), for what relu has made positive. */
    clip01: (x: string): string => sub(relu(x), relu(affine(x, 1, -1))),
    pointwise(x: string, from: number, to: number, weights: number[], bias: number[]): string {
      return node("Conv", [x, tensor([to, from, 1, 1], weights), tensor([to], bias)]);
    },
    /** One channel to one. With stride 1 the result is as large as `x`, with another the kernel tiles it. */
    conv(x: string, { size, at }: Kernel, { stride = 1 } = {}): string {
      const middle = (size - 1) / 2;
      const weights = Array.from({ length: size * size }, (_, index) =>
        at((index % size) - middle, Math.floor(index / size) - middle),
      );
      const pad = stride === 1 ? middle : 0;
      return node("Conv", [x, tensor([1, 1, size, size], weights)], {
        kernel_shape: [size, size],
        strides: [stride, stride],
        pads: [pad, pad, pad, pad],
      });
    },
    maxPool(x: string, size: number, stride: number): string {
      const pad = stride === 1 ? (size - 1) / 2 : 0;
      return node("MaxPool", [x], {
        kernel_shape: [size, size],
        strides: [stride, stride],
        pads: [pad, pad, pad, pad],
      });
    },
  };
}
