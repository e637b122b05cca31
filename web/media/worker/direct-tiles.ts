import { parseAccessUnit } from "#contract/access-unit.ts";
import type { TapRequest } from "#contract/taps.ts";
import type { FromDirectWorker, PictureSurface, ToDirectWorker } from "../direct-protocol.ts";
import { createLateGuard, lateDetail } from "../late-guard.ts";
import type { PictureSize, TransportFailure } from "../session-facts.ts";
import type { PictureFeed, PictureFeedEvents } from "./picture-feed.ts";
import { readTapMessage, type TapMessage } from "./tap-message.ts";
import { createTileFigures, type PictureFacts, type TileFigures } from "./tile-figures.ts";

/** Its id is that of its subscription too. */
type Tile = {
  id: number;
  widthPx: number;
  put: PutFrame;
  pictures: PictureFeed;
  figures: TileFigures;
  isTooLate: (latencyMs: number | null) => boolean;
  toldAtMs: number;
};

/** Puts `frame` on the tile and closes it; returns the picture's size, null where it was too much for the tile. */
export type PutFrame = (frame: VideoFrame, tileWidthPx: number) => PictureSize | null;

type DirectTilesDeps = {
  post(message: FromDirectWorker): void;
  createPut(surface: PictureSurface): PutFrame;
  createFeed(events: PictureFeedEvents<VideoFrame>): PictureFeed;
  /** Takes ownership of `frame`; null where its pixels cannot be read. */
  hashFrame(frame: VideoFrame): Promise<number | null>;
  /** This device's clock. */
  nowMs: () => number;
};

/** A kept picture of this age is no sign that the camera lives: it may have frozen since. */
const OLD_MS = 2_000;
/** The page is told of new pictures this often. */
const TELL_MS = 500;

/** All `direct` tiles of a page over one port of the tap hub. */
export function createDirectTiles({ post, createPut, createFeed, hashFrame, nowMs }: DirectTilesDeps) {
  const tiles = new Map<number, Tile>();
  let tap: Pick<MessagePort, "onmessage" | "postMessage"> | null = null;
  let gatewayAheadMs: number | null = null;

  function ask(request: TapRequest): void {
    tap?.postMessage(request);
  }

  function open({
    tileId,
    cameraId,
    stream,
    surface,
    widthPx,
  }: Extract<ToDirectWorker, { type: "open" }>): void {
    const tile: Tile = {
      id: tileId,
      widthPx,
      put: createPut(surface),
      pictures: createFeed({
        onFrame: (frame, facts) => show(tile, frame, facts),
        onDropped: (pictures) => tile.figures.dropped(pictures),
        onFailed: (failure) => fail(tile, failure),
      }),
      figures: createTileFigures(nowMs),
      isTooLate: createLateGuard(nowMs),
      toldAtMs: Number.NEGATIVE_INFINITY,
    };
    tiles.set(tileId, tile);
    ask({ type: "subscribe", id: tileId, cameraId, stream, frames: "all" });
  }

  function show(tile: Tile, frame: VideoFrame, facts: PictureFacts): void {
    if (tile.figures.decoded(facts)) void look(tile, frame.clone());
    const size = tile.put(frame, tile.widthPx);
    if (!size) {
      if (!facts.replayed) tile.figures.dropped(1);
      return;
    }
    const gatewayNowMs = gatewayAheadMs === null ? null : nowMs() + gatewayAheadMs;
    tile.figures.drawn(facts, gatewayNowMs);
    if (isOld(facts, gatewayNowMs)) {
      post({ type: "still", tileId: tile.id });
      return;
    }
    if (nowMs() - tile.toldAtMs < TELL_MS) return;
    tile.toldAtMs = nowMs();
    post({ type: "picture", tileId: tile.id, size });
  }

  async function look(tile: Tile, frame: VideoFrame): Promise<void> {
    const counted = tile.figures.counted();
    const hash = await hashFrame(frame);
    if (hash !== null) tile.figures.looked({ hash, ...counted });
  }

  function fail(tile: Tile, failure: TransportFailure): void {
    release(tile);
    post({ type: "failed", tileId: tile.id, failure });
  }

  function release(tile: Tile): void {
    if (!tiles.delete(tile.id)) return;
    tile.pictures.stop();
    ask({ type: "unsubscribe", id: tile.id });
  }

  function takeTap(data: unknown): void {
    if (data instanceof ArrayBuffer) takeUnit(data);
    else {
      const message = readTapMessage(data);
      if (message) takeMessage(message);
    }
  }

  function takeUnit(buffer: ArrayBuffer): void {
    const unit = parseAccessUnit(buffer);
    const tile = tiles.get(unit.subscriptionId);
    if (!unit.replayed) tile?.figures.tookBytes(unit.data.length);
    tile?.pictures.take(unit);
  }

  function takeMessage(message: TapMessage): void {
    if (message.type === "clock") gatewayAheadMs = message.offsetMs;
    else if (message.type === "link") {
      if (!message.connected) for (const { pictures } of tiles.values()) pictures.interrupt();
    } else {
      const tile = tiles.get(message.id);
      if (tile) takeNotice(tile, message);
    }
  }

  function takeNotice(tile: Tile, notice: Exclude<TapMessage, { type: "clock" | "link" }>): void {
    if (notice.type === "format") void tile.pictures.setFormat(notice.format);
    else if (notice.type === "refused") fail(tile, { kind: "broken", detail: notice.message });
    else {
      tile.figures.dropped(notice.frames);
      tile.pictures.interrupt();
    }
  }

  return {
    take(message: ToDirectWorker): void {
      if (message.type === "tap") {
        tap = message.port;
        message.port.onmessage = ({ data }) => takeTap(data);
      } else if (message.type === "open") open(message);
      else {
        const tile = tiles.get(message.tileId);
        if (!tile) return;
        if (message.type === "resize") tile.widthPx = message.widthPx;
        else release(tile);
      }
    },
    /** To be called once a second. */
    tick(): void {
      for (const tile of [...tiles.values()]) {
        const stats = tile.figures.read(tile.pictures.decoderName());
        post({ type: "stats", tileId: tile.id, stats });
        const { latencyMs } = stats;
        if (tile.isTooLate(latencyMs)) fail(tile, { kind: "broken", detail: lateDetail(latencyMs ?? 0) });
      }
    },
  };
}

function isOld({ replayed, receivedAtMs }: PictureFacts, gatewayNowMs: number | null): boolean {
  return replayed && (gatewayNowMs === null || gatewayNowMs - receivedAtMs > OLD_MS);
}
