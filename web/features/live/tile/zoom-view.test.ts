import { expect, test } from "vitest";
import { movedBy, WHOLE, zoomedAt } from "./zoom-view.ts";

const FRAME = { widthPx: 800, heightPx: 450 };

test("what lies under the pointer stays under it", () => {
  const at = { xPx: 200, yPx: 300 };
  const near = zoomedAt(WHOLE, 2, at, FRAME);
  expect(near).toEqual({ scale: 2, xPx: -200, yPx: -300 });
  const nearer = zoomedAt(near, 1.5, at, FRAME);
  // the same point of the picture, before and after
  expect((at.xPx - nearer.xPx) / nearer.scale).toBeCloseTo((at.xPx - near.xPx) / near.scale);
});

test("no edge of the picture comes inside the frame", () => {
  const near = zoomedAt(WHOLE, 2, { xPx: 400, yPx: 225 }, FRAME);
  expect(movedBy(near, { xPx: 5_000, yPx: 5_000 }, FRAME)).toEqual({ scale: 2, xPx: 0, yPx: 0 });
  expect(movedBy(near, { xPx: -5_000, yPx: -5_000 }, FRAME)).toEqual({ scale: 2, xPx: -800, yPx: -450 });
});

test("out of every enlargement there is a way back to the whole picture, and not beyond", () => {
  const near = zoomedAt(WHOLE, 100, { xPx: 10, yPx: 440 }, FRAME);
  expect(near.scale).toBe(8);
  expect(zoomedAt(near, 0.001, { xPx: 700, yPx: 20 }, FRAME)).toEqual(WHOLE);
});
