import type { FractionBox } from "#contract/payloads.ts";
import { overlap } from "../worker/objects.ts";

/** Where a plate may be. Boxes are fractions of what was looked at, clipped to it. */
export type FoundPlate = { box: FractionBox; score: number };

export const FINDER_SHAPE = { widthPx: 320, heightPx: 240 };

/** From the public implementation in opencv_zoo, as is `readFinder`. */
const MAPS = [
  { rows: 30, columns: 40, stepPx: 8, sizesPx: [10, 16, 24] },
  { rows: 15, columns: 20, stepPx: 16, sizesPx: [32, 48] },
  { rows: 7, columns: 10, stepPx: 32, sizesPx: [64, 96] },
  { rows: 3, columns: 5, stepPx: 64, sizesPx: [128, 192, 256] },
];
const VARIANCE = 0.1;
const NMS_OVERLAP = 0.3;

/** Rows of the network's outputs. */
export const PRIOR_COUNT = MAPS.reduce(
  (sum, { rows, columns, sizesPx }) => sum + rows * columns * sizesPx.length,
  0,
);

/** Numbers a row: `loc` has box, four corners and centre, `conf` background and plate. */
export const FINDER_OUTPUTS = { loc: 14, conf: 2, iou: 1 } as const;

/** Places of the four corners' x in a row of `loc`; y stands beside each. */
const CORNERS = [4, 6, 10, 12];

/** Shape [PRIOR_COUNT, 3]: centre and size in pixels of the input, map by map, row by row. */
const priors = Float32Array.from(
  MAPS.flatMap(({ rows, columns, stepPx, sizesPx }) =>
    Array.from({ length: rows * columns }, (_, cell) => {
      const x = ((cell % columns) + 0.5) * stepPx;
      const y = (Math.floor(cell / columns) + 0.5) * stepPx;
      return sizesPx.flatMap((sizePx) => [x, y, sizePx]);
    }).flat(),
  ),
);

type FinderAnswer = Record<keyof typeof FINDER_OUTPUTS, Float32Array>;

/** Reads the network's answer. The box is the hull of the plate's four corners. Best first, one for each plate. */
export function readFinder({ loc, conf, iou }: FinderAnswer, minScore: number): FoundPlate[] {
  const candidates: FoundPlate[] = [];
  for (let row = 0; row < PRIOR_COUNT; row += 1) {
    const fit = Math.min(1, Math.max(0, iou[row] ?? 0));
    const score = Math.sqrt((conf[row * FINDER_OUTPUTS.conf + 1] ?? 0) * fit);
    if (score >= minScore) candidates.push({ box: hullAt(loc, row), score });
  }
  const seen = candidates.filter(({ box }) => box.width > 0 && box.height > 0);
  return keepBest(
    seen.toSorted((a, b) => b.score - a.score),
    NMS_OVERLAP,
  );
}

function hullAt(loc: Float32Array, row: number): FractionBox {
  const [x = 0, y = 0, sizePx = 0] = priors.subarray(3 * row, 3 * row + 3);
  const start = row * FINDER_OUTPUTS.loc;
  const reach = VARIANCE * sizePx;
  const xs = CORNERS.map((at) => fraction((x + (loc[start + at] ?? 0) * reach) / FINDER_SHAPE.widthPx));
  const ys = CORNERS.map((at) => fraction((y + (loc[start + at + 1] ?? 0) * reach) / FINDER_SHAPE.heightPx));
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

const fraction = (value: number): number => Math.min(1, Math.max(0, value));

/** Of those that overlap more than `limit` the first stays. */
export function keepBest<T extends { box: FractionBox }>(bestFirst: T[], limit: number): T[] {
  const kept: T[] = [];
  for (const candidate of bestFirst) {
    if (!kept.some(({ box }) => overlap(box, candidate.box) > limit)) kept.push(candidate);
  }
  return kept;
}
