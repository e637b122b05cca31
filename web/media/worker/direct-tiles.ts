import { type AccessUnit, parseAccessUnit } from "#contract/access-unit.ts";
import type { TapLink, TapNotice, TapRequest } from "#contract/taps.ts";
import type { FromDirectWorker, ToDirectWorker } from "../direct-protocol.ts";
import type { PictureSize, TransportFailure } from "../session-facts.ts";
import type { PictureFeed } from "./picture-feed.ts";

type Stream = "main" | "sub";
type Feed = { subscriptionId: number; stream: Stream; pictures: PictureFeed };
type Tile = {
  id: number;
  cameraId: string;
  widthPx: number;
  draw: DrawFrame;
  /** What is drawn. */
  feed: Feed;
  /** The other stream, until its first picture replaces `feed`. */
  next: Feed | null;
  toldAtMs: number;
};

/** Draws and closes `frame`; returns the size of the picture. */
export type DrawFrame = (frame: VideoFrame, tileWidthPx: number) => PictureSize;

type FeedEvents = { onFrame(frame: VideoFrame): void; onFailed(failure: TransportFailure): void };

type DirectTilesDeps = {
  post(message: FromDirectWorker): void;
  createDraw(canvas: OffscreenCanvas): DrawFrame;
  createFeed(events: FeedEvents): PictureFeed;
  nowMs: () => number;
};

/** A tile up to this wide is served by the sub stream. */
const SUB_MAX_WIDTH_PX = 640;
/** The page is told of new pictures this often. */
const TELL_MS = 500;

/** All `direct` tiles of a page over one port of the tap hub. */
export function createDirectTiles({ post, createDraw, createFeed, nowMs }: DirectTilesDeps) {
  const tiles = new Map<number, Tile>();
  const feeds = new Map<number, Feed>();
  let tap: Pick<MessagePort, "onmessage" | "postMessage"> | null = null;
  let lastId = 0;

  function ask(request: TapRequest): void {
    tap?.postMessage(request);
  }

  function subscribe(cameraId: string, stream: Stream, events: FeedEvents): Feed {
    lastId += 1;
    const feed: Feed = { subscriptionId: lastId, stream, pictures: createFeed(events) };
    feeds.set(lastId, feed);
    ask({ type: "subscribe", id: lastId, cameraId, stream, frames: "all" });
    return feed;
  }

  function drop(feed: Feed | null): void {
    if (!feed) return;
    feeds.delete(feed.subscriptionId);
    feed.pictures.stop();
    ask({ type: "unsubscribe", id: feed.subscriptionId });
  }

  function open({ tileId, cameraId, canvas, widthPx }: Extract<ToDirectWorker, { type: "open" }>): void {
    const tile: Tile = {
      id: tileId,
      cameraId,
      widthPx,
      draw: createDraw(canvas),
      feed: subscribe(cameraId, streamFor(widthPx), {
        onFrame: (frame) => show(tile, frame),
        onFailed: (failure) => fail(tile, failure),
      }),
      next: null,
      toldAtMs: -Infinity,
    };
    tiles.set(tileId, tile);
  }

  function show(tile: Tile, frame: VideoFrame): void {
    const size = tile.draw(frame, tile.widthPx);
    if (nowMs() - tile.toldAtMs < TELL_MS) return;
    tile.toldAtMs = nowMs();
    post({ type: "picture", tileId: tile.id, size });
  }

  function resize(tile: Tile, widthPx: number): void {
    tile.widthPx = widthPx;
    const stream = streamFor(widthPx);
    if (tile.next && tile.next.stream !== stream) dropNext(tile);
    if (tile.next || tile.feed.stream === stream) return;
    const next: Feed = subscribe(tile.cameraId, stream, {
      onFrame(frame) {
        if (tile.next === next) {
          drop(tile.feed);
          tile.feed = next;
          tile.next = null;
        }
        show(tile, frame);
      },
      // the other stream is no good: what is shown goes on
      onFailed: (failure) => (tile.next === next ? dropNext(tile) : fail(tile, failure)),
    });
    tile.next = next;
  }

  function dropNext(tile: Tile): void {
    drop(tile.next);
    tile.next = null;
  }

  function fail(tile: Tile, failure: TransportFailure): void {
    release(tile);
    post({ type: "failed", tileId: tile.id, failure });
  }

  function release(tile: Tile): void {
    tiles.delete(tile.id);
    drop(tile.feed);
    drop(tile.next);
  }

  function takeTap(message: TapNotice | TapLink | ArrayBuffer): void {
    if (message instanceof ArrayBuffer) takeUnit(parseAccessUnit(message));
    else if (message.type === "link") {
      if (!message.connected) for (const { pictures } of feeds.values()) pictures.interrupt();
    } else if (message.type === "format") void feeds.get(message.id)?.pictures.setFormat(message.format);
    else if (message.type === "dropped") feeds.get(message.id)?.pictures.interrupt();
    else if (message.type === "refused") refuse(message.id, message.message);
  }

  function takeUnit(unit: AccessUnit): void {
    feeds.get(unit.subscriptionId)?.pictures.take(unit);
  }

  function refuse(subscriptionId: number | null, detail: string): void {
    for (const tile of tiles.values()) {
      if (tile.next?.subscriptionId === subscriptionId) dropNext(tile);
      else if (tile.feed.subscriptionId === subscriptionId) fail(tile, { kind: "broken", detail });
    }
  }

  return function take(message: ToDirectWorker): void {
    if (message.type === "tap") {
      tap = message.port;
      message.port.onmessage = ({ data }) => takeTap(data);
    } else if (message.type === "open") open(message);
    else {
      const tile = tiles.get(message.tileId);
      if (!tile) return;
      if (message.type === "resize") resize(tile, message.widthPx);
      else release(tile);
    }
  };
}

function streamFor(tileWidthPx: number): Stream {
  return tileWidthPx <= SUB_MAX_WIDTH_PX ? "sub" : "main";
}
