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
/** Each distance is a distribution over so many bins (the public model's `reg_max` is 7). */
const BINS = 8;
const NMS_OVERLAP = 0.6;

/**
 * Reads NanoDet's head: for strides 8, 16, 32 first three tensors of class scores [1, cells, classes], between 0 and 1,
 * then three of distances [1, cells, 4 x 8]. The mean of a distance's distribution times the stride is how far left,
 * top, right and bottom are from the cell's point. Boxes as `readYoloxHead` gives them.
 */
export function readNanodetHead(answers: Answer[], reading: HeadReading): Detection[] {
  const { size, content, classCount, wanted, minScore } = reading;
  const candidates: Detection[] = [];
  for (const [level, stride] of STRIDES_PX.entries()) {
    const columns = size.widthPx / stride;
    const cells = columns * (size.heightPx / stride);
    const scores = mustBe(answers[level], [1, cells, classCount]);
    const distances = mustBe(answers[level + STRIDES_PX.length], [1, cells, 4 * BINS]);
    for (let cell = 0; cell < cells; cell += 1) {
      const { label, score } = bestClass(scores, cell * classCount, wanted);
      if (score < minScore) continue;
      const column = cell % columns;
      const row = Math.floor(cell / columns);
      const edges = edgesAt(distances, cell * 4 * BINS, { column, row, stride });
      candidates.push({ label, score, box: boxInPicture(edges, content) });
    }
  }
  return distinct(candidates, NMS_OVERLAP);
}

function edgesAt(
  distances: Float32Array,
  at: number,
  { column, row, stride }: { column: number; row: number; stride: number },
): Edges {
  const xPx = (column + 0.5) * stride - 0.5;
  const yPx = (row + 0.5) * stride - 0.5;
  const distancePx = (side: number) => meanOf(distances, at + side * BINS) * stride;
  return {
    leftPx: xPx - distancePx(0),
    topPx: yPx - distancePx(1),
    rightPx: xPx + distancePx(2),
    bottomPx: yPx + distancePx(3),
  };
}

/** Mean of the softmax over the bins from `at` on, in bins. */
function meanOf(logits: Float32Array, at: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let bin = 0; bin < BINS; bin += 1) highest = Math.max(highest, logits[at + bin] ?? 0);
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const weight = Math.exp((logits[at + bin] ?? 0) - highest);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
