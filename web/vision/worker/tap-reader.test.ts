import { expect, test } from "vitest";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import { createTapReader, type TapPort } from "./tap-reader.ts";

function readerOnAPort() {
  const sent: unknown[] = [];
  const pictures: { cameraId: string; receivedAtMs: number; codec: string | null }[] = [];
  const pending: (() => void)[] = [];
  const port: TapPort = { postMessage: (message) => void sent.push(message), onmessage: null };
  const reader = createTapReader({
    port,
    onKeyFrame: (cameraId, { receivedAtMs }, codec) => pictures.push({ cameraId, receivedAtMs, codec }),
    later: (work) => pending.push(work),
  });
  const hear = (data: unknown) => port.onmessage?.(new MessageEvent("message", { data }));
  const picture = (subscriptionId: number, keyFrame = true) =>
    hear(
      encodeAccessUnit({
        subscriptionId,
        keyFrame,
        discontinuity: false,
        replayed: false,
        ptsUs: 0,
        cameraAtMs: 0,
        receivedAtMs: 1_000,
        data: Uint8Array.of(1, 2, 3),
      }).buffer,
    );
  return { reader, sent, pictures, pending, hear, picture };
}

test("asks for key frames of the sub stream, once a camera, and stops when it is gone", () => {
  const { reader, sent } = readerOnAPort();
  const cameraId = anId();
  reader.read(new Set([cameraId]));
  reader.read(new Set([cameraId]));
  reader.read(new Set());
  expect(sent).toEqual([
    { type: "subscribe", id: 1, cameraId, stream: "sub", frames: "key" },
    { type: "unsubscribe", id: 1 },
  ]);
});

test("a picture comes with its camera and the codec told last", () => {
  const { reader, hear, picture, pictures } = readerOnAPort();
  const cameraId = anId();
  reader.read(new Set([cameraId]));
  picture(1);
  hear({ type: "format", id: 1, format: { family: "h264", codec: "avc1.4D401E", hasBFrames: false } });
  picture(1);
  picture(1, false);
  expect(pictures.map(({ codec }) => codec)).toEqual([null, "avc1.4D401E"]);
  expect(pictures[0]?.cameraId).toBe(cameraId);
});

test("a picture of a camera that is not read any more is left out", () => {
  const { reader, picture, pictures } = readerOnAPort();
  reader.read(new Set([anId()]));
  reader.read(new Set());
  picture(1);
  expect(pictures).toEqual([]);
});

test("a refused camera is asked for again, unless it is gone by then", () => {
  const { reader, hear, sent, pending } = readerOnAPort();
  const [kept, gone] = [anId(), anId()];
  reader.read(new Set([kept, gone]));
  hear({ type: "refused", id: 1, code: "not_found", message: "no such camera" });
  hear({ type: "refused", id: 2, code: "not_found", message: "no such camera" });
  reader.read(new Set([kept]));
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
