import { z } from "zod";
import { FractionBox } from "#contract/payloads.ts";
import type { Detection } from "../detector.ts";
import type { SeenObject } from "../station.ts";
import { groupOf, overlap } from "./objects.ts";

const Track = z.object({
  id: z.int(),
  label: z.string(),
  /** Where it was last seen. */
  box: FractionBox,
  /** Of the centre, fractions of the picture a second. */
  velocity: z.object({ x: z.number(), y: z.number() }),
  lastSeenAtMs: z.number(),
  /** Pictures it was seen in. */
  sightings: z.int(),
});
export type Track = z.infer<typeof Track>;

/** Plain data, so that it can be kept across a reload. */
export const TrackerState = z.object({
  nextId: z.int(),
  tracks: z.array(Track),
  /** When the newest picture was seen. */
  pictureAtMs: z.number(),
});
export type TrackerState = z.infer<typeof TrackerState>;

export const newTracker = (): TrackerState => ({ nextId: 1, tracks: [], pictureAtMs: 0 });

/** A person hidden by another comes back within a few seconds; longer, and it is more likely somebody else. */
const LOST_AFTER_MS = 5_000;
/** What was in the picture before stays, however seldom pictures come (key frames 8 s apart are usual), but not longer. */
const KEEP_AT_MOST_MS = 30_000;
/** Motion is trusted for this long; people stop and turn. */
const PREDICT_AT_MOST_MS = 1_500;
/**
 * How far the centre may be from where it was expected, in the object's longer side: at rest, and more for each second
 * since. A person walks about 0.8 body heights a second.
 */
const REACH = { atRest: 0.5, perSecond: 0.8, atMost: 2 };
/**
 * A box as near to the edge of the picture is cut off by it. There people leave and come: after a look at which nobody
 * was seen it is the same one only where that one was, or was expected; elsewhere it is another.
 */
const PICTURE_EDGE = 0.015;
/** Between two pictures nothing changes its area by more. */
const AREA_RATIO_AT_MOST = 4;

/** `aspect` is the picture's width over its height. */
type TrackedPicture = { detections: Detection[]; atMs: number; aspect: number };

export type TrackingStep = {
  state: TrackerState;
  /** What is in this picture, in the order of the detections. */
  seen: SeenObject[];
  /**
   * Of these, what was seen before, too. Only they count: a wrong box, or an arm that reaches into the picture, is
   * seldom there twice.
   */
  steady: SeenObject[];
  /** Tracks given up with this picture. */
  gone: Track[];
};

/**
 * Gives each detection the identity of the track it most likely continues. Built for about one picture a second, where
 * the boxes of one walking person often do not overlap: distance from the predicted place decides, overlap helps.
 */
export function followTracks(before: TrackerState, picture: TrackedPicture): TrackingStep {
  const { detections, atMs } = picture;
  const alive = before.tracks.filter((track) => isAlive(track, atMs, before.pictureAtMs));
  const gone = before.tracks.filter((track) => !alive.includes(track));
  const trackOf = pairUp(alive, picture, before.pictureAtMs);
  let nextId = before.nextId;
  const continued = new Set<Track>();
  const current = detections.map((detection, index) => {
    const track = trackOf.get(index);
    if (!track) return { ...start(detection, atMs), id: nextId++ };
    continued.add(track);
    return goOn(track, detection, atMs);
  });
  const seen = current.map((track, index) => seenAs(track, detections[index]));
  return {
    state: {
      nextId,
      tracks: [...current, ...alive.filter((track) => !continued.has(track))],
      pictureAtMs: atMs,
    },
    seen,
    steady: seen.filter((_, index) => (current[index]?.sightings ?? 0) > 1),
    gone,
  };
}

function isAlive(track: Track, atMs: number, previousAtMs: number): boolean {
  // A clock set back by much says nothing about how long it was away, but it was.
  const unseenMs = Math.abs(atMs - track.lastSeenAtMs);
  const wasThereJustNow = track.lastSeenAtMs === previousAtMs;
  return unseenMs <= (wasThereJustNow ? KEEP_AT_MOST_MS : LOST_AFTER_MS);
}

