import type { FromDirectWorker, ToDirectWorker } from "../direct-protocol.ts";
import { hashFrame } from "../hash-frame.ts";
import { createCanvasDraw } from "./canvas-draw.ts";
import { createDirectTiles } from "./direct-tiles.ts";
import { createPictureFeed } from "./picture-feed.ts";
import { createWebDecoder, pickConfig } from "./web-decoder.ts";

const tiles = createDirectTiles({
  post: (message: FromDirectWorker) => self.postMessage(message),
  createDraw: createCanvasDraw,
  createFeed: (events) =>
    createPictureFeed<VideoFrame>({
      pickConfig,
      createDecoder: createWebDecoder,
      nowMs: () => performance.now(),
      ...events,
    }),
  hashFrame,
  nowMs: Date.now,
});

self.onmessage = ({ data }: MessageEvent<ToDirectWorker>) => tiles.take(data);
setInterval(tiles.tick, 1_000);
