import { expect, test } from "vitest";
import type { CameraStream } from "#contract/cameras.ts";
import { aCamera } from "#contract/examples.ts";
import { chooseStream } from "./choose-stream.ts";

const twoStreams = aCamera({ subAddress: "rtsp://127.0.0.1/sub" });
type Facts = Parameters<typeof chooseStream>[0];

const CASES: [string, Partial<Facts>, CameraStream][] = [
  ["a small tile", { widthPx: 300 }, "sub"],
  ["a tile whose width is not known yet", { widthPx: 0 }, "sub"],
  ["a tile at the border, new", { widthPx: 640 }, "sub"],
  ["a tile just over the border", { widthPx: 641 }, "main"],
  ["a tile between the borders that shows main", { widthPx: 600, current: "main" }, "main"],
  ["a tile between the borders that shows sub", { widthPx: 600, current: "sub" }, "sub"],
  ["a tile that shows main and shrank", { widthPx: 559, current: "main" }, "sub"],
  ["a camera without a sub stream", { camera: aCamera(), widthPx: 300 }, "main"],
  [
    "a camera that allows one connection",
    { camera: { ...twoStreams, singleConnection: true }, widthPx: 300 },
    "main",
  ],
  ["a sub stream that gives nothing", { widthPx: 300, isSubBroken: true }, "main"],
];

test.each(CASES)("%s", (_name, facts, expected) => {
  expect(chooseStream({ camera: twoStreams, widthPx: 0, current: null, isSubBroken: false, ...facts })).toBe(
    expected,
  );
});