const seenAs = (track: Track, detection: Detection | undefined): SeenObject => ({
  trackId: track.id,
  label: track.label,
  score: detection?.score ?? 0,
  box: track.box,
});

const start = (detection: Detection, atMs: number): Omit<Track, "id"> => ({
  label: detection.label,
  box: detection.box,
  velocity: { x: 0, y: 0 },
  lastSeenAtMs: atMs,
  sightings: 1,
});

function goOn(track: Track, detection: Detection, atMs: number): Track {
  const seconds = (atMs - track.lastSeenAtMs) / 1_000;
  const from = centre(track.box);
  const to = centre(detection.box);
  const measured =
    seconds > 0 ? { x: (to.x - from.x) / seconds, y: (to.y - from.y) / seconds } : track.velocity;
  // Half old, half new: one jumping box does not send the track away.
  const velocity =
    track.sightings === 1
      ? measured
      : { x: (track.velocity.x + measured.x) / 2, y: (track.velocity.y + measured.y) / 2 };
  return { ...track, box: detection.box, velocity, lastSeenAtMs: atMs, sightings: track.sightings + 1 };
}

/** Cheapest pairs first; each track and each detection once. Detection index to track. */
function pairUp(tracks: Track[], picture: TrackedPicture, previousAtMs: number): Map<number, Track> {
  const pairs = picture.detections.flatMap((detection, index) =>
    tracks.flatMap((track) => {
      const cost = costOf(track, detection, picture, previousAtMs);
      return cost === null ? [] : [{ track, index, cost }];
    }),
  );
  const trackOf = new Map<number, Track>();
  const taken = new Set<Track>();
  for (const { track, index } of pairs.sort((a, b) => a.cost - b.cost)) {
    if (taken.has(track) || trackOf.has(index)) continue;
    taken.add(track);
    trackOf.set(index, track);
  }
  return trackOf;
}

/** 0 is where it was expected; null when it cannot be the same thing. */
function costOf(
  track: Track,
  detection: Detection,
  { atMs, aspect }: TrackedPicture,
  previousAtMs: number,
): number | null {
  if (groupOf(track.label) !== groupOf(detection.label)) return null;
  const areaRatio = area(track.box) / area(detection.box);
  if (!(areaRatio < AREA_RATIO_AT_MOST && areaRatio > 1 / AREA_RATIO_AT_MOST)) return null;
  const elapsedMs = Math.max(0, atMs - track.lastSeenAtMs);
  const expected = predicted(track, elapsedMs);
  const from = centre(expected);
  const to = centre(detection.box);
  // In picture heights, so that a step to the side counts as much as one downwards.
  const distance = Math.hypot((to.x - from.x) * aspect, to.y - from.y);
  const longerSide = Math.max(track.box.width * aspect, track.box.height);
  const reach = Math.min(REACH.atMost, REACH.atRest + (REACH.perSecond * elapsedMs) / 1_000) * longerSide;
  if (distance > reach) return null;
  const isHidden = track.lastSeenAtMs !== previousAtMs;
  if (isHidden && (touchesEdge(track.box) || touchesEdge(detection.box))) {
    const last = centre(track.box);
    const moved = Math.hypot((to.x - last.x) * aspect, to.y - last.y);
    if (Math.min(distance, moved) > REACH.atRest * longerSide) return null;
  }
  return distance / longerSide + 0.5 * (1 - overlap(expected, detection.box));
}

function predicted(track: Track, elapsedMs: number): FractionBox {
  const seconds = Math.min(elapsedMs, PREDICT_AT_MOST_MS) / 1_000;
  return {
    ...track.box,
    left: track.box.left + track.velocity.x * seconds,
    top: track.box.top + track.velocity.y * seconds,
  };
}

const touchesEdge = ({ left, top, width, height }: FractionBox): boolean =>
  Math.min(left, top, 1 - left - width, 1 - top - height) < PICTURE_EDGE;
const centre = (box: FractionBox) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
const area = (box: FractionBox): number => Math.max(box.width * box.height, 1e-6);
