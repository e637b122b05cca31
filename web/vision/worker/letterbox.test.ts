import { expect, test } from "vitest";
import type { Picture } from "../detector.ts";
import { inputSizeFor, letterbox } from "./letterbox.ts";

const SQUARE = { widthPx: 416, heightPx: 416 };

test("a 16:9 picture costs 416x256, a 4:3 one 416x320, an upright one 256x416", () => {
  const sizeOf = (widthPx: number, heightPx: number) => {
    const size = inputSizeFor({ widthPx, heightPx }, SQUARE, 32);
    return [size.widthPx, size.heightPx, size.contentWidthPx, size.contentHeightPx];
  };
  expect(sizeOf(640, 360)).toEqual([416, 256, 416, 234]);
  expect(sizeOf(1920, 1080)).toEqual([416, 256, 416, 234]);
  expect(sizeOf(640, 480)).toEqual([416, 320, 416, 312]);
  expect(sizeOf(360, 640)).toEqual([256, 416, 234, 416]);
  expect(sizeOf(4000, 10)).toEqual([416, 32, 416, 1]);
});

test("a model of fixed size keeps its square", () => {
  const size = inputSizeFor({ widthPx: 640, heightPx: 360 }, SQUARE, null);
  expect(size).toEqual({ ...SQUARE, contentWidthPx: 416, contentHeightPx: 234 });
});

/** Bytes that follow no pattern, the same in every run. */
function noise(length: number): Uint8Array {
  let seed = 12345;
  return Uint8Array.from({ length }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed >> 16;
  });
}

function aYuvPicture(widthPx: number, heightPx: number, interleaved = false): Picture {
  const halfWidthPx = (widthPx + 1) >> 1;
  const halfHeightPx = (heightPx + 1) >> 1;
  const lumaBytes = widthPx * heightPx;
  const chromaBytes = halfWidthPx * halfHeightPx;
  const chroma = { strideBytes: halfWidthPx * (interleaved ? 2 : 1), stepBytes: interleaved ? 2 : 1 };
  return {
    widthPx,
    heightPx,
    bytes: noise(lumaBytes + 2 * chromaBytes),
    pixels: {
      kind: "yuv420",
      y: { offset: 0, strideBytes: widthPx, stepBytes: 1 },
      u: { offset: lumaBytes, ...chroma },
      v: { offset: lumaBytes + (interleaved ? 1 : chromaBytes), ...chroma },
      matrix: "bt601",
      fullRange: false,
    },
  };
}

/** The plainest bilinear there is: one value of one plane at a point given in pixels. */
function plainSample(
  at: (x: number, y: number) => number,
  x: number,
  y: number,
  w: number,
  h: number,
): number {
  const clampedX = Math.min(Math.max(x, 0), w - 1);
  const clampedY = Math.min(Math.max(y, 0), h - 1);
  let sum = 0;
  for (const [dx, dy] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const px = Math.floor(clampedX) + dx;
    const py = Math.floor(clampedY) + dy;
    const weight = (1 - Math.abs(clampedX - px)) * (1 - Math.abs(clampedY - py));
    if (weight > 0) sum += weight * at(px, py);
  }
  return sum;
}

function plainPixel(picture: Picture, x: number, y: number, scaleX: number, scaleY: number): number[] {
  const { pixels, bytes, widthPx, heightPx } = picture;
  if (pixels.kind !== "yuv420") throw new Error("only yuv here");
  const halfWidthPx = (widthPx + 1) >> 1;
  const halfHeightPx = (heightPx + 1) >> 1;
  const read = (plane: typeof pixels.y) => (px: number, py: number) =>
    bytes[plane.offset + py * plane.strideBytes + px * plane.stepBytes] ?? Number.NaN;
  const luma = plainSample(
    read(pixels.y),
    (x + 0.5) * scaleX - 0.5,
    (y + 0.5) * scaleY - 0.5,
    widthPx,
    heightPx,
  );
  const chromaX = ((x + 0.5) * scaleX * halfWidthPx) / widthPx - 0.5;
  const chromaY = ((y + 0.5) * scaleY * halfHeightPx) / heightPx - 0.5;
  const u = plainSample(read(pixels.u), chromaX, chromaY, halfWidthPx, halfHeightPx) - 128;
  const v = plainSample(read(pixels.v), chromaX, chromaY, halfWidthPx, halfHeightPx) - 128;
  const l = 1.164383 * (luma - 16);
  const bgr = [l + 2.017232 * u, l - 0.391762 * u - 0.812968 * v, l + 1.596027 * v];
  return bgr.map((value) => Math.min(255, Math.max(0, value)));
}

test.each([
  ["smaller", 640, 360, false],
  ["larger", 100, 75, false],
  ["of odd sides", 333, 187, false],
  ["with interleaved chroma", 320, 180, true],
])("a picture that is %s comes out as by the plainest resize", (_, widthPx, heightPx, interleaved) => {
  const picture = aYuvPicture(widthPx, heightPx, interleaved);
  const size = inputSizeFor(picture, SQUARE, 32);
  const planePx = size.widthPx * size.heightPx;
  const input = new Float32Array(3 * planePx).fill(-1);
  letterbox(picture, size, input);

  let worst = 0;
  for (let y = 0; y < size.heightPx; y += 7) {
    for (let x = 0; x < size.widthPx; x += 5) {
      const inside = x < size.contentWidthPx && y < size.contentHeightPx;
      const scaleX = widthPx / size.contentWidthPx;
      const scaleY = heightPx / size.contentHeightPx;
      const expected = inside ? plainPixel(picture, x, y, scaleX, scaleY) : [114, 114, 114];
      for (const [channel, value] of expected.entries()) {
        const got = input[channel * planePx + y * size.widthPx + x] ?? Number.NaN;
        worst = Math.max(worst, Math.abs(got - value));
      }
    }
  }
  expect(worst).toBeLessThan(0.01);
});

test("red, green, blue and unused bytes come out blue first", () => {
  const bytes = Uint8Array.from({ length: 4 * 4 * 2 }, (_, at) => [10, 20, 30, 99][at % 4] ?? 0);
  const picture: Picture = {
    widthPx: 4,
    heightPx: 2,
    bytes,
    pixels: { kind: "rgbx", offset: 0, strideBytes: 16 },
  };
  const size = inputSizeFor(picture, { widthPx: 32, heightPx: 32 }, 32);
  const input = new Float32Array(3 * 32 * 32);
  letterbox(picture, size, input);
  expect([input[0], input[1024], input[2048]]).toEqual([30, 20, 10]);
  expect(input[31 * 32]).toBe(114);
});
