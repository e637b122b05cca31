import { expect, test, vi } from "vitest";
import { createPinnedTransports } from "./pinned-transports.ts";

function setUp(kept: Record<string, string> = {}) {
  const store = new Map(Object.entries(kept));
  let foreignWrite = () => {};
  const pins = createPinnedTransports({
    read: (key) => store.get(key) ?? null,
    write: (key, text) => void store.set(key, text),
    onForeignWrite(listener) {
      foreignWrite = listener;
    },
  });
  return { pins, store, writeElsewhere: () => foreignWrite() };
}

test("a choice for a camera and one for the device are kept apart, under names that tests and benches use", () => {
  const { pins, store } = setUp();
  pins.pinDevice("hls");
  pins.pinCamera("a", "direct");
  expect([pins.device(), pins.camera("a"), pins.camera("b")]).toEqual(["hls", "direct", null]);
  expect(Object.fromEntries(store)).toEqual({ "guarita.transport": "hls", "guarita.transport.a": "direct" });
  pins.pinCamera("a", null);
  expect(pins.camera("a")).toBeNull();
});

test("what is no transport counts as no choice", () => {
  expect(setUp({ "guarita.transport": "carrier pigeon" }).pins.device()).toBeNull();
});

test("every change is told, another tab's too", () => {
  const { pins, writeElsewhere } = setUp();
  const listener = vi.fn();
  const unsubscribe = pins.subscribe(listener);
  pins.pinDevice("webrtc");
  writeElsewhere();
  expect(listener).toHaveBeenCalledTimes(2);
  unsubscribe();
  pins.pinDevice(null);
  expect(listener).toHaveBeenCalledTimes(2);
});
