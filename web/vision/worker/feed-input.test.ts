import { expect, test } from "vitest";
import type { Picture } from "../detector.ts";
import { contentOf, type Feeding, feedInput, PLAIN } from "./feed-input.ts";

/** Red, green and blue of a picture of 4x2 whose pixels count up. */
const picture: Picture = {
  widthPx: 4,
  heightPx: 2,
  bytes: Uint8Array.from({ length: 32 }, (_, at) => at * 2 + 100 * (at % 4)),
  pixels: { kind: "rgbx", offset: 0, strideBytes: 16 },
};
const SIZE = { widthPx: 6, heightPx: 5, contentWidthPx: 4, contentHeightPx: 2 };
const CENTRED: Feeding = {
  colours: "rgb",
  place: "centre",
  padding: 114,
  mean: [10, 20, 30],
  deviation: [2, 4, 8],
};

test("a centred picture in red, green, blue holds every pixel where a plain writing puts it", () => {
  const fed = new Float32Array(3 * 30);
  feedInput(picture, SIZE, CENTRED, fed);
  const plain = new Float32Array(3 * 30);
  for (let colour = 0; colour < 3; colour += 1) {
    for (let y = 0; y < 5; y += 1) {
      for (let x = 0; x < 6; x += 1) {
        const [fromX, fromY] = [x - 1, y - 1];
        const isInside = fromX >= 0 && fromX < 4 && fromY >= 0 && fromY < 2;
        const value = isInside ? (picture.bytes[fromY * 16 + fromX * 4 + colour] ?? 0) : 114;
        const [mean = 0, deviation = 1] = [CENTRED.mean[colour], CENTRED.deviation[colour]];
        plain[colour * 30 + y * 6 + x] = (value - mean) / deviation;
      }
    }
  }
  expect(fed).toEqual(plain);
  expect(contentOf(SIZE, CENTRED)).toEqual({ leftPx: 1, topPx: 1, widthPx: 4, heightPx: 2 });
});

test("the same buffer fed twice holds the same: nothing of the picture before is left", () => {
  const once = new Float32Array(90);
  feedInput(picture, SIZE, CENTRED, once);
  const twice = once.slice();
  feedInput(picture, SIZE, CENTRED, twice);
  expect(twice).toEqual(once);
});

test("what a model wants plain is fed blue first, as it is, at the top left", () => {
  const fed = new Float32Array(90);
  feedInput(picture, SIZE, PLAIN, fed);
  expect([fed[0], fed[60]]).toEqual([picture.bytes[2], picture.bytes[0]]);
  expect(fed[4]).toBe(114);
});
