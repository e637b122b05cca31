import { bandsOf, hashOf } from "./picture-hash.ts";

let shared: CanvasRenderingContext2D | null = null;

/** Null where there is no picture, or none that may be read. One canvas serves all videos of the page. */
export function hashVideo(video: HTMLVideoElement): number | null {
  const { videoWidth: widthPx, videoHeight: heightPx } = video;
  if (widthPx === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  shared ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true, alpha: false });
  if (!shared) return null;
  const bands = bandsOf(widthPx, heightPx);
  const rows = bands.reduce((sum, band) => sum + band.heightPx, 0);
  const { canvas } = shared;
  if (canvas.width < widthPx) canvas.width = widthPx;
  if (canvas.height < rows) canvas.height = rows;
  let toPx = 0;
  for (const band of bands) {
    shared.drawImage(video, 0, band.topPx, widthPx, band.heightPx, 0, toPx, widthPx, band.heightPx);
    toPx += band.heightPx;
  }
  return hashOf(new Uint32Array(shared.getImageData(0, 0, widthPx, rows).data.buffer));
}
