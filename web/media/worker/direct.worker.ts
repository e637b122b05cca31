import type { FromDirectWorker, ToDirectWorker } from "../direct-protocol.ts";
import { hashFrame } from "../hash-frame.ts";
import { createDirectTiles } from "./direct-tiles.ts";
import { createPictureFeed } from "./picture-feed.ts";
import { createPutFrame } from "./put-frame.ts";
import { createWebDecoder, pickConfig } from "./web-decoder.ts";

const tiles = createDirectTiles({
  post: (message: FromDirectWorker) => self.postMessage(message),
  createPut: createPutFrame,
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
