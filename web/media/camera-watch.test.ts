import { expect, test } from "vitest";
import { watchCamera } from "./camera-watch.ts";

/** A watched camera: what is told to the page by what comes out of the hub's port. */
function watched() {
  const told: unknown[][] = [];
  const port = { onmessage: null, postMessage() {} } as unknown as MessagePort; // all that is used of one
  const stop = watchCamera(port, "5b3a2a52-6d3e-4a86-9df0-8f4f2b1d2c11", {
    onLink: (connected) => told.push(["link", connected]),
    onCamera: (state) => told.push(["camera", state.status]),
    onFormat: (format) => told.push(["format", format.codec]),
    onClock: (aheadMs) => told.push(["clock", aheadMs]),
  });
  const hear = (data: unknown) => port.onmessage?.({ data } as MessageEvent);
  return { told, stop, hear };
}

test("the link, the clock and the camera's state are told as they come", () => {
  const { told, hear } = watched();
  hear({ type: "link", connected: true });
  hear({ type: "clock", offsetMs: -40, roundTripMs: 3 });
  hear({ type: "state", id: 1, state: { status: "connecting", sinceAtMs: 5 } });
  expect(told).toEqual([
    ["link", true],
    ["clock", -40],
    ["camera", "connecting"],
  ]);
});

test("a notice that is not as the contract says is left out", () => {
  const { told, hear } = watched();
  hear({ type: "state", id: 1, state: { status: "exploded" } });
  hear({ type: "state", id: 1 });
  hear({ type: "format", id: 1, format: { codec: 7 } });
  hear({ type: "unheard-of", id: 1 });
  hear({ type: "link", id: 1, connected: "yes" });
  hear(new ArrayBuffer(8));
  hear(null);
  expect(told).toEqual([]);
});

test("nothing is told any more once the watch ended", () => {
  const { told, stop, hear } = watched();
  stop();
  hear({ type: "link", connected: false });
  expect(told).toEqual([]);
});
