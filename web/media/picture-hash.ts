/** Mixes whole pixels or bytes into one number; the same picture gives the same number. */
export function hashOf(words: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(hash ^ (words[i] as number), 0x9e3779b1); // in bounds
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}

export type Band = { topPx: number; heightPx: number };

/** So many pixels are looked at: all of a small picture, 14 rows in 100 of one of 1920x1080. */
const MOST_PX = 300_000;
/** Of the rows of a large picture, so many at the top and as many at the bottom: a camera writes its clock there. */
const EDGE_FRACTION = 1 / 3;
const MIDDLE_BAND_PX = 8;

/** The rows of a picture that stand for it, at native size, top to bottom; even ones, as decoded planes are cut. */
export function bandsOf(widthPx: number, heightPx: number): Band[] {
  const rows = Math.floor(MOST_PX / widthPx);
  if (rows >= heightPx) return [{ topPx: 0, heightPx }];
  const edge = even(rows * EDGE_FRACTION);
  const middles = Math.floor((rows - 2 * edge) / MIDDLE_BAND_PX);
  const gap = (heightPx - 2 * edge) / (middles + 1);
  const middle = Array.from({ length: middles }, (_, index) => ({
    topPx: even(edge + gap * (index + 1) - MIDDLE_BAND_PX / 2),
    heightPx: MIDDLE_BAND_PX,
  }));
  const bottom = even(heightPx - edge);
  return [{ topPx: 0, heightPx: edge }, ...middle, { topPx: bottom, heightPx: heightPx - bottom }];
}

function even(px: number): number {
  return Math.floor(px / 2) * 2;
}
