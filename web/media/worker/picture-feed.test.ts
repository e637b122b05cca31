import { expect, test } from "vitest";
import type { AccessUnit } from "#contract/access-unit.ts";
import type { StreamFormat } from "#contract/cameras.ts";
import type { TransportFailure } from "../session-facts.ts";
import { createPictureFeed, type Decoder, type DecoderEvents } from "./picture-feed.ts";

const h264: StreamFormat = { family: "h264", codec: "avc1.4D401E", widthPx: 640, hasBFrames: false };

type Frame = { timestamp: number; isClosed: boolean; close(): void };
type FakeDecoder = Decoder & {
  codec: string;
  given: number[];
  waiting: number[];
  isClosed: boolean;
  /** Puts out the `count` oldest waiting pictures. */
  give(count?: number): void;
  break(): void;
};

function setUp({ supported = true } = {}) {
  const decoders: FakeDecoder[] = [];
  const frames: Frame[] = [];
  const drawn: number[] = [];
  const failures: TransportFailure[] = [];
  let now = 1_000;
  let dropped = 0;

  function createDecoder(config: VideoDecoderConfig, events: DecoderEvents<Frame>): Decoder {
    const decoder: FakeDecoder = {
      codec: config.codec,
      given: [],
      waiting: [],
      isClosed: false,
      queueSize: () => decoder.waiting.length,
      decode({ ptsUs }) {
        decoder.given.push(ptsUs);
        decoder.waiting.push(ptsUs);
      },
      close: () => {
        decoder.isClosed = true;
      },
      give(count = 1) {
        for (const ptsUs of decoder.waiting.splice(0, count)) {
          const frame: Frame = {
            timestamp: ptsUs,
            isClosed: false,
            close: () => {
              frame.isClosed = true;
            },
          };
          frames.push(frame);
          events.onFrame(frame);
        }
      },
      break: () => events.onError(new Error("bad data")),
    };
    decoders.push(decoder);
    return decoder;
  }

  const feed = createPictureFeed<Frame>({
    pickConfig: async ({ codec }) => (supported ? { codec } : null),
    createDecoder,
    nowMs: () => now,
    onFrame(frame) {
      drawn.push(frame.timestamp);
      frame.close();
    },
    onDropped(pictures) {
      dropped += pictures;
    },
    onFailed: (failure) => failures.push(failure),
  });
  return {
    feed,
    decoders,
    frames,
    drawn,
    failures,
    dropped: () => dropped,
    pass: (ms: number) => {
      now += ms;
    },
    decoder(): FakeDecoder {
      const decoder = decoders.at(-1);
      if (!decoder) throw new Error("no decoder");
      return decoder;
    },
  };
}

function aUnit(ptsUs: number, kind: "key" | "delta", overrides: Partial<AccessUnit> = {}): AccessUnit {
  const data = new Uint8Array([0, 0, 0, 1]);
  return {
    subscriptionId: 1,
    keyFrame: kind === "key",
    discontinuity: false,
    replayed: false,
    ptsUs,
    cameraAtMs: 0,
    receivedAtMs: 0,
    data,
    ...overrides,
  };
}

test("decoding starts with a key frame, and every frame is closed", async () => {
  const { feed, decoder, drawn, frames } = setUp();
  await feed.setFormat(h264);
  feed.take(aUnit(1, "delta"));
  feed.take(aUnit(2, "key"));
  decoder().give();
  feed.take(aUnit(3, "delta"));
  decoder().give();
  expect(decoder().given).toEqual([2, 3]);
  expect(drawn).toEqual([2, 3]);
  expect(frames.every((frame) => frame.isClosed)).toBe(true);
});

test("pictures that come while the decoder is chosen are kept, from the newest key frame on", async () => {
  const { feed, decoder } = setUp();
  const chosen = feed.setFormat(h264);
  for (const unit of [aUnit(1, "key"), aUnit(2, "delta"), aUnit(3, "key"), aUnit(4, "delta")])
    feed.take(unit);
  await chosen;
  expect(decoder().given).toEqual([3, 4]);
});

test("of a replayed group of pictures only the newest is drawn, where decoding is quick", async () => {
  const { feed, decoder, drawn, pass, frames, dropped } = setUp();
  await feed.setFormat(h264);
  feed.take(aUnit(0, "key", { replayed: true }));
  for (let ptsUs = 1; ptsUs < 15; ptsUs++) feed.take(aUnit(ptsUs, "delta", { replayed: true }));
  for (let i = 0; i < 15; i++) {
    pass(2);
    decoder().give();
  }
  expect(drawn).toEqual([13, 14]);
  expect(dropped()).toBe(0); // nobody misses them
  expect(frames.every((frame) => frame.isClosed)).toBe(true);
});

