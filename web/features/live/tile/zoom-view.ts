/** How a picture is shown: moved by `xPx`, `yPx` and enlarged from its left top corner. 1, 0, 0 is the whole picture. */
export type ZoomView = { scale: number; xPx: number; yPx: number };
export type Point = { xPx: number; yPx: number };
/** Of the frame that the picture is seen through. */
export type FrameSize = { widthPx: number; heightPx: number };

export const WHOLE: ZoomView = { scale: 1, xPx: 0, yPx: 0 };
/** Beyond this a camera's picture is a handful of squares. */
const MOST = 8;

/** Enlarged `factor` times around a point of the frame, which stays where it is. */
export function zoomedAt(view: ZoomView, factor: number, at: Point, frame: FrameSize): ZoomView {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor));
  const ratio = scale / view.scale;
  const xPx = at.xPx - (at.xPx - view.xPx) * ratio;
  const yPx = at.yPx - (at.yPx - view.yPx) * ratio;
  return kept({ scale, xPx, yPx }, frame);
}

export function movedBy(view: ZoomView, by: Point, frame: FrameSize): ZoomView {
  return kept({ ...view, xPx: view.xPx + by.xPx, yPx: view.yPx + by.yPx }, frame);
}

/** No edge of the picture comes inside the frame. */
export function kept({ scale, xPx, yPx }: ZoomView, { widthPx, heightPx }: FrameSize): ZoomView {
  return {
    scale,
    xPx: Math.min(0, Math.max(widthPx * (1 - scale), xPx)),
    yPx: Math.min(0, Math.max(heightPx * (1 - scale), yPx)),
  };
}
