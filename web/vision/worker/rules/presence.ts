import { z } from "zod";
import type { FractionBox } from "#contract/payloads.ts";
import type { SeenObject } from "../../station.ts";
import { distanceToEdge, isInside, positionOf } from "./geometry.ts";
import type { Area } from "./scene.ts";

/** A track and the areas it is in. Plain data, so that it can be kept across a reload. */
export const Place = z.object({
  trackId: z.int(),
  label: z.string(),
  firstSeenAtMs: z.number(),
  lastSeenAtMs: z.number(),
  /** Looks since it was seen. */
  missedLooks: z.int(),
  /** Seen twice or more; only then it counts. */
  isSteady: z.boolean(),
  /** It touched the edge of the picture when it was last seen. */
  atEdge: z.boolean(),
  /** By area id. */
  inside: z.record(z.string(), z.object({ enteredAtMs: z.number(), lastAtMs: z.number() })),
});
export type Place = z.infer<typeof Place>;

/** A stay that is over. */
export type Stay = { areaId: string; label: string; durationMs: number };

/**
 * Who was not seen counts as there for one more look, and for this long: people hide behind each other. At the edge of
 * the picture one look is all: there they mostly left.
 */
const INERTIA_MS = 3_000;
const PICTURE_EDGE = 0.01;
/** Who was inside is outside when farther than this from the edge, in picture heights: boxes tremble. */
const EDGE_WIDTH = 0.02;

/** `trackIds` are the tracks not given up, seen or not. */
type Look = {
  seen: SeenObject[];
  steady: SeenObject[];
  trackIds: ReadonlySet<number>;
  atMs: number;
  aspect: number;
};

/** One look further: who is in which area, and which stays ended with it. */
export function movePlaces(
  before: readonly Place[],
  look: Look,
  areas: readonly Area[],
): { places: Place[]; stays: Stay[] } {
  const known = new Map(before.map((place) => [place.trackId, place]));
  const steadyIds = new Set(look.steady.map(({ trackId }) => trackId));
  const seenIds = new Set(look.seen.map(({ trackId }) => trackId));
  const seen = look.seen.map((object) =>
    placeSeen(known.get(object.trackId), object, look, areas, steadyIds.has(object.trackId)),
  );
  const unseen = before.filter(({ trackId }) => !seenIds.has(trackId));
  const places = [
    ...seen.map(({ place }) => place),
    ...unseen
      .filter(({ trackId }) => look.trackIds.has(trackId))
      .map((place) => ({ ...place, missedLooks: place.missedLooks + 1 })),
  ];
  const left = unseen.filter(({ trackId }) => !look.trackIds.has(trackId));
  return {
    places,
    stays: [...seen.flatMap(({ stays }) => stays), ...left.flatMap((place) => allStays(place))],
  };
}

function placeSeen(
  before: Place | undefined,
  object: SeenObject,
  { atMs, aspect }: Look,
  areas: readonly Area[],
  isSteady: boolean,
): { place: Place; stays: Stay[] } {
  const inside: Place["inside"] = {};
  const stays: Stay[] = [];
  for (const area of areas) {
    const was = before?.inside[area.id];
    if (isIn(area, object, aspect, was !== undefined)) {
      inside[area.id] = { enteredAtMs: was?.enteredAtMs ?? atMs, lastAtMs: atMs };
    } else if (was && before?.isSteady) stays.push(stayOf(before, area.id, was));
  }
  const { trackId, label, box } = object;
  const firstSeenAtMs = before?.firstSeenAtMs ?? atMs;
  return {
    place: {
      trackId,
      label,
      firstSeenAtMs,
      lastSeenAtMs: atMs,
      missedLooks: 0,
      isSteady,
      atEdge: isAtEdge(box),
      inside,
    },
    stays,
  };
}

const isAtEdge = ({ left, top, width, height }: FractionBox): boolean =>
  Math.min(left, top, 1 - left - width, 1 - top - height) < PICTURE_EDGE;

function isIn({ points }: Area, object: SeenObject, aspect: number, wasIn: boolean): boolean {
  if (!points) return true;
  const position = positionOf(object);
  return isInside(points, position) || (wasIn && distanceToEdge(points, position, aspect) <= EDGE_WIDTH);
}

const allStays = (place: Place): Stay[] =>
  place.isSteady ? Object.entries(place.inside).map(([areaId, was]) => stayOf(place, areaId, was)) : [];

const stayOf = (place: Place, areaId: string, was: { enteredAtMs: number; lastAtMs: number }): Stay => ({
  areaId,
  label: place.label,
  durationMs: Math.max(0, was.lastAtMs - was.enteredAtMs),
});

/** How many are in an area: seen in this look, and with those believed to be there still. */
export type Head = { seen: number; present: number };

/**
 * Counts those in an area that `counts` accepts. Somebody overlooked while somebody else appears is taken for one: it
 * is mostly the same person under a new identity.
 */
export function countIn(
  places: readonly Place[],
  areaId: string,
  atMs: number,
  counts: (place: Place) => boolean,
): Head {
  const there = places.filter((place) => place.isSteady && place.inside[areaId] && counts(place));
  const seen = there.filter(({ missedLooks }) => missedLooks === 0);
  const missing = there.filter((place) => place.missedLooks > 0 && isBelieved(place, atMs));
  const missingSinceAtMs = Math.min(...missing.map(({ lastSeenAtMs }) => lastSeenAtMs));
  const newcomers = seen.filter(({ firstSeenAtMs }) => firstSeenAtMs > missingSinceAtMs);
  return { seen: seen.length, present: seen.length + Math.max(0, missing.length - newcomers.length) };
}

const isBelieved = ({ missedLooks, lastSeenAtMs, atEdge }: Place, atMs: number): boolean =>
  missedLooks <= 1 || (!atEdge && Math.abs(atMs - lastSeenAtMs) <= INERTIA_MS);
