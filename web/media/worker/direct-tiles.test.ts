import { expect, test } from "vitest";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import type { TapLink, TapNotice, TapRequest } from "#contract/taps.ts";
import type { FromDirectWorker } from "../direct-protocol.ts";
import type { TransportFailure } from "../session-facts.ts";
import { createDirectTiles } from "./direct-tiles.ts";

const cameraId = anId();
// neither is looked into here: the drawing and the feed are fakes
const canvas = {} as OffscreenCanvas;
const aFrame = {} as VideoFrame;

type FakeFeed = {
  log: string[];
  onFrame(frame: VideoFrame): void;
  onFailed(failure: TransportFailure): void;
};

function setUp() {
  const posted: FromDirectWorker[] = [];
  const asked: TapRequest[] = [];
  const feeds: FakeFeed[] = [];
  let now = 0;
  const port = {
    onmessage: null as ((event: MessageEvent) => void) | null,
    postMessage: (request: TapRequest) => asked.push(request),
  };
  const take = createDirectTiles({
    post: (message) => posted.push(message),
    createDraw: () => () => ({ widthPx: 640, heightPx: 360 }),
    createFeed(events) {
      const log: string[] = [];
      feeds.push({ log, ...events });
      return {
        take: (unit) => log.push(`unit ${unit.ptsUs}`),
        setFormat: async ({ codec }) => void log.push(codec),
        interrupt: () => log.push("interrupt"),
        stop: () => log.push("stop"),
      };
    },
    nowMs: () => now,
  });
  take({ type: "tap", port: port as unknown as MessagePort }); // only these two members are used
  return {
    posted,
    asked,
    take,
    open: (tileId: number, widthPx: number) => take({ type: "open", tileId, cameraId, canvas, widthPx }),
    feed(at: number): FakeFeed {
      const feed = feeds[at];
      if (!feed) throw new Error(`no feed ${at}`);
      return feed;
    },
    tell: (message: TapNotice | TapLink | ArrayBuffer) =>
      port.onmessage?.(new MessageEvent("message", { data: message })),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

function aUnit(subscriptionId: number, ptsUs: number): ArrayBuffer {
  const flags = { keyFrame: true, discontinuity: false, replayed: false };
  const unit = { ...flags, subscriptionId, ptsUs, cameraAtMs: 0, receivedAtMs: 0, data: new Uint8Array(4) };
  return encodeAccessUnit(unit).buffer;
}

test("a small tile takes the sub stream, a large one the main stream", () => {
  const { asked, open } = setUp();
  open(1, 640);
  open(2, 641);
  expect(asked).toMatchObject([
    { type: "subscribe", cameraId, stream: "sub", frames: "all" },
    { type: "subscribe", cameraId, stream: "main", frames: "all" },
  ]);
});

test("formats and pictures reach the tile they are for", () => {
  const { open, feed, tell } = setUp();
  open(1, 300);
  open(2, 300);
  tell({ type: "format", id: 2, format: { family: "h264", codec: "avc1.4D401E", hasBFrames: false } });
  tell(aUnit(2, 9));
  tell(aUnit(1, 8));
  expect(feed(0).log).toEqual(["unit 8"]);
  expect(feed(1).log).toEqual(["avc1.4D401E", "unit 9"]);
});

test("pictures left out and a lost link interrupt decoding", () => {
  const { open, feed, tell } = setUp();
  open(1, 300);
  open(2, 300);
  tell({ type: "dropped", id: 1, frames: 3 });
  expect([feed(0).log, feed(1).log]).toEqual([["interrupt"], []]);
  tell({ type: "link", connected: false });
  tell({ type: "link", connected: true });
  expect([feed(0).log, feed(1).log]).toEqual([["interrupt", "interrupt"], ["interrupt"]]);
});

test("the page hears of the first picture at once, then twice a second", () => {
  const { open, feed, posted, pass } = setUp();
  open(1, 300);
  for (let i = 0; i < 20; i++) {
    feed(0).onFrame(aFrame);
    pass(50);
  }
  expect(posted).toEqual(
    Array(2).fill({ type: "picture", tileId: 1, size: { widthPx: 640, heightPx: 360 } }),
  );
});

test("a tile that grows changes to the main stream with its first picture, not before", () => {
  const { open, feed, take, asked } = setUp();
  open(1, 300);
  feed(0).onFrame(aFrame);
  take({ type: "resize", tileId: 1, widthPx: 1_280 });
  expect(asked.at(-1)).toMatchObject({ type: "subscribe", id: 2, stream: "main" });
  expect(feed(0).log).toEqual([]);
  feed(1).onFrame(aFrame);
  expect(asked.at(-1)).toEqual({ type: "unsubscribe", id: 1 });
  expect(feed(0).log).toEqual(["stop"]);
});

test("a tile that shrinks again, or whose main stream fails, keeps what it shows", () => {
  const { open, feed, take, asked, posted } = setUp();
  open(1, 300);
  take({ type: "resize", tileId: 1, widthPx: 1_280 });
  take({ type: "resize", tileId: 1, widthPx: 300 });
  expect(asked.at(-1)).toEqual({ type: "unsubscribe", id: 2 });
  take({ type: "resize", tileId: 1, widthPx: 1_280 });
  feed(2).onFailed({ kind: "unsupported", detail: "H.265" });
  expect(asked.at(-1)).toEqual({ type: "unsubscribe", id: 3 });
  expect(feed(0).log).toEqual([]);
  expect(posted).toEqual([]);
});

test("a refused subscription and a failed feed fail their tile and end its subscription", () => {
  const { open, feed, tell, posted, asked } = setUp();
  open(1, 300);
  open(2, 300);
  tell({ type: "refused", id: 1, code: "not_found", message: "no such camera" });
  feed(1).onFailed({ kind: "unsupported", detail: "H.265" });
  expect(posted).toEqual([
    { type: "failed", tileId: 1, failure: { kind: "broken", detail: "no such camera" } },
    { type: "failed", tileId: 2, failure: { kind: "unsupported", detail: "H.265" } },
  ]);
  expect(asked.at(-1)).toEqual({ type: "unsubscribe", id: 2 });
});

test("a released tile ends its subscription and hears nothing more", () => {
  const { open, feed, take, tell, asked } = setUp();
  open(1, 300);
  take({ type: "release", tileId: 1 });
  tell(aUnit(1, 5));
  expect(asked.at(-1)).toEqual({ type: "unsubscribe", id: 1 });
  expect(feed(0).log).toEqual(["stop"]);
});
