import { expect, test } from "vitest";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import type { TapClock, TapLink, TapNotice, TapRequest } from "#contract/taps.ts";
import type { FromDirectWorker } from "../direct-protocol.ts";
import type { SessionStats } from "../session-facts.ts";
import { createDirectTiles } from "./direct-tiles.ts";
import type { PictureFeedEvents } from "./picture-feed.ts";
import type { PictureFacts } from "./tile-figures.ts";

const cameraId = anId();
// neither is looked into here: the drawing and the feed are fakes
const surface = {} as OffscreenCanvas;
const live: PictureFacts = { receivedAtMs: 0, keyFrame: false, replayed: false };

type FakeFeed = { log: string[] } & PictureFeedEvents<VideoFrame>;

function setUp() {
  const posted: FromDirectWorker[] = [];
  const asked: TapRequest[] = [];
  const feeds: FakeFeed[] = [];
  const frames = { made: 0, closed: 0 };
  let hash = 1;
  let isFull = false;
  let now = 0;
  const port = {
    onmessage: null as ((event: MessageEvent) => void) | null,
    postMessage: (request: TapRequest) => asked.push(request),
  };
  const tiles = createDirectTiles({
    post: (message) => posted.push(message),
    createPut: () => (frame) => {
      frame.close();
      return isFull ? null : { widthPx: 640, heightPx: 360 };
    },
    createFeed(events) {
      const log: string[] = [];
      feeds.push({ log, ...events });
      return {
        take: (unit) => log.push(`unit ${unit.ptsUs}`),
        setFormat: async ({ codec }) => void log.push(codec),
        interrupt: () => log.push("interrupt"),
        decoderName: () => "WebCodecs",
        stop: () => log.push("stop"),
      };
    },
    async hashFrame(frame) {
      frame.close();
      return hash;
    },
    nowMs: () => now,
  });
  const { take, tick } = tiles;
  take({ type: "tap", port: port as unknown as MessagePort }); // only these two members are used

  function aFrame(): VideoFrame {
    frames.made += 1;
    const close = () => {
      frames.closed += 1;
    };
    return { close, clone: aFrame } as unknown as VideoFrame; // nothing else is used of it
  }

  return {
    posted,
    asked,
    frames,
    take,
    tick,
    open: (tileId: number, stream: "main" | "sub" = "sub") =>
      take({ type: "open", tileId, cameraId, stream, surface, widthPx: 300 }),
    show: (at: number, facts: Partial<PictureFacts> = {}) =>
      feeds[at]?.onFrame(aFrame(), { ...live, ...facts }),
    feed(at: number): FakeFeed {
      const feed = feeds[at];
      if (!feed) throw new Error(`no feed ${at}`);
      return feed;
    },
    tell: (message: TapNotice | TapLink | TapClock | ArrayBuffer) =>
      port.onmessage?.(new MessageEvent("message", { data: message })),
    pass: (ms: number) => {
      now += ms;
    },
    fill: (next: boolean) => {
      isFull = next;
    },
    see: (next: number) => {
      hash = next;
    },
    stats(): SessionStats {
      tick();
      const last = posted.findLast((message) => message.type === "stats");
      if (!last) throw new Error("no stats");
      return last.stats;
    },
  };
}

function aUnit(subscriptionId: number, ptsUs: number): ArrayBuffer {
  const flags = { keyFrame: true, discontinuity: false, replayed: false };
  const unit = { ...flags, subscriptionId, ptsUs, cameraAtMs: 0, receivedAtMs: 0, data: new Uint8Array(4) };
  return encodeAccessUnit(unit).buffer;
}

test("a tile asks for the stream it was opened with", () => {
  const { asked, open } = setUp();
  open(1, "sub");
  open(2, "main");
  expect(asked).toMatchObject([
    { type: "subscribe", cameraId, stream: "sub", frames: "all" },
    { type: "subscribe", cameraId, stream: "main", frames: "all" },
  ]);
});

test("formats and pictures reach the tile they are for", () => {
  const { open, feed, tell } = setUp();
  open(1);
  open(2);
  tell({ type: "format", id: 2, format: { family: "h264", codec: "avc1.4D401E", hasBFrames: false } });
  tell(aUnit(2, 9));
  tell(aUnit(1, 8));
  expect(feed(0).log).toEqual(["unit 8"]);
  expect(feed(1).log).toEqual(["avc1.4D401E", "unit 9"]);
});

test("pictures left out and a lost link interrupt decoding", () => {
  const { open, feed, tell } = setUp();
  open(1);
  open(2);
  tell({ type: "dropped", id: 1, frames: 3 });
  expect([feed(0).log, feed(1).log]).toEqual([["interrupt"], []]);
  tell({ type: "link", connected: false });
  tell({ type: "link", connected: true });
  expect([feed(0).log, feed(1).log]).toEqual([["interrupt", "interrupt"], ["interrupt"]]);
});

