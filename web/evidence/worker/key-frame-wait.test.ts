import { expect, test } from "vitest";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import type { TapRequest } from "#contract/taps.ts";
import { createKeyFrameWait, type SnapshotPort } from "./key-frame-wait.ts";

const CAMERA = anId();
const NOW_MS = 1_700_000_000_000;

/** A port of the tap hub by hand, and timers by hand. */
function setUp() {
  const asked: (TapRequest | { type: "close" })[] = [];
  let timers: { work: () => void; atMs: number }[] = [];
  let passedMs = 0;
  const port: SnapshotPort = { postMessage: (message) => asked.push(message), onmessage: null };
  const wait = createKeyFrameWait({
    port,
    nowMs: () => NOW_MS,
    later(work, afterMs) {
      const timer = { work, atMs: passedMs + afterMs };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
  const say = (data: unknown) => port.onmessage?.({ data } as MessageEvent); // only `data` is read
  return {
    wait,
    asked,
    say,
    format: (id: number, codec = "avc1.42C01E") =>
      say({ type: "format", id, format: { family: "h264", codec, hasBFrames: false } }),
    picture(id: number, { keyFrame = true, replayed = false, receivedAtMs = NOW_MS } = {}) {
      const unit = { subscriptionId: id, keyFrame, discontinuity: false, replayed, ptsUs: 0, cameraAtMs: 0 };
      say(encodeAccessUnit({ ...unit, receivedAtMs, data: new Uint8Array([id]) }).buffer);
    },
    pass(byMs: number) {
      passedMs += byMs;
      for (const timer of timers.filter(({ atMs }) => atMs <= passedMs)) timer.work();
    },
  };
}

test("the first stream's key frame is taken at once, and nothing stays subscribed", async () => {
  const { wait, asked, format, picture } = setUp();
  const frame = wait(CAMERA, ["main", "sub"]);
  expect(asked).toMatchObject([
    { type: "subscribe", id: 1, cameraId: CAMERA, stream: "main", frames: "key" },
    { type: "subscribe", id: 2, cameraId: CAMERA, stream: "sub", frames: "key" },
  ]);
  format(1);
  picture(1, { keyFrame: false });
  picture(1);
  expect(await frame).toMatchObject({ stream: "main", codec: "avc1.42C01E" });
  expect(asked.slice(2)).toEqual([
    { type: "unsubscribe", id: 1 },
    { type: "unsubscribe", id: 2 },
  ]);
});

test("the sub stream's picture serves when the main stream gives none in 3 s", async () => {
  const { wait, format, picture, pass } = setUp();
  const frame = wait(CAMERA, ["main", "sub"]);
  format(2);
  picture(2);
  pass(3_000);
  expect((await frame)?.stream).toBe("sub");
});

test("after 3 s whatever comes first serves, and after 12 s there is none", async () => {
  const late = setUp();
  const frame = late.wait(CAMERA, ["main", "sub"]);
  late.pass(3_000);
  late.format(2);
  late.picture(2);
  expect((await frame)?.stream).toBe("sub");
  const never = setUp();
  const none = never.wait(CAMERA, ["main"]);
  never.pass(12_000);
  expect(await none).toBeNull();
});

test("a kept picture that is old by the gateway's clock is passed over for a live one", async () => {
  const { wait, say, format, picture } = setUp();
  const frame = wait(CAMERA, ["main"]);
  say({ type: "clock", offsetMs: 60_000, roundTripMs: 1 });
  format(1);
  picture(1, { replayed: true, receivedAtMs: NOW_MS + 60_000 - 16_000 });
  picture(1, { receivedAtMs: NOW_MS + 60_000 });
  expect((await frame)?.unit.receivedAtMs).toBe(NOW_MS + 60_000);
});

test("a kept picture of a moment ago serves", async () => {
  const { wait, say, format, picture } = setUp();
  const frame = wait(CAMERA, ["main"]);
  say({ type: "clock", offsetMs: 0, roundTripMs: 1 });
  format(1);
  picture(1, { replayed: true, receivedAtMs: NOW_MS - 9_000 });
  expect((await frame)?.unit.receivedAtMs).toBe(NOW_MS - 9_000);
});

test("a camera that the gateway does not know ends the wait", async () => {
  const { wait, say } = setUp();
  const frame = wait(CAMERA, ["main"]);
  say({ type: "refused", id: 1, code: "not_found", message: "There is no such camera." });
  expect(await frame).toBeNull();
});
