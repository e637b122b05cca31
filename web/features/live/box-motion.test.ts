import { expect, test } from "vitest";
import { type Look, movingBoxes } from "./box-motion.ts";

const look = (receivedAtMs: number, left: number, trackId = 1): Look => ({
  receivedAtMs,
  objects: [{ trackId, label: "person", score: 0.9, box: { left, top: 0.2, width: 0.1, height: 0.5 } }],
});

test("a box goes on as its track went, in the time between two looks", () => {
  const [box] = movingBoxes(look(1_000, 0.1), look(2_000, 0.15));
  expect(box?.box.left).toBeCloseTo(0.2);
  expect(box?.box.top).toBeCloseTo(0.2);
  expect(box?.glideMs).toBe(1_000);
});

test("a box stays where it was seen when its track is new, or the last look was long ago", () => {
  for (const before of [null, look(1_000, 0.1, 7), look(-9_000, 0.1)]) {
    expect(movingBoxes(before, look(2_000, 0.15))).toMatchObject([{ box: { left: 0.15 }, glideMs: 0 }]);
  }
});