test("the page hears of the first picture at once, then twice a second, and every frame is closed", () => {
  const { open, show, posted, pass, frames } = setUp();
  open(1);
  for (let i = 0; i < 20; i++) {
    show(0);
    pass(50);
  }
  expect(posted).toEqual(
    Array(2).fill({ type: "picture", tileId: 1, size: { widthPx: 640, heightPx: 360 } }),
  );
  expect(frames.made).toBeGreaterThan(20);
  expect(frames.closed).toBe(frames.made);
});

test("pictures that are too much for a tile are left out, counted, and no sign of life", () => {
  const { open, show, fill, posted, pass, stats } = setUp();
  open(1);
  fill(true);
  for (let i = 0; i < 3; i++) show(0);
  show(0, { replayed: true });
  expect(posted).toEqual([]);
  pass(1_000);
  expect(stats()).toMatchObject({ framesDecoded: 3, framesDropped: 3, latencyMs: null });
  fill(false);
  show(0);
  expect(posted.at(-1)).toMatchObject({ type: "picture", tileId: 1 });
});

test("a refused subscription and a failed feed fail their tile and end its subscription", () => {
  const { open, feed, tell, posted, asked } = setUp();
  open(1);
  open(2);
  tell({ type: "refused", id: 1, code: "not_found", message: "no such camera" });
  feed(1).onFailed({ kind: "unsupported", detail: "H.265" });
  expect(posted).toEqual([
    { type: "failed", tileId: 1, failure: { kind: "broken", detail: "no such camera" } },
    { type: "failed", tileId: 2, failure: { kind: "unsupported", detail: "H.265" } },
  ]);
  expect(asked.at(-1)).toEqual({ type: "unsubscribe", id: 2 });
});

test("a released tile ends its subscription and hears nothing more", () => {
  const { open, feed, take, tell, tick, asked, posted } = setUp();
  open(1);
  take({ type: "release", tileId: 1 });
  tell(aUnit(1, 5));
  tick();
  expect(asked.at(-1)).toEqual({ type: "unsubscribe", id: 1 });
  expect(feed(0).log).toEqual(["stop"]);
  expect(posted).toEqual([]);
});

test("figures are told once a second, also while nothing comes", () => {
  const { open, show, feed, tell, pass, stats } = setUp();
  open(1);
  pass(1_000);
  expect(stats()).toMatchObject({ fps: null, latencyMs: null, framesDecoded: 0, bytesAtMs: 0 });
  for (let i = 0; i < 15; i++) show(0);
  for (let i = 0; i < 10; i++) tell(aUnit(1, i));
  feed(0).onDropped(2);
  tell({ type: "dropped", id: 1, frames: 3 });
  pass(1_000);
  expect(stats()).toMatchObject({
    fps: 15,
    bitrateKbps: 0.32,
    framesDecoded: 15,
    framesDropped: 5,
    decoder: "WebCodecs",
    bytesAtMs: 2_000,
  });
  pass(1_000);
  expect(stats()).toMatchObject({ fps: 0, bitrateKbps: 0, bytesAtMs: 2_000 });
});

test("latency is by the gateway's clock, and not that of replayed pictures", () => {
  const { open, show, tell, pass, stats } = setUp();
  open(1);
  pass(5_000);
  show(0, { receivedAtMs: 64_990 });
  expect(stats().latencyMs).toBeNull();
  tell({ type: "clock", offsetMs: 60_000, roundTripMs: 2 });
  show(0, { receivedAtMs: 64_990 });
  expect(stats().latencyMs).toBe(10);
  show(0, { receivedAtMs: 61_000, replayed: true });
  expect(stats().latencyMs).toBeNull();
});

test("a kept picture that is old stands there, and is not told as a new one", () => {
  const { open, show, tell, pass, posted } = setUp();
  open(1);
  tell({ type: "clock", offsetMs: 0, roundTripMs: 2 });
  pass(10_000);
  show(0, { receivedAtMs: 7_500, keyFrame: true, replayed: true });
  expect(posted).toEqual([{ type: "still", tileId: 1 }]);
  show(0, { receivedAtMs: 9_900, replayed: true });
  expect(posted.at(-1)).toMatchObject({ type: "picture" });
});

test("a tile that stays late fails, so that it is opened anew at the live edge", () => {
  const { open, show, tell, tick, pass, posted } = setUp();
  open(1);
  tell({ type: "clock", offsetMs: 0, roundTripMs: 2 });
  for (let second = 0; second < 4; second++) {
    pass(1_000);
    show(0, { receivedAtMs: (second + 1) * 1_000 - 1_600 });
    tick();
  }
  expect(posted.at(-1)).toEqual({
    type: "failed",
    tileId: 1,
    failure: { kind: "broken", detail: "The picture was 1.6 s late and did not catch up." },
  });
});

test("pictures that repeat over two key frames are told, until one differs", async () => {
  const { open, show, pass, see, stats } = setUp();
  open(1);
  const passSecond = async () => {
    pass(1_000);
    show(0, { keyFrame: true });
    await Promise.resolve(); // the pixels are read aside
    await Promise.resolve();
  };
  await passSecond();
  await passSecond();
  expect(stats().alikeSinceMs).toBeNull();
  await passSecond();
  expect(stats().alikeSinceMs).toBe(1_000);
  see(2);
  await passSecond();
  expect(stats().alikeSinceMs).toBeNull();
});
