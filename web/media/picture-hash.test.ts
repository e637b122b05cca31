import { expect, test } from "vitest";
import { bandsOf, hashOf } from "./picture-hash.ts";

test("one bit of one pixel, or two pixels exchanged, make another hash", () => {
  const picture = Uint32Array.from({ length: 1_000 }, (_, index) => index * 7);
  const same = hashOf(picture.slice());
  expect(hashOf(picture)).toBe(same);
  const touched = picture.slice();
  touched[500] = (touched[500] ?? 0) ^ 1;
  expect(hashOf(touched)).not.toBe(same);
  const exchanged = picture.slice();
  [exchanged[3], exchanged[4]] = [picture[4] ?? 0, picture[3] ?? 0];
  expect(hashOf(exchanged)).not.toBe(same);
});

test("a small picture is looked at whole", () => {
  expect(bandsOf(640, 360)).toEqual([{ topPx: 0, heightPx: 360 }]);
});

test.each([
  [1280, 720],
  [1920, 1080],
  [3840, 2160],
])("of a picture of %i x %i both edges and bands between are looked at, none twice", (widthPx, heightPx) => {
  const bands = bandsOf(widthPx, heightPx);
  const last = bands.at(-1);
  expect(bands[0]?.topPx).toBe(0);
  expect((last?.topPx ?? 0) + (last?.heightPx ?? 0)).toBe(heightPx);
  expect(bands.length).toBeGreaterThan(3);
  for (const [index, band] of bands.entries()) {
    const before = bands[index - 1];
    if (before) expect(band.topPx).toBeGreaterThanOrEqual(before.topPx + before.heightPx);
  }
  const rows = bands.reduce((sum, band) => sum + band.heightPx, 0);
  expect(rows * widthPx).toBeLessThanOrEqual(300_000);
});
