import * as ort from "onnxruntime-web";
import { beforeAll, expect, test } from "vitest";
import type { Canvas } from "../scene/canvas.ts";
import { createScene, trueBoxesAt } from "../scene/scene.ts";
import { buildDemoDetector } from "./demo-detector.ts";

type Box = { left: number; top: number; width: number; height: number };
type Found = Box & { score: number };

const SHAPE = { widthPx: 416, heightPx: 256 };
const STRIDES = [8, 16, 32];
let session: ort.InferenceSession;

beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  session = await ort.InferenceSession.create(buildDemoDetector(), { executionProviders: ["wasm"] });
});

const mix = (a = 0, b = 0, part: number): number => a + (b - a) * part;

/** As YOLOX wants it: BGR 0..255, at the top left, the rest 114. Bilinear. */
function letterbox(
  { pixels, widthPx, heightPx }: Canvas,
  shape = SHAPE,
): { picture: Float32Array; ratio: number } {
  const ratio = Math.min(shape.widthPx / widthPx, shape.heightPx / heightPx);
  const plane = shape.widthPx * shape.heightPx;
  const picture = new Float32Array(3 * plane).fill(114);
  const [toWidth, toHeight] = [Math.round(widthPx * ratio), Math.round(heightPx * ratio)];
  for (let y = 0; y < toHeight; y++) {
    const fromY = Math.max(0, (y + 0.5) / ratio - 0.5);
    const upperRow = Math.floor(fromY) * widthPx;
    const lowerRow = Math.min(Math.floor(fromY) + 1, heightPx - 1) * widthPx;
    for (let x = 0; x < toWidth; x++) {
      const fromX = Math.max(0, (x + 0.5) / ratio - 0.5);
      const left = Math.floor(fromX);
      const right = Math.min(left + 1, widthPx - 1);
      for (let channel = 0; channel < 3; channel++) {
        const upper = mix(
          pixels[(upperRow + left) * 3 + channel],
          pixels[(upperRow + right) * 3 + channel],
          fromX % 1,
        );
        const lower = mix(
          pixels[(lowerRow + left) * 3 + channel],
          pixels[(lowerRow + right) * 3 + channel],
          fromX % 1,
        );
        picture[(2 - channel) * plane + y * shape.widthPx + x] = mix(upper, lower, fromY % 1);
      }
    }
  }
  return { picture, ratio };
}

/** Decodes and thins out as for YOLOX-nano. Boxes in fractions of the picture. */
async function detect(canvas: Canvas, shape = SHAPE): Promise<Found[]> {
  const { picture, ratio } = letterbox(canvas, shape);
  const images = new ort.Tensor("float32", picture, [1, 3, shape.heightPx, shape.widthPx]);
  const output = (await session.run({ images })).output;
  const values = output?.data as Float32Array; // a float output of the graph
  const cells = STRIDES.flatMap((stride) =>
    Array.from({ length: (shape.widthPx / stride) * (shape.heightPx / stride) }, (_, index) => {
      const columns = shape.widthPx / stride;
      return { stride, x: index % columns, y: Math.floor(index / columns) };
    }),
  );
  expect(output?.dims).toEqual([1, cells.length, 85]);
  const found = cells.flatMap(({ stride, x, y }, row): Found[] => {
    const [dx = 0, dy = 0, logWidth = 0, logHeight = 0, objectness = 0, person = 0] = values.subarray(
      row * 85,
    );
    if (objectness * person < 0.3) return [];
    const width = (Math.exp(logWidth) * stride) / ratio / canvas.widthPx;
    const height = (Math.exp(logHeight) * stride) / ratio / canvas.heightPx;
    const left = ((dx + x) * stride) / ratio / canvas.widthPx - width / 2;
    const top = ((dy + y) * stride) / ratio / canvas.heightPx - height / 2;
    return [{ left, top, width, height, score: objectness * person }];
  });
  const kept: Found[] = [];
  for (const box of found.sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(box, other) < 0.45)) kept.push(box);
  }
  return kept;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

test("of the drawn people at least 95 % are found, and of the boxes at least 95 % are people", {
  timeout: 60_000,
}, async () => {
  const scene = createScene();
  let [right, missed, wrong] = [0, 0, 0];
  for (let clipMs = 400; clipMs < 40_000; clipMs += 900) {
    const found = await detect(scene.drawAt(clipMs));
    const taken = new Set<Found>();
    for (const person of trueBoxesAt(clipMs)) {
      const free = found.filter((box) => !taken.has(box));
      const best = free.sort((a, b) => overlap(b, person) - overlap(a, person))[0];
      const share = best ? overlap(best, person) : 0;
      const isPartial = person.visible < 0.9; // may be found, need not be
      if (best && (share >= 0.5 || (isPartial && share > 0))) taken.add(best);
      if (!isPartial && share >= 0.5) right++;
      if (!isPartial && share < 0.5) missed++;
    }
    wrong += found.length - taken.size;
  }
  expect(right + missed).toBeGreaterThan(100);
  expect(right / (right + missed)).toBeGreaterThanOrEqual(0.95);
  expect(right / (right + wrong)).toBeGreaterThanOrEqual(0.95);
});

test("nobody is found in the empty shop", async () => {
  expect(await detect(createScene().drawAt(0))).toEqual([]);
});

test("the input may have any size whose sides are multiples of 32", async () => {
  const picture = createScene().drawAt(12_000);
  for (const shape of [
    { widthPx: 416, heightPx: 416 },
    { widthPx: 320, heightPx: 192 },
    { widthPx: 640, heightPx: 384 },
  ]) {
    expect(await detect(picture, shape)).toHaveLength(4);
  }
});

test("the file is small and always the same", () => {
  expect(buildDemoDetector()).toEqual(buildDemoDetector());
  expect(buildDemoDetector().length).toBeLessThan(200_000);
});
