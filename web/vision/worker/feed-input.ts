import type { Picture } from "../detector.ts";
import type { Content } from "./head-boxes.ts";
import { type InputSize, letterbox } from "./letterbox.ts";

/** How a network wants its picture: planes of three colours, one after the other. */
export type Feeding = {
  colours: "bgr" | "rgb";
  /** Where the picture lies in the input. */
  place: "top-left" | "centre";
  /** Around it, 0..255. */
  padding: number;
  /** Of the planes in their order: (value - mean) / deviation, value 0..255. */
  mean: [number, number, number];
  deviation: [number, number, number];
};

/** What `letterbox` writes. */
export const PLAIN: Feeding = {
  colours: "bgr",
  place: "top-left",
  padding: 114,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
};

export function contentOf(size: InputSize, { place }: Feeding): Content {
  const { contentWidthPx: widthPx, contentHeightPx: heightPx } = size;
  if (place === "top-left") return { leftPx: 0, topPx: 0, widthPx, heightPx };
  return {
    leftPx: Math.floor((size.widthPx - widthPx) / 2),
    topPx: Math.floor((size.heightPx - heightPx) / 2),
    widthPx,
    heightPx,
  };
}

/** Writes every number of `into`, [1, 3, heightPx, widthPx]. What is plain costs the letterbox alone. */
export function feedInput(picture: Picture, size: InputSize, feeding: Feeding, into: Float32Array): void {
  letterbox(picture, size, into);
  if (feeding === PLAIN) return;
  place(into, size, feeding);
  normalise(into, feeding);
}

/** Moves the picture from the top left to its place, in place, and fills the rest. */
function place(into: Float32Array, size: InputSize, feeding: Feeding): void {
  const { leftPx, topPx, widthPx, heightPx } = contentOf(size, feeding);
  const planePx = size.widthPx * size.heightPx;
  for (let plane = 0; plane < 3 * planePx; plane += planePx) {
    // from the last row up: a row never lands on one that is still to be moved
    for (let row = heightPx - 1; row >= 0; row -= 1) {
      const from = plane + row * size.widthPx;
      const to = plane + (row + topPx) * size.widthPx;
      into.copyWithin(to + leftPx, from, from + widthPx);
      into.fill(feeding.padding, to, to + leftPx);
      into.fill(feeding.padding, to + leftPx + widthPx, to + size.widthPx);
    }
    into.fill(feeding.padding, plane, plane + topPx * size.widthPx);
    into.fill(feeding.padding, plane + (topPx + heightPx) * size.widthPx, plane + planePx);
  }
}

function normalise(into: Float32Array, { colours, mean, deviation }: Feeding): void {
  const planePx = into.length / 3;
  const [mean0, mean1, mean2] = mean;
  const [gain0, gain1, gain2] = deviation.map((each) => 1 / each) as [number, number, number]; // as many as before
  const [first, third] = colours === "bgr" ? [0, 2 * planePx] : [2 * planePx, 0];
  for (let at = 0; at < planePx; at += 1) {
    // In bounds by construction; `?? 0` satisfies the index check without a branch the compiler keeps.
    const value0 = into[at + first] ?? 0;
    const value1 = into[at + planePx] ?? 0;
    const value2 = into[at + third] ?? 0;
    into[at] = (value0 - mean0) * gain0;
    into[at + planePx] = (value1 - mean1) * gain1;
    into[at + 2 * planePx] = (value2 - mean2) * gain2;
  }
}
