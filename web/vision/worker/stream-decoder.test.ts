import { expect, test } from "vitest";
import { createStreamDecoder, type FrameDecoder } from "./stream-decoder.ts";

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A decoder like WebCodecs': takes chunks at once and gives frames when it is told to, B-frames in their right order. */
function streamOnADecoder() {
  const decoders: {
    codec: string;
    chunks: { type: string; timestamp: number }[];
    output(timestamp: number): void;
    fail(): void;
    queue: { size: number };
    closed: boolean;
  }[] = [];
  const frames: { name: string; receivedAtMs: number }[] = [];
  const released: string[] = [];
  const trouble: unknown[] = [];
  let unsupported = false;
  const stream = createStreamDecoder<string>({
    async openDecoder(codec, hooks) {
      if (unsupported) throw new Error("not supported");
      const queue = { size: 0 };
      const opened = {
        codec,
        chunks: [] as { type: string; timestamp: number }[],
        output: (timestamp: number) => hooks.output(`${codec}@${timestamp}`, timestamp),
        fail: () => hooks.error(new Error("broken")),
        queue,
        closed: false,
      };
      decoders.push(opened);
      return {
        get state() {
          return opened.closed ? "closed" : "configured";
        },
        get decodeQueueSize() {
          return queue.size;
        },
        decode: ({ type, timestamp }) => void opened.chunks.push({ type, timestamp }),
        close: () => {
          opened.closed = true;
        },
      } satisfies FrameDecoder;
    },
    release: (frame) => released.push(frame),
    onFrame: ({ frame, receivedAtMs }) => frames.push({ name: frame, receivedAtMs }),
    onTrouble: (cause) => trouble.push(cause),
  });
  const push = (ptsUs: number, keyFrame = false, codec: string | null = "avc1.4D401E") =>
    stream.push({
      data: Uint8Array.of(1),
      keyFrame,
      codec,
      ptsUs,
      receivedAtMs: 10_000 + ptsUs,
      replayed: false,
    });
  const last = () => {
    const decoder = decoders.at(-1);
    if (!decoder) throw new Error("no decoder was opened");
    return decoder;
  };
  const setUnsupported = (is: boolean) => {
    unsupported = is;
  };
  return { ...stream, push, last, decoders, frames, released, trouble, setUnsupported };
}

test("pictures are decoded from the first key frame on, none left out, while the decoder opens neither", async () => {
  const { push, last } = streamOnADecoder();
  push(1);
  push(2, true);
  push(3);
  await settled();
  push(4);
  expect(last().chunks.map(({ type, timestamp }) => `${type} ${timestamp}`)).toEqual([
    "key 2",
    "delta 3",
    "delta 4",
  ]);
});

test("frames come with the arrival of their own picture, whatever order B-frames were sent in", async () => {
  const { push, last, frames } = streamOnADecoder();
  push(10, true);
  await settled();
  for (const ptsUs of [40, 20, 30]) push(ptsUs);
  for (const timestamp of [10, 20, 30, 40]) last().output(timestamp);
  expect(frames.map(({ receivedAtMs }) => receivedAtMs)).toEqual([10_010, 10_020, 10_030, 10_040]);
});

test("after an error it goes on with the next key frame in a new decoder", async () => {
  const { push, last, decoders, trouble } = streamOnADecoder();
  push(1, true);
  await settled();
  last().fail();
  push(2);
  push(3, true);
  push(4);
  await settled();
  expect(trouble).toHaveLength(1);
  expect(decoders).toHaveLength(2);
  expect(decoders[0]?.closed).toBe(true);
  expect(last().chunks.map(({ timestamp }) => timestamp)).toEqual([3, 4]);
});

test("what an old decoder still gives is given back", async () => {
  const { push, last, decoders, frames, released } = streamOnADecoder();
  push(1, true);
  await settled();
  push(2, true, "hvc1.1.6.L93.B0");
  await settled();
  decoders[0]?.output(1);
  last().output(2);
  expect(released).toEqual(["avc1.4D401E@1"]);
  expect(frames.map(({ name }) => name)).toEqual(["hvc1.1.6.L93.B0@2"]);
});

test("a machine that is behind leaves out pictures up to the next key frame, and no longer", async () => {
  const { push, last } = streamOnADecoder();
  push(1, true);
  await settled();
  last().queue.size = 31;
  push(2);
  last().queue.size = 0;
  push(3);
  push(4, true);
  push(5);
  expect(last().chunks.map(({ timestamp }) => timestamp)).toEqual([1, 4, 5]);
});

test("a codec that this browser cannot decode is told, and tried again with the next key frame", async () => {
  const { push, setUnsupported, trouble, decoders } = streamOnADecoder();
  setUnsupported(true);
  push(1, true);
  await settled();
  expect(trouble).toHaveLength(1);
  setUnsupported(false);
  push(2, true);
  await settled();
  expect(decoders).toHaveLength(1);
});

test("closed while it opens, it leaves no decoder behind, and may be used again", async () => {
  const { push, close, decoders, frames, last } = streamOnADecoder();
  push(1, true);
  close();
  await settled();
  expect(decoders.map(({ closed }) => closed)).toEqual([true]);
  push(2);
  push(3, true);
  await settled();
  last().output(3);
  expect(frames).toHaveLength(1);
});
