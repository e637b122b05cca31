import fc from "fast-check";
import { expect, test } from "vitest";
import type { AccessUnit } from "#contract/access-unit.ts";
import { createCameraPictures } from "./camera-pictures.ts";
import type { DecodedFrame } from "./stream-decoder.ts";

const unit = (receivedAtMs: number, more: Partial<AccessUnit> = {}): AccessUnit => ({
  subscriptionId: 1,
  keyFrame: true,
  discontinuity: false,
  replayed: false,
  ptsUs: 0,
  cameraAtMs: 0,
  receivedAtMs,
  data: new Uint8Array(),
  ...more,
});

/** Frames are their arrival times; a stream gives each at once. */
function picturesOfACamera(seenUntilMs = 0) {
  const alive = new Set<number>();
  const streams: { closed: boolean }[] = [];
  let news = 0;
  const pictures = createCameraPictures<{ atMs: number }>({
    createKeyFrameDecoder: () => ({ decode: async ({ ptsUs }) => born(ptsUs), close: () => undefined }),
    openStream(onFrame: (decoded: DecodedFrame<{ atMs: number }>) => void) {
      const stream = { closed: false };
      streams.push(stream);
      return {
        push: ({ receivedAtMs, replayed }) => onFrame({ frame: born(receivedAtMs), receivedAtMs, replayed }),
        close: () => {
          stream.closed = true;
        },
      };
    },
    release: ({ atMs }) => void alive.delete(atMs),
    isOld: (receivedAtMs) => receivedAtMs <= seenUntilMs,
    onPicture: () => {
      news += 1;
    },
  });
  function born(atMs: number) {
    alive.add(atMs);
    return { atMs };
  }
  const key = (atMs: number, replayed = false) =>
    pictures.push(unit(atMs, { ptsUs: atMs, replayed }), null, "key");
  const any = (atMs: number, replayed = false) =>
    pictures.push(unit(atMs, { keyFrame: false, replayed }), null, "all");
  return { ...pictures, key, any, alive, streams, news: () => news };
}

test("of key frames only the newest is decoded, and only when it is taken", async () => {
  const { key, take, alive, has } = picturesOfACamera();
  key(1);
  key(2);
  expect(alive.size).toBe(0);
  expect(await take()).toMatchObject({ frame: { atMs: 2 }, receivedAtMs: 2 });
  expect([await take(), has()]).toEqual([null, false]);
});

test("of a stream the newest frame is kept, every other closed as soon as the next is there", async () => {
  const { any, take, alive } = picturesOfACamera();
  for (const atMs of [1, 2, 3]) any(atMs);
  expect([...alive]).toEqual([3]);
  expect((await take())?.receivedAtMs).toBe(3);
});

test("the picture in hand outlives the change from one way to the other, both ways", async () => {
  const { key, any, take, endStream, streams } = picturesOfACamera();
  key(10);
  any(8, true);
  any(10, true);
  expect((await take())?.receivedAtMs).toBe(10);
  any(11);
  key(11, true);
  endStream();
  expect(streams).toEqual([{ closed: true }]);
  expect((await take())?.receivedAtMs).toBe(11);
});

test("what was looked at before and is sent again is no news", async () => {
  const { key, any, has, news, alive } = picturesOfACamera(100);
  key(100, true);
  any(99, true);
  expect([has(), news(), alive.size]).toEqual([false, 0, 0]);
  any(101, true);
  expect(has()).toBe(true);
});

test("whatever comes in whatever order, one frame at most is alive that nobody took, and none after the end", async () => {
  const step = fc.constantFrom("key", "any", "again", "end", "take");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { key, any, take, endStream, close, alive } = picturesOfACamera();
      let atMs = 0;
      let newestTakenMs = 0;
      for (const what of steps) {
        atMs += 1;
        if (what === "key") key(atMs);
        else if (what === "any") any(atMs);
        else if (what === "again") any(atMs - 3, true);
        else if (what === "end") endStream();
        else {
          const taken = await take();
          if (taken) alive.delete(taken.frame.atMs);
          if (taken) expect(taken.receivedAtMs).toBeGreaterThanOrEqual(newestTakenMs - 3);
          newestTakenMs = taken?.receivedAtMs ?? newestTakenMs;
        }
        expect(alive.size).toBeLessThanOrEqual(1);
      }
      close();
      expect(alive.size).toBe(0);
    }),
  );
});
