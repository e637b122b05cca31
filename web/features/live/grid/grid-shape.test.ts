import { expect, test } from "vitest";
import { GAP_PX, gridShape, LEAST_TILE_PX, neighbour, readableTiles } from "./grid-shape.ts";

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

test("a chosen number of tiles stands square on a wide screen, and fills an upright one", () => {
  const wide = { widthPx: 1904, heightPx: 920, leastTilePx: LEAST_TILE_PX };
  for (const side of [1, 2, 3, 4, 5, 6])
    expect(gridShape({ ...wide, count: side ** 2 }).columns, `${side}`).toBe(side);
  const upright = { widthPx: 804, heightPx: 1010, leastTilePx: LEAST_TILE_PX };
  expect(gridShape({ ...upright, count: 36 }).columns).toBe(4);
});

test("thirty-six tiles on a phone keep a width on which a name can be read", () => {
  expect(gridShape({ count: 36, widthPx: 374, heightPx: 640, leastTilePx: LEAST_TILE_PX })).toEqual({
    columns: 2,
    tileWidthPx: 183,
  });
});

test("a full HD wall holds 36 readable tiles, and those fit", () => {
  const wall = { widthPx: 1920, heightPx: 1080, gapPx: 4 };
  expect(readableTiles(wall)).toBe(36);
  const shape = gridShape({ ...wall, count: 36 });
  expect(tallPx(36, shape)).toBeLessThanOrEqual(1080 + 5 * (GAP_PX - 4));
  expect(shape.tileWidthPx).toBeGreaterThanOrEqual(280);
});

test("arrow keys go over the grid and on to the next page", () => {
  const shape = { count: 7, columns: 3 }; // 0 1 2 / 3 4 5 / 6
  expect(neighbour(0, "right", shape)).toBe(1);
  expect(neighbour(2, "right", shape)).toBe(3);
  expect(neighbour(6, "right", shape)).toBe("next");
  expect(neighbour(0, "left", shape)).toBe("previous");
  expect(neighbour(1, "up", shape)).toBe(1);
  expect(neighbour(4, "up", shape)).toBe(1);
  expect(neighbour(5, "down", shape)).toBe(6);
  expect(neighbour(6, "down", shape)).toBe(6);
});
