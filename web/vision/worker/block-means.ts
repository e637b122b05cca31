import type { Picture } from "../detector.ts";

export const GATE_COLUMNS = 64;
export const GATE_ROWS = 36;
/** At most so many rows and columns of a block are read: a large picture costs no more than a small one. */
const SAMPLES_AT_MOST = 8;

type Geometry = { key: string; columns: Int32Array; rows: Int32Array };

/** Mean brightness of 64x36 blocks of a picture, 0..255. Tables are made once a size. */
export function createBlockMeans() {
  let geometry: Geometry = { key: "", columns: new Int32Array(), rows: new Int32Array() };

  /** Writes all of `into`, row by row; its length is `GATE_COLUMNS * GATE_ROWS`. */
  return function readMeans(picture: Picture, into: Float32Array): void {
    const { bytes, pixels } = picture;
    const isYuv = pixels.kind === "yuv420";
    // Of an RGB picture, green: most of what brightness is.
    const plane = isYuv
      ? pixels.y
      : { offset: pixels.offset + 1, strideBytes: pixels.strideBytes, stepBytes: 4 };
    const key = `${picture.widthPx}x${picture.heightPx}x${plane.stepBytes}`;
    if (geometry.key !== key) geometry = geometryOf(key, picture, plane.stepBytes);
    const { columns, rows } = geometry;
    const across = columns.length / GATE_COLUMNS;
    const down = rows.length / GATE_ROWS;
    const share = 1 / (across * down);
    let at = 0;
    for (let row = 0; row < rows.length; row += down) {
      for (let column = 0; column < columns.length; column += across, at += 1) {
        let sum = 0;
        for (let y = row; y < row + down; y += 1) {
          const start = plane.offset + (rows[y] ?? 0) * plane.strideBytes;
          for (let x = column; x < column + across; x += 1) sum += bytes[start + (columns[x] ?? 0)] ?? 0;
        }
        into[at] = sum * share;
      }
    }
  };
}

function geometryOf(key: string, picture: Picture, stepBytes: number): Geometry {
  const columns = samplesOf(picture.widthPx, GATE_COLUMNS).map((x) => x * stepBytes);
  const rows = samplesOf(picture.heightPx, GATE_ROWS);
  return { key, columns, rows };
}

/** As many positions for each block, spread evenly over it. */
function samplesOf(sizePx: number, blocks: number): Int32Array {
  const each = Math.max(1, Math.min(SAMPLES_AT_MOST, Math.floor(sizePx / blocks)));
  return Int32Array.from({ length: blocks * each }, (_, at) =>
    Math.min(sizePx - 1, Math.floor(((at + 0.5) * sizePx) / (blocks * each))),
  );
}
