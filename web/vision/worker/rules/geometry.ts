import type { FractionBox } from "#contract/payloads.ts";
import type { Point } from "#contract/zones.ts";

/** Points are fractions of the picture, origin top left, y down. Distances are in picture heights. */
export type { Point };

/** Where a thing is: a person stands at the bottom centre of the box, all else is at its centre. */
export function positionOf(object: { label: string; box: FractionBox }): Point {
  const { left, top, width, height } = object.box;
  return { x: left + width / 2, y: object.label === "person" ? top + height : top + height / 2 };
}

/** Inside a simple polygon, either way round. A point on its edge may be either. */
export function isInside(polygon: readonly Point[], point: Point): boolean {
  let isOdd = false;
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before && corner.y > point.y !== before.y > point.y) {
      const atX = corner.x + ((point.y - corner.y) / (before.y - corner.y)) * (before.x - corner.x);
      if (point.x < atX) isOdd = !isOdd;
    }
    before = corner;
  }
  return isOdd;
}

/** How far a point is from the nearest edge of a polygon. */
export function distanceToEdge(polygon: readonly Point[], point: Point, aspect: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before) nearest = Math.min(nearest, distanceToSegment({ from: before, to: corner }, point, aspect));
    before = corner;
  }
  return nearest;
}

export type Segment = { from: Point; to: Point };

function distanceToSegment({ from, to }: Segment, point: Point, aspect: number): number {
  const [dx, dy] = [(to.x - from.x) * aspect, to.y - from.y];
  const [px, py] = [(point.x - from.x) * aspect, point.y - from.y];
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / lengthSquared)) : 0;
  return Math.hypot(px - along * dx, py - along * dy);
}

/** Distance from the line through a segment: positive to the right of `from` -> `to` as one sees it, negative to its left. */
export function sideOf({ from, to }: Segment, point: Point, aspect: number): number {
  const [dx, dy] = [(to.x - from.x) * aspect, to.y - from.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return 0;
  return (dx * (point.y - from.y) - dy * (point.x - from.x) * aspect) / length;
}

/** Whether the way from one point to another crosses the segment, its ends included. */
export function crosses(segment: Segment, way: Segment): boolean {
  const [a, b] = [turn(segment, way.from), turn(segment, way.to)];
  const [c, d] = [turn(way, segment.from), turn(way, segment.to)];
  return a !== b && c * d <= 0;
}

/** The sign of which way one turns at `to` on the way to a third point. */
const turn = ({ from, to }: Segment, point: Point): number =>
  Math.sign((to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x));
