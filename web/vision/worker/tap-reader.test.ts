import { expect, test } from "vitest";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import { createTapReader, type TapPort } from "./tap-reader.ts";

function readerOnAPort() {
  const sent: unknown[] = [];
  const pictures: { cameraId: string; receivedAtMs: number; codec: string | null; frames: string }[] = [];
  const ended: string[] = [];
  const pending: (() => void)[] = [];
  const port: TapPort = { postMessage: (message) => void sent.push(message), onmessage: null };
  const reader = createTapReader({
    port,
    onPicture: (cameraId, { receivedAtMs }, codec, frames) =>
      pictures.push({ cameraId, receivedAtMs, codec, frames }),
    onStreamEnd: (cameraId) => ended.push(cameraId),
    later: (work) => pending.push(work),
  });
  const hear = (data: unknown) => port.onmessage?.(new MessageEvent("message", { data }));
  const picture = (subscriptionId: number, keyFrame = true, receivedAtMs = 1_000) =>
    hear(
      encodeAccessUnit({
        subscriptionId,
        keyFrame,
        discontinuity: false,
        replayed: false,
        ptsUs: 0,
        cameraAtMs: 0,
        receivedAtMs,
        data: Uint8Array.of(1, 2, 3),
      }).buffer,
    );
  return { reader, sent, pictures, ended, pending, hear, picture };
}

const everySecond = (...cameraIds: string[]) => new Map(cameraIds.map((id) => [id, 1_000]));

test("asks for key frames of the sub stream, once a camera, and stops when it is gone", () => {
  const { reader, sent } = readerOnAPort();
  const cameraId = anId();
  reader.read(everySecond(cameraId));
  reader.read(everySecond(cameraId));
  reader.read(new Map());
  expect(sent).toEqual([
    { type: "subscribe", id: 1, cameraId, stream: "sub", frames: "key" },
    { type: "unsubscribe", id: 1 },
  ]);
});

test("a picture comes with its camera and the codec told last", () => {
  const { reader, hear, picture, pictures } = readerOnAPort();
  const cameraId = anId();
  reader.read(everySecond(cameraId));
  picture(1);
  hear({ type: "format", id: 1, format: { family: "h264", codec: "avc1.4D401E", hasBFrames: false } });
  picture(1);
  picture(1, false);
  expect(pictures.map(({ codec, frames }) => [codec, frames])).toEqual([
    [null, "key"],
    ["avc1.4D401E", "key"],
  ]);
  expect(pictures[0]?.cameraId).toBe(cameraId);
});

test("a picture of a camera that is not read any more is left out", () => {
  const { reader, picture, pictures } = readerOnAPort();
  reader.read(everySecond(anId()));
  reader.read(new Map());
  picture(1);
  expect(pictures).toEqual([]);
});

test("a refused camera is asked for again, unless it is gone by then", () => {
  const { reader, hear, sent, pending } = readerOnAPort();
  const [kept, gone] = [anId(), anId()];
  reader.read(everySecond(kept, gone));
  hear({ type: "refused", id: 1, code: "not_found", message: "no such camera" });
  hear({ type: "refused", id: 2, code: "not_found", message: "no such camera" });
  reader.read(everySecond(kept));
  for (const work of pending) work();
  expect(sent.slice(2)).toEqual([
    { type: "unsubscribe", id: 2 },
    { type: "subscribe", id: 3, cameraId: kept, stream: "sub", frames: "key" },
  ]);
});

test("messages it does not know change nothing", () => {
  const { hear, pictures } = readerOnAPort();
  for (const data of [null, 7, "text", { type: "link", connected: true }, { type: "format" }]) hear(data);
  expect(pictures).toEqual([]);
});

/** A camera whose key frames come so seldom that all pictures are asked for. */
function readerOfASlowCamera() {
  const parts = readerOnAPort();
  const cameraId = anId();
  parts.reader.read(everySecond(cameraId));
  for (const atMs of [4_000, 8_000]) parts.picture(1, true, atMs);
  return { ...parts, cameraId };
}

test("a camera whose key frames come too seldom is read with all pictures, and says so", () => {
  const { reader, sent, picture, pictures, cameraId } = readerOfASlowCamera();
  expect(sent.at(-1)).toEqual({ type: "subscribe", id: 2, cameraId, stream: "sub", frames: "all" });
  picture(2, true, 12_000);
  picture(2, false, 12_066);
  expect(pictures.slice(-2).map(({ frames, receivedAtMs }) => [frames, receivedAtMs])).toEqual([
    ["all", 12_000],
    ["all", 12_066],
  ]);
  expect(reader.readingOf(cameraId)).toEqual({ frames: "all", keyFrameEveryMs: 4_000 });
});

test("the old subscription ends with the first picture of the new one, not before", () => {
  const { reader, sent, picture, pictures, cameraId } = readerOfASlowCamera();
  picture(1, true, 12_000);
  expect(pictures.at(-1)).toMatchObject({ frames: "key", receivedAtMs: 12_000 });
  expect(reader.readingOf(cameraId)?.frames).toBe("key");
  picture(2, true, 12_000);
  expect(sent.slice(2)).toEqual([{ type: "unsubscribe", id: 1 }]);
});

test("a camera that was set right is read by key frames again, and its stream ends", () => {
  const { sent, picture, ended, cameraId } = readerOfASlowCamera();
  picture(2, true, 8_000);
  for (let second = 9; second < 90; second += 1) picture(2, true, second * 1_000);
  expect(sent.at(-1)).toEqual({ type: "subscribe", id: 3, cameraId, stream: "sub", frames: "key" });
  expect(ended).toEqual([]);
  picture(3, true, 90_000);
  expect(ended).toEqual([cameraId]);
  expect(sent.at(-1)).toEqual({ type: "unsubscribe", id: 2 });
});

test("a camera that goes while its way changes leaves no subscription behind", () => {
  const { reader, sent } = readerOfASlowCamera();
  reader.read(new Map());
  expect(sent.slice(2)).toEqual([
    { type: "unsubscribe", id: 1 },
    { type: "unsubscribe", id: 2 },
  ]);
});

test("a refusal of the new way is asked for again, and the old one goes on", () => {
  const { hear, sent, pending, picture, pictures, cameraId } = readerOfASlowCamera();
  hear({ type: "refused", id: 2, code: "busy", message: "later" });
  picture(1, true, 12_000);
  expect(pictures.at(-1)?.receivedAtMs).toBe(12_000);
  for (const work of pending) work();
  expect(sent.at(-1)).toEqual({ type: "subscribe", id: 3, cameraId, stream: "sub", frames: "all" });
  picture(3, true, 13_000);
  expect(sent.at(-1)).toEqual({ type: "unsubscribe", id: 1 });
});
