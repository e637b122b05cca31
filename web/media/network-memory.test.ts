import { expect, test } from "vitest";
import { createNetworkMemory } from "./network-memory.ts";

test("WebRTC that fails at one camera, however often, says nothing about the network", () => {
  const network = createNetworkMemory({ nowMs: () => 0 });
  for (let failure = 0; failure < 10; failure += 1) network.noteFailed("a");
  network.noteFailed("b");
  expect(network.isBlocked()).toBe(false);
});

test("WebRTC that fails at three cameras and works nowhere is left alone for a while", () => {
  let nowMs = 0;
  const network = createNetworkMemory({ nowMs: () => nowMs });
  for (const cameraId of ["a", "b", "c"]) network.noteFailed(cameraId);
  expect(network.isBlocked()).toBe(true);
  nowMs = 121_000;
  expect(network.isBlocked()).toBe(false);
});

test("one picture by WebRTC clears the network", () => {
  const network = createNetworkMemory({ nowMs: () => 0 });
  for (const cameraId of ["a", "b"]) network.noteFailed(cameraId);
  network.forget();
  network.noteFailed("c");
  expect(network.isBlocked()).toBe(false);
});
