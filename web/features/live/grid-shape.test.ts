import { expect, test } from "vitest";
import { GAP_PX, gridShape } from "./grid-shape.ts";

/** Height of all rows together. */
function tallPx(count: number, { columns, tileWidthPx }: { columns: number; tileWidthPx: number }) {
  const rows = Math.ceil(count / columns);
  return (rows * tileWidthPx * 9) / 16 + GAP_PX * (rows - 1);
}

test("on a desktop every tile fits without scrolling, as large as it can be", () => {
  const space = { widthPx: 1440, heightPx: 840 };
  expect(gridShape({ ...space, count: 1 })).toEqual({ columns: 1, tileWidthPx: 1440 });
  expect(gridShape({ ...space, count: 4 }).columns).toBe(2);
  expect(gridShape({ ...space, count: 9 }).columns).toBe(3);
  for (const count of [1, 2, 3, 4, 6, 9, 12])
    expect(tallPx(count, gridShape({ ...space, count }))).toBeLessThanOrEqual(840);
});

test("one camera on a wide, low screen is limited by the height", () => {
  const { tileWidthPx } = gridShape({ count: 1, widthPx: 2560, heightPx: 700 });
  expect((tileWidthPx * 9) / 16).toBeLessThanOrEqual(700);
});

test("a phone held upright shows one readable column and scrolls", () => {
  for (const count of [1, 2, 4, 6])
    expect(gridShape({ count, widthPx: 374, heightPx: 640 })).toEqual({ columns: 1, tileWidthPx: 374 });
});

test("a hundred cameras keep a readable width", () => {
  const shape = gridShape({ count: 100, widthPx: 1440, heightPx: 840 });
  expect(shape.tileWidthPx).toBeGreaterThanOrEqual(280);
  expect(shape.columns).toBe(5);
});
