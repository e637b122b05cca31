import type { Detection } from "../detector.ts";
import { type Answer, bestClass, boxInPicture, distinct, type HeadReading } from "./head-boxes.ts";
import { ModelError } from "./model-error.ts";

/** The public implementation's own value. */
const NMS_OVERLAP = 0.7;

/**
 * Reads the head of YOLOv8, 9 and 11: [1, 4 + classes, boxes], or the same with its last two sides swapped; centre,
 * width and height in pixels of the input, class scores between 0 and 1, no objectness. Boxes as `readYoloxHead` gives
 * them.
 */
export function readYolov8Head([answer]: Answer[], reading: HeadReading): Detection[] {
  const { content, wanted, minScore } = reading;
  const { head, count, perBox, perNumber } = layoutOf(answer, 4 + reading.classCount);
  const candidates: Detection[] = [];
  for (let box = 0; box < count; box += 1) {
    const at = box * perBox;
    const { label, score } = bestClass(head, at + 4 * perNumber, wanted, perNumber);
    if (score < minScore) continue;
    const xPx = head[at] ?? 0;
    const yPx = head[at + perNumber] ?? 0;
    const halfWidthPx = (head[at + 2 * perNumber] ?? 0) / 2;
    const halfHeightPx = (head[at + 3 * perNumber] ?? 0) / 2;
    const edges = {
      leftPx: xPx - halfWidthPx,
      topPx: yPx - halfHeightPx,
      rightPx: xPx + halfWidthPx,
      bottomPx: yPx + halfHeightPx,
    };
    candidates.push({ label, score, box: boxInPicture(edges, content) });
  }
  return distinct(candidates, NMS_OVERLAP);
}

/** How far apart in memory two boxes stand, and two numbers of one box. */
function layoutOf(answer: Answer | undefined, numbers: number) {
  const [batch, first = 0, second = 0, ...more] = answer?.dims ?? [];
  if (answer && batch === 1 && more.length === 0) {
    if (first === numbers) return { head: answer.data, count: second, perBox: 1, perNumber: second };
    if (second === numbers) return { head: answer.data, count: first, perBox: numbers, perNumber: 1 };
  }
  throw new ModelError(`the model answers ${answer?.dims.join("x")}, not 1x${numbers}xboxes`);
}
