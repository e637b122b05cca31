import type { PictureSize, TransportFailure } from "./session-facts.ts";

/** Between the page and the one worker that draws all `direct` tiles. A tile's width is in CSS pixels. */
export type ToDirectWorker =
  /** Once, first: a port of the tap hub. */
  | { type: "tap"; port: MessagePort }
  | { type: "open"; tileId: number; cameraId: string; canvas: OffscreenCanvas; widthPx: number }
  | { type: "resize"; tileId: number; widthPx: number }
  /** No more pictures; the canvas keeps the last one. */
  | { type: "release"; tileId: number };

export type FromDirectWorker =
  | { type: "picture"; tileId: number; size: PictureSize }
  | { type: "failed"; tileId: number; failure: TransportFailure };
