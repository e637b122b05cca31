import type { Picture } from "../detector.ts";
import { letterbox } from "../worker/letterbox.ts";

export type Shape = { widthPx: number; heightPx: number };

/** The whole picture stretched to `shape`: BGR, NCHW, shape [3, heightPx, widthPx], values 0..255. Writes all of `into`. */
export function stretch(picture: Picture, { widthPx, heightPx }: Shape, into: Float32Array): void {
  letterbox(picture, { widthPx, heightPx, contentWidthPx: widthPx, contentHeightPx: heightPx }, into);
}

/** Values of `stretch` before they become bytes; one look at a time, so one buffer serves all. */
let planes = new Float32Array();

/**
 * Pictures stretched side by side: RGB bytes, NHWC, shape [heightPx, widthPx, 3], the widths of `columns` adding up to
 * `widthPx`. Writes all of `into`.
 */
export function stretchToBytes(
  columns: { picture: Picture; widthPx: number }[],
  { widthPx, heightPx }: Shape,
  into: Uint8Array,
): void {
  let startPx = 0;
  for (const column of columns) {
    const planePx = column.widthPx * heightPx;
    if (planes.length < 3 * planePx) planes = new Float32Array(3 * planePx);
    const values = planes.subarray(0, 3 * planePx);
    stretch(column.picture, { widthPx: column.widthPx, heightPx }, values);
    for (let at = 0; at < planePx; at += 1) {
      const row = Math.floor(at / column.widthPx);
      const pixel = 3 * (row * widthPx + startPx + (at - row * column.widthPx));
      into[pixel] = (values[at + 2 * planePx] ?? 0) + 0.5;
      into[pixel + 1] = (values[at + planePx] ?? 0) + 0.5;
      into[pixel + 2] = (values[at] ?? 0) + 0.5;
    }
    startPx += column.widthPx;
  }
}
