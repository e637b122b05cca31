import type { CameraStream } from "#contract/cameras.ts";
import type { PictureSize, SessionStats, TransportFailure } from "./session-facts.ts";

/** Where a tile's pictures go: a canvas, or a video's track. */
export type PictureSurface = OffscreenCanvas | WritableStream<VideoFrame>;

/** Between the page and the one worker that decodes all `direct` tiles. A tile's width is in pixels of the screen. */
export type ToDirectWorker =
  /** Once, first: a port of the tap hub. */
  | { type: "tap"; port: MessagePort }
  | {
      type: "open";
      tileId: number;
      cameraId: string;
      stream: CameraStream;
      surface: PictureSurface;
      widthPx: number;
    }
  | { type: "resize"; tileId: number; widthPx: number }
  /** No more pictures; the tile keeps the last one. */
  | { type: "release"; tileId: number };

export type FromDirectWorker =
  | { type: "picture"; tileId: number; size: PictureSize }
  /** What was drawn is old: kept from before this tile was opened. */
  | { type: "still"; tileId: number }
  /** Once a second, from the opening on. */
  | { type: "stats"; tileId: number; stats: SessionStats }
  | { type: "failed"; tileId: number; failure: TransportFailure };
