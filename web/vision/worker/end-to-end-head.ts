import type { Detection } from "../detector.ts";
import { type Answer, boxInPicture, distinct, type HeadReading } from "./head-boxes.ts";
import { ModelError } from "./model-error.ts";

/** Nothing of one class is left to suppress; a van told as car and as truck is one thing here. */
const NMS_OVERLAP = 0.7;

/**
 * Reads what a model gives that suppresses by itself (YOLOv10, YOLO26, exports with NMS): [1, boxes, 6], left, top,
 * right and bottom in pixels of the input, score, class. Rows that are not used hold a score of 0.
 */
export function readEndToEndHead([answer]: Answer[], reading: HeadReading): Detection[] {
  const { content, minScore } = reading;
  const [batch, count = 0, numbers, ...more] = answer?.dims ?? [];
  if (!answer || batch !== 1 || numbers !== 6 || more.length > 0) {
    throw new ModelError(`the model answers ${answer?.dims.join("x")}, not 1xboxesx6`);
  }
  const labels = new Map(reading.wanted.map(({ index, label }) => [index, label]));
  const found: Detection[] = [];
  for (let row = 0; row < count; row += 1) {
    const [leftPx = 0, topPx = 0, rightPx = 0, bottomPx = 0, score = 0, index = -1] = answer.data.subarray(
      row * 6,
      row * 6 + 6,
    );
    const label = labels.get(Math.round(index));
    if (label === undefined || !(score >= minScore)) continue;
    found.push({ label, score, box: boxInPicture({ leftPx, topPx, rightPx, bottomPx }, content) });
  }
  return distinct(found, NMS_OVERLAP);
}
