import fc from "fast-check";
import { expect, test } from "vitest";
import { crosses, distanceToEdge, isInside, positionOf, sideOf } from "./geometry.ts";

const SQUARE = [
  { x: 0.2, y: 0.2 },
  { x: 0.6, y: 0.2 },
  { x: 0.6, y: 0.6 },
  { x: 0.2, y: 0.6 },
];
/** A U: the middle of its upper side is outside. */
const BAY = [
  { x: 0, y: 0 },
  { x: 0.3, y: 0 },
  { x: 0.3, y: 0.5 },
  { x: 0.7, y: 0.5 },
  { x: 0.7, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

test("a person stands at the bottom centre of the box, a vehicle at its centre", () => {
  const box = { left: 0.2, top: 0.2, width: 0.2, height: 0.4 };
  expect(positionOf({ label: "person", box })).toEqual({ x: 0.30000000000000004, y: 0.6000000000000001 });
  expect(positionOf({ label: "car", box })).toEqual({ x: 0.30000000000000004, y: 0.4 });
});

test("a bay of a polygon is outside of it", () => {
  expect(isInside(BAY, { x: 0.5, y: 0.2 })).toBe(false);
  expect(isInside(BAY, { x: 0.15, y: 0.2 })).toBe(true);
  expect(isInside(BAY, { x: 0.5, y: 0.8 })).toBe(true);
});

test("it does not matter which way round a polygon is drawn, nor where it begins", () => {
  const side = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(side, side, fc.nat(7), (x, y, first) => {
      const turned = [...BAY.slice(first), ...BAY.slice(0, first)];
      expect(isInside(turned.toReversed(), { x, y })).toBe(isInside(BAY, { x, y }));
    }),
  );
});

test("the distance to the edge is in picture heights", () => {
  expect(distanceToEdge(SQUARE, { x: 0.4, y: 0.3 }, 2)).toBeCloseTo(0.1);
  expect(distanceToEdge(SQUARE, { x: 0.7, y: 0.4 }, 2)).toBeCloseTo(0.2);
});

test("right of a line that goes to the right is below it", () => {
  const line = { from: { x: 0.2, y: 0.5 }, to: { x: 0.8, y: 0.5 } };
  expect(sideOf(line, { x: 0.5, y: 0.7 }, 16 / 9)).toBeCloseTo(0.2);
  expect(sideOf(line, { x: 0.5, y: 0.4 }, 16 / 9)).toBeCloseTo(-0.1);
});

test("a way around the end of a segment does not cross it", () => {
  const segment = { from: { x: 0.4, y: 0.5 }, to: { x: 0.6, y: 0.5 } };
  expect(crosses(segment, { from: { x: 0.5, y: 0.2 }, to: { x: 0.5, y: 0.8 } })).toBe(true);
  expect(crosses(segment, { from: { x: 0.7, y: 0.2 }, to: { x: 0.7, y: 0.8 } })).toBe(false);
  expect(crosses(segment, { from: { x: 0.5, y: 0.2 }, to: { x: 0.5, y: 0.4 } })).toBe(false);
});
