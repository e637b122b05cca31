import { expect, test } from "vitest";
import { readTapMessage } from "./tap-message.ts";

const format = { family: "h264", codec: "avc1.4D401E", hasBFrames: false };

test("what a tile needs is taken as it is", () => {
  for (const message of [
    { type: "link", connected: true },
    { type: "clock", offsetMs: 4, roundTripMs: 2 },
    { type: "format", id: 1, format },
    { type: "dropped", id: 1, frames: 3 },
    { type: "refused", id: 1, message: "no such camera" },
  ]) {
    expect(readTapMessage(message)).toEqual(message);
  }
});

test.each([
  [{ type: "state", id: 1, state: {} }],
  [{ type: "weather", id: 1 }],
  [{ type: "format", id: 1 }],
  [{ type: "format", id: 1, format: { ...format, family: "vp8" } }],
  [{ type: "format", id: 1, format: { ...format, widthPx: "640" } }],
  [{ type: "dropped", id: "1", frames: 3 }],
  [{ type: "refused", id: null, message: "bad request" }],
  ["link"],
  [null],
])("%j is passed over", (message) => {
  expect(readTapMessage(message)).toBeNull();
});
