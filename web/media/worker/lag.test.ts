import { expect, test } from "vitest";
import { createLag } from "./lag.ts";

function setUp() {
  let now = 0;
  const lagMs = createLag(() => now);
  return {
    /** A picture that the gateway had at `receivedAtMs` is here at `atMs`. */
    at(atMs: number, receivedAtMs: number): number {
      now = atMs;
      return lagMs(receivedAtMs);
    },
  };
}

test("lag is what comes on top of the quickest picture, whatever the clocks say", () => {
  const { at } = setUp();
  expect([at(1_000, 900_080), at(1_100, 900_180), at(1_500, 900_280)]).toEqual([0, 0, 300]);
  expect(at(1_510, 900_600)).toBe(0);
  expect(at(1_700, 900_700)).toBe(90);
});

test("a way that has become slower for good is no lag any more", () => {
  const { at } = setUp();
  at(0, 0);
  expect(at(1_000, 600)).toBe(400);
  expect(at(31_000, 30_600)).toBe(0);
  expect(at(32_000, 31_600)).toBe(0);
});
