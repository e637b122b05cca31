import type { PutFrame } from "./direct-tiles.ts";

/** From this many times the tile's width on, a picture is halved: its pixels would only be thrown away later. */
const HALVE_FROM = 2;

/** Draws pictures as they come. The canvas has the picture's shape; the page letterboxes it. */
export function createCanvasDraw(canvas: OffscreenCanvas): PutFrame {
  const context = canvas.getContext("2d", { alpha: false, desynchronized: true });
  if (!context) throw new Error("no 2d context for a direct tile");
  return (frame, tileWidthPx) => {
    const { displayWidth: widthPx, displayHeight: heightPx } = frame;
    let share = 1;
    while (tileWidthPx > 0 && widthPx * share >= HALVE_FROM * tileWidthPx) share /= 2;
    const [width, height] = [Math.round(widthPx * share), Math.round(heightPx * share)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(frame, 0, 0, width, height);
    frame.close();
    return { widthPx, heightPx };
  };
}
