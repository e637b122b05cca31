import type { FractionBox } from "#contract/payloads.ts";
import { overlap } from "../../../web/vision/worker/objects.ts";

/** What stands in one picture and what was found there, of one class. */
export type Looked = { truth: FractionBox[]; found: { box: FractionBox; score: number }[] };

const OVERLAP = 0.5;
/** COCO reads the precision at 101 recalls. */
const RECALLS = Array.from({ length: 101 }, (_, at) => at / 100);

/** AP at an overlap of 0.5, as COCO has it; null where nothing stands in any picture. */
export function averagePrecision(pictures: Looked[]): number | null {
  const total = pictures.reduce((sum, { truth }) => sum + truth.length, 0);
  if (total === 0) return null;
  const hits = pictures.flatMap(matched).toSorted((a, b) => b.score - a.score);
  let right = 0;
  const curve = hits.map(({ isRight }, at) => {
    if (isRight) right += 1;
    return { recall: right / total, precision: right / (at + 1) };
  });
  // the best precision at this recall or beyond it
  const precisionAt = (recall: number) =>
    curve.reduce((best, point) => (point.recall >= recall ? Math.max(best, point.precision) : best), 0);
  return RECALLS.reduce((sum, recall) => sum + precisionAt(recall), 0) / RECALLS.length;
}

/** Best first, each takes the free box it lies on best. */
function matched({ truth, found }: Looked): { score: number; isRight: boolean }[] {
  const free = new Set(truth);
  return found
    .toSorted((a, b) => b.score - a.score)
    .map(({ box, score }) => {
      const [best] = [...free]
        .map((real) => ({ real, shared: overlap(real, box) }))
        .toSorted((a, b) => b.shared - a.shared);
      const isRight = best !== undefined && best.shared >= OVERLAP;
      if (isRight) free.delete(best.real);
      return { score, isRight };
    });
}
