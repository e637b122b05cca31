import type { Detection } from "../detector.ts";
import type { InputSize } from "./letterbox.ts";
import { groupOf, overlap, type WantedClass } from "./objects.ts";

const STRIDES_PX = [8, 16, 32];
const NMS_OVERLAP = 0.45;

/** Cells of all strides: the rows of the head's output. */
export const cellCount = (size: { widthPx: number; heightPx: number }): number =>
  STRIDES_PX.reduce((sum, stride) => sum + (size.widthPx / stride) * (size.heightPx / stride), 0);

/**
 * Reads the raw YOLOX head, shape [cells, 5 + classes], cells row by row for strides 8, 16, 32: x, y in cells from the
 * cell's corner, log of width and height in strides, objectness and class scores already between 0 and 1. Boxes come
 * out as fractions of the picture, clipped to it, best first, one for each object.
 */
export function readYoloxHead(
  head: Float32Array,
  options: { size: InputSize; classCount: number; wanted: WantedClass[]; minScore: number },
): Detection[] {
  const { size, classCount, wanted, minScore } = options;
  const rowLength = 5 + classCount;
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
        if (score < minScore) continue;
        candidates.push({ label: best.label, score, box: boxAt(head, at, { column, row, stride, size }) });
      }
    }
  }
  return suppress(candidates, NMS_OVERLAP).map((found) => ({ ...found, box: clipped(found.box) }));
}

function bestClass(
  head: Float32Array,
  start: number,
  wanted: WantedClass[],
): { label: string; score: number } {
  const best = { label: "", score: 0 };
  for (const { index, label } of wanted) {
    const score = head[start + index] ?? 0;
    if (score <= best.score) continue;
    best.label = label;
    best.score = score;
  }
  return best;
}

function boxAt(
  head: Float32Array,
  at: number,
  cell: { column: number; row: number; stride: number; size: InputSize },
): Detection["box"] {
  const { column, row, stride, size } = cell;
  const centreXPx = ((head[at] ?? 0) + column) * stride;
  const centreYPx = ((head[at + 1] ?? 0) + row) * stride;
  const halfWidthPx = (Math.exp(head[at + 2] ?? 0) * stride) / 2;
  const halfHeightPx = (Math.exp(head[at + 3] ?? 0) * stride) / 2;
  return {
    left: (centreXPx - halfWidthPx) / size.contentWidthPx,
    top: (centreYPx - halfHeightPx) / size.contentHeightPx,
    width: (2 * halfWidthPx) / size.contentWidthPx,
    height: (2 * halfHeightPx) / size.contentHeightPx,
  };
}

function clipped(box: Detection["box"]): Detection["box"] {
  const left = fraction(box.left);
  const top = fraction(box.top);
  return {
    left,
    top,
    width: fraction(box.left + box.width) - left,
    height: fraction(box.top + box.height) - top,
  };
}

const fraction = (value: number): number => Math.min(1, Math.max(0, value));

/** Greedy: of boxes of one group that overlap more than `limit` only the best stays. */
export function suppress(candidates: Detection[], limit: number): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    const rival = kept.some(
      (other) =>
        groupOf(other.label) === groupOf(candidate.label) && overlap(other.box, candidate.box) > limit,
    );
    if (!rival) kept.push(candidate);
  }
  return kept;
}
