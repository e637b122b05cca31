import type { CameraZonesChange, Point, Shop } from "./zones.ts";

/** A line shorter than this, in fractions of the picture, is a point: nobody can be seen to cross it. */
const SHORTEST_LINE = 0.01;
/** A zone smaller than this, as a fraction of the picture, holds nobody. */
const SMALLEST_AREA = 0.0001;

/** What no schema can say. `at` is the place in the lists, `name` is of the zone, line or rule at fault. */
export type SceneFault = { name: string; at: ["zones" | "lines" | "rules", number] } & (
  | { kind: "same_id" }
  /** The outline crosses or touches itself. */
  | { kind: "crossing" }
  | { kind: "no_area" }
  | { kind: "short_line" }
  /** The rule names a zone that is not there. */
  | { kind: "unknown_zone" }
  /** The rule names a mask: nothing is ever seen there. */
  | { kind: "masked" }
);

type Scene = Pick<CameraZonesChange, "zones" | "lines" | "rules">;

/** Everything that is wrong with a scene of the right form, in the order of its lists. */
export function sceneFaults(scene: Scene): SceneFault[] {
  const faults: SceneFault[] = [];
  const ids = new Set<string>();
  const note = (kind: SceneFault["kind"], name: string, ...at: SceneFault["at"]) =>
    faults.push({ kind, name, at });
  const once = ({ id, name }: { id: string; name: string }, ...at: SceneFault["at"]) => {
    if (ids.has(id)) note("same_id", name, ...at);
    ids.add(id);
  };
  for (const [index, zone] of scene.zones.entries()) {
    once(zone, "zones", index);
    if (crossesItself(zone.points)) note("crossing", zone.name, "zones", index);
    else if (areaOf(zone.points) < SMALLEST_AREA) note("no_area", zone.name, "zones", index);
  }
  for (const [index, line] of scene.lines.entries()) {
    once(line, "lines", index);
    if (Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) < SHORTEST_LINE)
      note("short_line", line.name, "lines", index);
  }
  const kinds = new Map(scene.zones.map(({ id, kind }) => [id, kind]));
  for (const [index, rule] of scene.rules.entries()) {
    once(rule, "rules", index);
    const named = [rule.zoneId, rule.kind === "idle" ? rule.queueZoneId : null].filter((id) => id !== null);
    if (named.some((id) => !kinds.has(id))) note("unknown_zone", rule.name, "rules", index);
    else if (named.some((id) => kinds.get(id) === "mask")) note("masked", rule.name, "rules", index);
  }
  return faults;
}

/** True for an outline that is not a simple polygon: two of its sides meet elsewhere than at their common corner. */
export function crossesItself(points: Point[]): boolean {
  const sides = points.map((from, index) => ({ from, to: points[(index + 1) % points.length] ?? from }));
  return sides.some((side, index) =>
    sides.some((other, place) => {
      if (place <= index) return false;
      if (place === index + 1) return foldsBack(side.from, side.to, other.to);
      if (index === 0 && place === sides.length - 1) return foldsBack(other.from, side.from, side.to);
      return meet(side.from, side.to, other.from, other.to);
    }),
  );
}

/** In fractions of the picture. */
function areaOf(points: Point[]): number {
  const twice = points.reduce((sum, { x, y }, index) => {
    const next = points[(index + 1) % points.length] ?? { x, y };
    return sum + x * next.y - next.x * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** More than 0 where `c` is to the right of the way from `a` to `b`, as seen on the picture. */
const turn = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** Two sides with the corner `b` in common lie on each other, or one of them is a point. */
function foldsBack(a: Point, b: Point, c: Point): boolean {
  const along = (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y);
  const isPoint = (a.x === b.x && a.y === b.y) || (b.x === c.x && b.y === c.y);
  return isPoint || (turn(a, b, c) === 0 && along < 0);
}

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [c1, d1, a2, b2] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)].map(Math.sign);
  if (c1 !== d1 && a2 !== b2) return true;
  return (
    (c1 === 0 && isWithin(c, a, b)) ||
    (d1 === 0 && isWithin(d, a, b)) ||
    (a2 === 0 && isWithin(a, c, d)) ||
    (b2 === 0 && isWithin(b, c, d))
  );
}

/** `p`, known to be on the line through `a` and `b`, is between them. */
const isWithin = (p: Point, a: Point, b: Point): boolean =>
  p.x >= Math.min(a.x, b.x) &&
  p.x <= Math.max(a.x, b.x) &&
  p.y >= Math.min(a.y, b.y) &&
  p.y <= Math.max(a.y, b.y);

/** Whether `Intl` knows the shop's time zone by this name; a bare offset is none, for it knows no summer time. */
export function isTimeZone(timeZone: Shop["timeZone"]): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return /^[a-z]/i.test(timeZone);
  } catch {
    return false;
  }
}
