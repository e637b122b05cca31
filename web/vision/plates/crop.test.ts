import { expect, test } from "vitest";
import type { Picture } from "../detector.ts";
import { cropOf, outOf, padded, wholeOf } from "./crop.ts";
import { stretch, stretchToBytes } from "./stretch.ts";

const WIDTH_PX = 21;
const HEIGHT_PX = 13;

/** Luma rises to the right, U downwards: where a value comes from can be told from it. */
function aYuvPicture(isInterleaved: boolean): Picture {
  const half = { widthPx: (WIDTH_PX + 1) >> 1, heightPx: (HEIGHT_PX + 1) >> 1 };
  const lumaBytes = WIDTH_PX * HEIGHT_PX;
  const chromaBytes = half.widthPx * half.heightPx;
  const bytes = new Uint8Array(lumaBytes + 2 * chromaBytes).fill(128);
  for (let at = 0; at < lumaBytes; at += 1) bytes[at] = 10 * (at % WIDTH_PX);
  const stepBytes = isInterleaved ? 2 : 1;
  const chroma = { strideBytes: half.widthPx * stepBytes, stepBytes };
  const u = { offset: lumaBytes, ...chroma };
  const v = { offset: lumaBytes + (isInterleaved ? 1 : chromaBytes), ...chroma };
  for (let at = 0; at < chromaBytes; at += 1)
    bytes[u.offset + at * stepBytes] = 128 + Math.floor(at / half.widthPx);
  const y = { offset: 0, strideBytes: WIDTH_PX, stepBytes: 1 };
  return {
    widthPx: WIDTH_PX,
    heightPx: HEIGHT_PX,
    bytes,
    pixels: { kind: "yuv420", y, u, v, matrix: "bt601", fullRange: true },
  };
}

test.each([false, true])(
  "a crop shows what lies in the box, without a copy (interleaved: %s)",
  (isInterleaved) => {
    const picture = aYuvPicture(isInterleaved);
    const crop = cropOf(picture, { left: 4.9 / 21, top: 6.2 / 13, width: 5 / 21, height: 4 / 13 });
    expect([crop.picture.widthPx, crop.picture.heightPx]).toEqual([6, 6]);
    expect(crop.picture.bytes).toBe(picture.bytes);
    const values = new Float32Array(3 * 36);
    stretch(crop.picture, { widthPx: 6, heightPx: 6 }, values);
    // red has nothing of U: luma alone, from the fifth pixel on
    expect([...values.subarray(72, 78)].map(Math.round)).toEqual([40, 50, 60, 70, 80, 90]);
    // blue has U, which is 3 in the fourth row of chroma and rises from there
    expect(values[0]).toBeCloseTo(40 + 1.772 * 3, 3);
    expect(values[30]).toBeGreaterThan(40 + 1.772 * 4);
  },
);

test("a box beyond the picture gives what of it is inside, an empty one a piece of it", () => {
  const picture = aYuvPicture(false);
  const over = cropOf(picture, { left: 0.8, top: 0.8, width: 9, height: 9 });
  expect([over.picture.widthPx, over.picture.heightPx]).toEqual([5, 3]);
  const empty = cropOf(picture, { left: 1.2, top: -0.3, width: 0, height: 0 });
  expect([empty.picture.widthPx, empty.picture.heightPx]).toEqual([3, 2]);
});

test("a box of a crop finds its place in the picture", () => {
  const crop = cropOf(aYuvPicture(false), { left: 0, top: 4 / 13, width: 10 / 21, height: 4 / 13 });
  const box = outOf(crop, { left: 0.5, top: 0.5, width: 0.5, height: 0.25 });
  expect(box.left).toBeCloseTo(5 / 21);
  expect(box.top).toBeCloseTo(6 / 13);
  expect(box.width).toBeCloseTo(5 / 21);
  expect(box.height).toBeCloseTo(1 / 13);
});

test("padding grows a box on each side by its own size", () => {
  const grown = padded({ left: 0.4, top: 0.5, width: 0.2, height: 0.1 }, 0.1);
  expect(grown.left).toBeCloseTo(0.38);
  expect(grown.top).toBeCloseTo(0.49);
  expect(grown.width).toBeCloseTo(0.24);
  expect(grown.height).toBeCloseTo(0.12);
});

test("pictures side by side come out as red, green and blue bytes, each in its columns", () => {
  const bytes = (red: number, green: number, blue: number): Picture => ({
    widthPx: 2,
    heightPx: 2,
    bytes: Uint8Array.from({ length: 16 }, (_, at) => [red, green, blue, 9][at % 4] ?? 0),
    pixels: { kind: "rgbx", offset: 0, strideBytes: 8 },
  });
  const into = new Uint8Array(3 * 5 * 2);
  const columns = [
    { picture: wholeOf(bytes(10, 20, 30)).picture, widthPx: 2 },
    { picture: bytes(40, 50, 60), widthPx: 3 },
  ];
  stretchToBytes(columns, { widthPx: 5, heightPx: 2 }, into);
  const row = [10, 20, 30, 10, 20, 30, 40, 50, 60, 40, 50, 60, 40, 50, 60];
  expect([...into]).toEqual([...row, ...row]);
});
