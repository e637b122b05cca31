import type { CameraStream } from "#contract/cameras.ts";
import type { PictureSize, SessionStats, TransportFailure } from "./session-facts.ts";

/** Between the page and the one worker that draws all `direct` tiles. A tile's width is in pixels of the screen. */
export type ToDirectWorker =
  /** Once, first: a port of the tap hub. */
  | { type: "tap"; port: MessagePort }
  | {
      type: "open";
      tileId: number;
      cameraId: string;
      stream: CameraStream;
      canvas: OffscreenCanvas;
      widthPx: number;
    }
  | { type: "resize"; tileId: number; widthPx: number }
  /** No more pictures; the canvas keeps the last one. */
  | { type: "release"; tileId: number };

export type FromDirectWorker =
  | { type: "picture"; tileId: number; size: PictureSize }
  /** What was drawn is old: kept from before this tile was opened. */
  | { type: "still"; tileId: number }
  /** Once a second, from the opening on. */
  | { type: "stats"; tileId: number; stats: SessionStats }
  | { type: "failed"; tileId: number; failure: TransportFailure };
