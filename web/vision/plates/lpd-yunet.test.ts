import { expect, test } from "vitest";
import { keepBest, PRIOR_COUNT, readFinder } from "./lpd-yunet.ts";

const silent = () => ({
  loc: new Float32Array(PRIOR_COUNT * 14),
  conf: new Float32Array(PRIOR_COUNT * 2),
  iou: new Float32Array(PRIOR_COUNT),
});

/** Corners in sizes of the prior around its centre, as the network gives them (tenths). */
function say(
  answer: ReturnType<typeof silent>,
  row: number,
  score: number,
  halfWidth: number,
  halfHeight: number,
) {
  const [w, h] = [halfWidth * 10, halfHeight * 10];
  answer.loc.set([-w, -h, w, -h], row * 14 + 4);
  answer.loc.set([w, h, -w, h], row * 14 + 10);
  answer.conf[row * 2 + 1] = score;
  answer.iou[row] = score;
}

test("the network has 4385 priors", () => {
  expect(PRIOR_COUNT).toBe(4385);
});

test("a plate lies where its prior and its corners say, in fractions", () => {
  const answer = silent();
  // first map, second row, third column, the largest of three: centre (20, 12), size 24 of 320 x 240
  say(answer, (40 + 2) * 3 + 2, 0.8, 0.5, 0.25);
  const [found, ...more] = readFinder(answer, 0.1);
  expect(more).toEqual([]);
  expect(found?.score).toBeCloseTo(0.8, 5);
  expect(found?.box.left).toBeCloseTo(8 / 320, 5);
  expect(found?.box.top).toBeCloseTo(6 / 240, 5);
  expect(found?.box.width).toBeCloseTo(24 / 320, 5);
  expect(found?.box.height).toBeCloseTo(12 / 240, 5);
});

test("the last prior belongs to the coarsest map", () => {
  const answer = silent();
  say(answer, PRIOR_COUNT - 1, 0.9, 0.05, 0.05);
  const box = readFinder(answer, 0.1)[0]?.box;
  expect((box?.left ?? 0) + (box?.width ?? 0) / 2).toBeCloseTo((4.5 * 64) / 320, 5);
  expect((box?.top ?? 0) + (box?.height ?? 0) / 2).toBeCloseTo((2.5 * 64) / 240, 5);
});

test("of boxes over each other the best stays, what scores too little goes, and no box leaves the picture", () => {
  const answer = silent();
  say(answer, 0, 0.5, 2, 1);
  say(answer, 1, 0.9, 1.2, 0.6);
  say(answer, 600, 0.05, 1, 1);
  const found = readFinder(answer, 0.1);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ box: { left: 0, top: 0 } });
  expect(found[0]?.score).toBeCloseTo(0.9, 5);
});

test("boxes that only touch are both kept", () => {
  const box = (left: number) => ({ box: { left, top: 0, width: 0.1, height: 0.1 } });
  expect(keepBest([box(0), box(0.1), box(0.01)], 0.3)).toEqual([box(0), box(0.1)]);
});
