/** How many tiles stand beside each other, and how wide each is. */
export type GridShape = { columns: number; tileWidthPx: number };

type GridSpace = { count: number; widthPx: number; heightPx: number };

/** Below this a name, a count and a fault with its advice do not fit on a tile. */
const LEAST_TILE_PX = 280;
export const GAP_PX = 8;
const ASPECT = 16 / 9;

/**
 * The largest 16:9 tiles that all fit without scrolling; where those would be too small to read, the smallest readable
 * ones in full rows, and the screen scrolls.
 */
export function gridShape({ count, widthPx, heightPx }: GridSpace): GridShape {
  let best: GridShape = { columns: 1, tileWidthPx: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidthPx = (widthPx - GAP_PX * (columns - 1)) / columns;
    const byHeightPx = ((heightPx - GAP_PX * (rows - 1)) / rows) * ASPECT;
    const tileWidthPx = Math.floor(Math.min(byWidthPx, byHeightPx));
    if (tileWidthPx > best.tileWidthPx) best = { columns, tileWidthPx };
  }
  return best.tileWidthPx >= LEAST_TILE_PX ? best : scrollingShape(widthPx);
}

function scrollingShape(widthPx: number): GridShape {
  const columns = Math.max(1, Math.floor((widthPx + GAP_PX) / (LEAST_TILE_PX + GAP_PX)));
  return { columns, tileWidthPx: Math.floor((widthPx - GAP_PX * (columns - 1)) / columns) };
}
