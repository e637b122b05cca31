import { expect, test } from "vitest";
import { createHlsEdge } from "./hls-edge.ts";

test("a stream lives while its playlist grows, which no first playlist can tell", () => {
  let now = 0;
  const edge = createHlsEdge(() => now);
  edge.heard(7);
  expect(edge.grows()).toBe(false);
  edge.heard(7);
  expect(edge.grows()).toBe(false);
  now = 1_000;
  edge.heard(8);
  expect(edge.grows()).toBe(true);
  now = 4_900;
  edge.heard(8);
  expect(edge.grows()).toBe(true);
  now = 5_000;
  expect(edge.grows()).toBe(false);
});
