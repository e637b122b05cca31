import type { Detection } from "../detector.ts";
import {
  type Answer,
  bestClass,
  boxInPicture,
  distinct,
  type Edges,
  type HeadReading,
  mustBe,
} from "./head-boxes.ts";

const STRIDES_PX = [8, 16, 32];
const NMS_OVERLAP = 0.45;

/** Cells of all strides: the rows of the head's output. */
export const cellCount = (size: { widthPx: number; heightPx: number }): number =>
  STRIDES_PX.reduce((sum, stride) => sum + (size.widthPx / stride) * (size.heightPx / stride), 0);

/**
 * Reads the raw YOLOX head, shape [1, cells, 5 + classes], cells row by row for strides 8, 16, 32: x, y in cells from
 * the cell's corner, log of width and height in strides, objectness and class scores already between 0 and 1. Boxes
 * come out as fractions of the picture, clipped to it, best first, one for each object.
 */
export function readYoloxHead([answer]: Answer[], reading: HeadReading): Detection[] {
  const { size, content, classCount, wanted, minScore } = reading;
  const rowLength = 5 + classCount;
  const head = mustBe(answer, [1, cellCount(size), rowLength]);
  const candidates: Detection[] = [];
  let at = 0;
  for (const stride of STRIDES_PX) {
    const columns = size.widthPx / stride;
    const rows = size.heightPx / stride;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1, at += rowLength) {
        const objectness = head[at + 4] ?? 0;
        if (objectness < minScore) continue;
        const best = bestClass(head, at + 5, wanted);
        const score = objectness * best.score;
        if (!(score >= minScore)) continue;
        const edges = edgesAt(head, at, { column, row, stride });
        candidates.push({ label: best.label, score, box: boxInPicture(edges, content) });
      }
    }
  }
  return distinct(candidates, NMS_OVERLAP);
}

function edgesAt(
  head: Float32Array,
  at: number,
  { column, row, stride }: { column: number; row: number; stride: number },
): Edges {
  const centreXPx = ((head[at] ?? 0) + column) * stride;
  const centreYPx = ((head[at + 1] ?? 0) + row) * stride;
  const halfWidthPx = (Math.exp(head[at + 2] ?? 0) * stride) / 2;
  const halfHeightPx = (Math.exp(head[at + 3] ?? 0) * stride) / 2;
  return {
    leftPx: centreXPx - halfWidthPx,
    topPx: centreYPx - halfHeightPx,
    rightPx: centreXPx + halfWidthPx,
    bottomPx: centreYPx + halfHeightPx,
  };
}
