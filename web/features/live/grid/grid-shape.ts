/** How many tiles stand beside each other, and how wide each is. */
export type GridShape = { columns: number; tileWidthPx: number };

type GridSpace = {
  count: number;
  widthPx: number;
  heightPx: number;
  /** No tile is made narrower than this to fit; the screen then scrolls. */
  leastTilePx?: number;
  gapPx?: number;
};

/** Below this a name, a count and a fault with its advice do not fit on a tile. */
export const READABLE_TILE_PX = 280;
/** Below this not even a name and an icon do. */
export const LEAST_TILE_PX = 140;
export const GAP_PX = 8;
const ASPECT = 16 / 9;

/**
 * The largest 16:9 tiles that all fit without scrolling; where those would be too small, the smallest that may be in
 * full rows, and the screen scrolls.
 */
export function gridShape(space: GridSpace): GridShape {
  const { widthPx, leastTilePx = READABLE_TILE_PX, gapPx = GAP_PX } = space;
  const best = largestThatFit(space, gapPx);
  if (best.tileWidthPx >= leastTilePx) return best;
  const columns = Math.max(1, Math.floor((widthPx + gapPx) / (leastTilePx + gapPx)));
  return { columns, tileWidthPx: Math.floor((widthPx - gapPx * (columns - 1)) / columns) };
}

function largestThatFit({ count, widthPx, heightPx }: GridSpace, gapPx: number): GridShape {
  let best: GridShape = { columns: 1, tileWidthPx: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidthPx = (widthPx - gapPx * (columns - 1)) / columns;
    const byHeightPx = ((heightPx - gapPx * (rows - 1)) / rows) * ASPECT;
    const tileWidthPx = Math.floor(Math.min(byWidthPx, byHeightPx));
    if (tileWidthPx > best.tileWidthPx) best = { columns, tileWidthPx };
  }
  return best;
}

/** How many readable tiles a screen holds that nobody scrolls. */
export function readableTiles({ widthPx, heightPx, gapPx = GAP_PX }: Omit<GridSpace, "count">): number {
  const columns = Math.floor((widthPx + gapPx) / (READABLE_TILE_PX + gapPx));
  const rows = Math.floor((heightPx + gapPx) / (READABLE_TILE_PX / ASPECT + gapPx));
  return Math.max(1, columns * rows);
}

export type Direction = "left" | "right" | "up" | "down";

/** The tile beside the one at `index`; `next` and `previous` name the page on which it would be. */
export function neighbour(
  index: number,
  direction: Direction,
  { count, columns }: { count: number; columns: number },
): number | "next" | "previous" {
  const to = index + { left: -1, right: 1, up: -columns, down: columns }[direction];
  if (to < 0) return direction === "left" ? "previous" : index;
  if (to < count) return to;
  if (direction === "right") return "next";
  // the last row may be short: down from above its end goes to its end
  const isLastRow = Math.floor(index / columns) === Math.floor((count - 1) / columns);
  return isLastRow ? index : count - 1;
}
