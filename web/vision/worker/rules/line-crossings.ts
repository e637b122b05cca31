import { z } from "zod";
import type { Line } from "#contract/zones.ts";
import type { SeenObject } from "../../station.ts";
import { crosses, type Point, positionOf, sideOf } from "./geometry.ts";

/** Where each track last was clear of each line: by track id, then by line id. Plain data, kept across a reload. */
export const ClearPoints = z.record(
  z.string(),
  z.record(z.string(), z.object({ x: z.number(), y: z.number() })),
);
export type ClearPoints = z.infer<typeof ClearPoints>;

export type Crossing = { lineId: string; way: "entry" | "exit" };

/** So far from a line one is clear of it, in picture heights, or in heights of the box where that is more. */
const CLEAR = { ofPicture: 0.01, ofBox: 0.08 };

type Look = { seen: SeenObject[]; steady: SeenObject[]; trackIds: ReadonlySet<number>; aspect: number };

/**
 * One look further: who crossed which line, and which way. A crossing is the way from clear on one side to clear on the
 * other, through the line and not around it, so that who stands on the line and trembles crosses nothing.
 */
export function followCrossings(
  before: ClearPoints,
  look: Look,
  lines: readonly Line[],
): { clear: ClearPoints; crossings: Crossing[] } {
  if (lines.length === 0) return { clear: {}, crossings: [] };
  const steadyIds = new Set(look.steady.map(({ trackId }) => trackId));
  const clear = Object.fromEntries(Object.entries(before).filter(([id]) => look.trackIds.has(Number(id))));
  const crossings: Crossing[] = [];
  for (const object of look.seen) {
    const position = positionOf(object);
    const margin = Math.max(CLEAR.ofPicture, CLEAR.ofBox * object.box.height);
    const was = before[object.trackId] ?? {};
    const points: Record<string, Point> = {};
    for (const line of lines) {
      const from = was[line.id];
      if (Math.abs(sideOf(line, position, look.aspect)) < margin) {
        if (from) points[line.id] = from;
        continue;
      }
      points[line.id] = position;
      const way = from && steadyIds.has(object.trackId) ? wayAcross(line, from, position, look.aspect) : null;
      if (way) crossings.push({ lineId: line.id, way });
    }
    clear[object.trackId] = points;
  }
  return { clear, crossings };
}

function wayAcross(line: Line, from: Point, to: Point, aspect: number): Crossing["way"] | null {
  const after = sideOf(line, to, aspect);
  if (sideOf(line, from, aspect) > 0 === after > 0 || !crosses(line, { from, to })) return null;
  return after > 0 ? "entry" : "exit";
}
