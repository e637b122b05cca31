import type { FromDirectWorker, ToDirectWorker } from "../direct-protocol.ts";
import { createCanvasDraw } from "./canvas-draw.ts";
import { createDirectTiles } from "./direct-tiles.ts";
import { createPictureFeed } from "./picture-feed.ts";
import { createWebDecoder, pickConfig } from "./web-decoder.ts";

const nowMs = () => performance.now();
const take = createDirectTiles({
  post: (message: FromDirectWorker) => self.postMessage(message),
  createDraw: createCanvasDraw,
  createFeed: (events) =>
    createPictureFeed<VideoFrame>({ pickConfig, createDecoder: createWebDecoder, nowMs, ...events }),
  nowMs,
});

self.onmessage = ({ data }: MessageEvent<ToDirectWorker>) => take(data);