test("a decoder that is slow to catch up still shows a picture ten times a second, and tells what it left out", async () => {
  const { feed, decoder, drawn, pass, dropped } = setUp();
  await feed.setFormat(h264);
  feed.take(aUnit(0, "key"));
  for (let ptsUs = 1; ptsUs < 15; ptsUs++) feed.take(aUnit(ptsUs, "delta", { receivedAtMs: 50 * ptsUs }));
  for (let i = 0; i < 10; i++) {
    pass(50);
    decoder().give();
  }
  expect(drawn).toEqual([1, 3, 5, 7, 9]);
  expect(dropped()).toBe(5);
});

test("a device that is behind draws the rarer the more it is, and all again once it has caught up", async () => {
  const { feed, decoder, drawn, pass } = setUp();
  await feed.setFormat(h264);
  const show = (ptsUs: number, receivedAtMs: number) => {
    feed.take(aUnit(ptsUs, ptsUs === 0 ? "key" : "delta", { receivedAtMs }));
    pass(50);
    decoder().give();
  };
  show(0, 1_000);
  for (let ptsUs = 1; ptsUs <= 12; ptsUs++) show(ptsUs, 700 + ptsUs * 50); // 300 ms behind the first
  expect(drawn).toEqual([0, 6, 12]);
  for (let ptsUs = 13; ptsUs <= 15; ptsUs++) show(ptsUs, 1_000 + ptsUs * 50);
  expect(drawn.slice(3)).toEqual([13, 14, 15]);
});

test("a decoder that stays behind is given up for the next key frame", async () => {
  const { feed, decoders, decoder, pass, dropped } = setUp();
  await feed.setFormat(h264);
  feed.take(aUnit(0, "key"));
  for (let ptsUs = 1; ptsUs <= 30; ptsUs++) feed.take(aUnit(ptsUs, "delta"));
  const slow = decoder();
  pass(3_100);
  feed.take(aUnit(31, "delta"));
  expect(slow.isClosed).toBe(true);
  feed.take(aUnit(32, "delta"));
  feed.take(aUnit(33, "key"));
  expect(dropped()).toBe(33);
  expect(decoders).toHaveLength(2);
  expect(decoder().given).toEqual([33]);
});

test("after a discontinuity, an interruption or an error it waits for a key frame", async () => {
  const { feed, decoder, decoders } = setUp();
  await feed.setFormat(h264);
  feed.take(aUnit(1, "key"));
  feed.take(aUnit(2, "delta", { discontinuity: true }));
  feed.take(aUnit(3, "delta"));
  feed.take(aUnit(4, "key"));
  feed.interrupt();
  feed.take(aUnit(5, "delta"));
  feed.take(aUnit(6, "key"));
  expect(decoder().given).toEqual([1, 4, 6]);
  decoder().break();
  feed.take(aUnit(7, "delta"));
  feed.take(aUnit(8, "key"));
  expect(decoders).toHaveLength(2);
  expect(decoder().given).toEqual([8]);
});

test("a stream that breaks the decoder again and again fails", async () => {
  const { feed, decoder, failures } = setUp();
  await feed.setFormat(h264);
  for (let i = 0; i < 5; i++) {
    feed.take(aUnit(i, "key"));
    decoder().break();
  }
  expect(failures).toMatchObject([{ kind: "broken" }]);
});

test("a codec that the browser cannot decode fails as unsupported", async () => {
  const { feed, failures, decoders } = setUp({ supported: false });
  feed.take(aUnit(1, "key"));
  await feed.setFormat(h264);
  feed.take(aUnit(2, "key"));
  expect(failures).toMatchObject([{ kind: "unsupported" }]);
  expect(decoders).toEqual([]);
});

test("the same format told again changes nothing, another one makes a new decoder", async () => {
  const { feed, decoders, decoder } = setUp();
  await feed.setFormat(h264);
  feed.take(aUnit(1, "key"));
  await feed.setFormat({ ...h264, hasBFrames: true });
  feed.take(aUnit(2, "delta"));
  expect(decoder().given).toEqual([1, 2]);
  await feed.setFormat({ ...h264, codec: "avc1.640028" });
  feed.take(aUnit(3, "delta"));
  feed.take(aUnit(4, "key"));
  expect(decoders.map((made) => made.isClosed)).toEqual([true, false]);
  expect(decoder().codec).toBe("avc1.640028");
  expect(decoder().given).toEqual([4]);
});
