import type { Point } from "./canvas.ts";
import { LOOKS, type Pose } from "./people.ts";
import { QUEUE_SPOTS } from "./shop.ts";

export const SCENE = { widthPx: 640, heightPx: 360, fps: 15, lengthMs: 40_000 };

/** Somebody in the shop at one instant. */
export type Standing = { trackId: number; look: number; feet: Point; heightPx: number; pose: Pose };

type Visit = { entersMs: number; browsesMs?: number; browsesAt?: Point; paidAtMs: number };

/** In the order they join the queue. They pay in that order; the shop is empty at the start and at the end. */
const VISITS: Visit[] = [
  { entersMs: 700, paidAtMs: 13_200 },
  { entersMs: 2_600, browsesMs: 1_200, browsesAt: [190, 246], paidAtMs: 17_600 },
  { entersMs: 6_000, paidAtMs: 22_000 },
  { entersMs: 8_200, browsesMs: 1_500, browsesAt: [150, 240], paidAtMs: 26_200 },
  { entersMs: 14_000, browsesMs: 2_200, browsesAt: [205, 248], paidAtMs: 30_200 },
  { entersMs: 19_000, paidAtMs: 34_000 },
];

type Waypoint = { atMs: number; at: Point };

const ENTRANCE: Point = [-45, 266];
const WAY_OUT: Point[] = [
  [505, 334],
  [700, 334],
];
const SPEED_PX_PER_S = 78;
/** In a queue each waits to see the one before go. */
const MOVES_UP = { reactionMs: 350, stepMs: 950 };

const ROUTES: Waypoint[][] = VISITS.map((visit, index) => routeOf(visit, VISITS.slice(0, index)));

function routeOf(visit: Visit, before: Visit[]): Waypoint[] {
  const route: Waypoint[] = [{ atMs: visit.entersMs, at: ENTRANCE }];
  const now = (): Waypoint => route[route.length - 1] ?? { atMs: visit.entersMs, at: ENTRANCE };
  const walkTo = (at: Point): void => {
    const { at: from, atMs } = now();
    const distance = Math.hypot(at[0] - from[0], at[1] - from[1]);
    route.push({ atMs: atMs + (distance / SPEED_PX_PER_S) * 1000, at });
  };
  const waitUntil = (atMs: number): void =>
    void route.push({ atMs: Math.max(atMs, now().atMs), at: now().at });
  const spot = (place: number): Point => QUEUE_SPOTS[place] ?? ENTRANCE;

  if (visit.browsesAt) {
    walkTo(visit.browsesAt);
    waitUntil(now().atMs + (visit.browsesMs ?? 0));
  }
  const arrivesMs = now().atMs + 2_500;
  let place = before.filter((other) => other.paidAtMs > arrivesMs).length;
  walkTo(spot(place));
  for (const other of before.filter((one) => one.paidAtMs > arrivesMs)) {
    waitUntil(other.paidAtMs + MOVES_UP.reactionMs * place);
    place--;
    route.push({ atMs: now().atMs + MOVES_UP.stepMs, at: spot(place) });
  }
  waitUntil(visit.paidAtMs);
  for (const at of WAY_OUT) walkTo(at);
  return route;
}

/** Everybody in the shop, the furthest away first. */
export function peopleAt(clipMs: number): Standing[] {
  return ROUTES.flatMap((route, index) => {
    const standing = standingOn(route, index, clipMs);
    return standing ? [standing] : [];
  }).sort((a, b) => a.feet[1] - b.feet[1]);
}

function standingOn(route: Waypoint[], index: number, clipMs: number): Standing | undefined {
  const next = route.findIndex((waypoint) => waypoint.atMs > clipMs);
  const to = route[next];
  const from = route[next - 1];
  if (to === undefined || from === undefined) return undefined;
  const part = (clipMs - from.atMs) / (to.atMs - from.atMs);
  const feet: Point = [
    from.at[0] + (to.at[0] - from.at[0]) * part,
    from.at[1] + (to.at[1] - from.at[1]) * part,
  ];
  const isMoving = to.at[0] !== from.at[0] || to.at[1] !== from.at[1];
  const walked = route
    .slice(0, next)
    .reduce((sum, waypoint, at) => sum + distance(waypoint.at, route[at + 1]?.at ?? feet), 0);
  const travelled = walked - distance(feet, to.at);
  const atShelf = !isMoving && from.at[1] < 260;
  const pose: Pose = {
    facing: atShelf && Math.floor(clipMs / 1100) % 2 === 0 ? -1 : 1,
    walking: isMoving ? eased(clipMs - from.atMs, to.atMs - clipMs) : 0,
    strideTurns: travelled / 62 + index * 0.3,
    breathTurns: clipMs / 3200 + index * 0.37,
  };
  return { trackId: index + 1, look: index % LOOKS.length, feet, heightPx: heightAt(feet[1]), pose };
}

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Steps grow and shrink over a fifth of a second, so that nobody freezes with a foot in the air. */
const eased = (sinceMs: number, untilMs: number): number => Math.min(1, sinceMs / 200, untilMs / 200);

/** Those nearer to the camera look taller. */
const heightAt = (feetY: number): number => 140 * (0.82 + (feetY - 230) * 0.0028);
