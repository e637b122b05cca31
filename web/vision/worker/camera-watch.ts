import { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import type { Shop } from "#contract/zones.ts";
import type { Detection } from "../detector.ts";
import { NO_PLATES, PlateMemory } from "../plates/plate-memory.ts";
import type { SeenObject } from "../station.ts";
import type { UsualFinds } from "./asked-model.ts";
import {
  addPicture,
  addPlate,
  addSkipped,
  closeIfOver,
  type MeasuredPicture,
  MinuteWindow,
} from "./minute-metrics.ts";
import { isInside, positionOf } from "./rules/geometry.ts";
import type { EndReason } from "./rules/happening.ts";
import { ClearPoints, followCrossings } from "./rules/line-crossings.ts";
import { rulesOfPlate, type SeenPlate } from "./rules/plate-rules.ts";
import { countIn, movePlaces, Place, type Stay } from "./rules/presence.ts";
import { endRules, observeRules, passRules, RuleBook, resumeRules, type Word } from "./rules/rule-book.ts";
import { PICTURE, type Scene } from "./rules/scene.ts";
import { type EventOrigin, type MeasuredBy, metricsEvent, plateEvent, ruleEvent } from "./station-events.ts";
import { followTracks, newTracker, TrackerState } from "./tracker.ts";

/** All a station knows of one camera. Plain data: kept on disk, so that a reload changes nothing. */
export const WatchState = z.object({
  tracker: TrackerState,
  places: z.array(Place),
  clear: ClearPoints,
  book: RuleBook,
  window: MinuteWindow.nullable(),
  /** So that no vehicle is told twice, and the vote on one goes on. */
  plates: PlateMemory.default(NO_PLATES),
  /** By the gateway's clock; 0 before the first picture. */
  lastPictureAtMs: z.number(),
  /** What analysed the open window. */
  by: z.object({ model: z.string(), executionProvider: z.string() }),
  /** Under which it was last looked at. */
  lease: z.object({ stationId: z.string(), fence: z.number() }).nullable(),
});
export type WatchState = z.infer<typeof WatchState>;

export const newWatch = (by: MeasuredBy): WatchState => ({
  tracker: newTracker(),
  places: [],
  clear: {},
  book: {},
  window: null,
  plates: NO_PLATES,
  lastPictureAtMs: 0,
  by,
  lease: null,
});

/** The camera as it is drawn and ruled now. */
export type CameraView = EventOrigin & { scene: Scene; shop: Shop | null };

export type LookedAt = {
  atMs: number;
  aspect: number;
  detections: Detection[];
  /** Null: no detector saw it. */
  detectMs: number | null;
  by: MeasuredBy;
  /** What the model finds without being asked for more; more is for the cameras that asked. */
  usual?: UsualFinds;
};

export type WatchStep = { state: WatchState; events: EventRecord[] };

/** One picture further: identities, places, crossings, the rules and the minute's sums. */
export function lookAt(
  before: WatchState,
  picture: LookedAt,
  view: CameraView,
): WatchStep & { objects: SeenObject[] } {
  const { atMs, aspect, by } = picture;
  const { scene, shop } = view;
  const detections = picture.detections.filter((one) => isLookedFor(one, scene, picture.usual)).map(rounded);
  const { state: tracker, seen, steady } = followTracks(before.tracker, { detections, atMs, aspect });
  const look = { seen, steady, atMs, aspect, trackIds: new Set(tracker.tracks.map(({ id }) => id)) };
  const { places, stays } = movePlaces(before.places, look, scene.areas);
  const { clear, crossings } = followCrossings(before.clear, look, scene.lines);
  const rules = observeRules(before.book, { atMs, places, stays, objects: steady }, { scene, shop });
  const measured = { ...measuredOf(scene, places, stays, atMs), atMs, objects: steady, crossings };
  const minute = addPicture(before.window, { ...measured, detectMs: picture.detectMs });
  return {
    state: {
      ...before,
      tracker,
      places,
      clear,
      book: rules.book,
      window: minute.window,
      lastPictureAtMs: atMs,
      by,
      lease: view.lease,
    },
    objects: steady,
    events: eventsOf(view, rules.words, minute.closed, before.by),
  };
}

/** What stands in a mask, is not certain enough, or was asked for by other cameras is not seen at all. */
function isLookedFor(
  { label, score, box }: Detection,
  { masks, minScores, askedLabels }: Scene,
  usual: UsualFinds | undefined,
): boolean {
  if (score < (minScores[label] ?? usual?.minScore ?? 0)) return false;
  if (usual && !usual.labels.has(label) && !askedLabels.includes(label)) return false;
  const position = positionOf({ label, box });
  return !masks.some((mask) => isInside(mask, position));
}

/** To a ten-thousandth of the picture: states go to disk, and from station to station. */
function rounded(detection: Detection): Detection {
  const { left, top, width, height } = detection.box;
  return {
    ...detection,
    box: { left: fine(left), top: fine(top), width: fine(width), height: fine(height) },
  };
}

const fine = (fraction: number): number => Math.round(fraction * 10_000) / 10_000;

function measuredOf(
  { areas, lines }: Scene,
  places: Place[],
  stays: Stay[],
  atMs: number,
): Pick<MeasuredPicture, "lineIds" | "zones" | "stayMs"> {
  const people = stays.filter(({ label }) => label === "person");
  const stayMsIn = (areaId: string) =>
    people.filter((stay) => stay.areaId === areaId).map(({ durationMs }) => durationMs);
  const zones = areas
    .filter(({ id }) => id !== PICTURE)
    .map(({ id }) => {
      const { present } = countIn(places, id, atMs, ({ label }) => label === "person");
      return [id, { people: present, stayMs: stayMsIn(id) }] as const;
    });
  return {
    lineIds: lines.map(({ id }) => id),
    zones: Object.fromEntries(zones),
    stayMs: stayMsIn(PICTURE),
  };
}

/** Goes on where an earlier life of the station, a few minutes ago at most, had to leave off. */
export const resumeWatch = (before: WatchState, atMs: number): WatchState => ({
  ...before,
  book: resumeRules(before.book, atMs),
});

/** Time passes without a picture: a minute is over; what is silent, closed or ruled otherwise now ends. */
export function passTime(before: WatchState, nowMs: number, view: CameraView): WatchStep {
  const rules = passRules(before.book, nowMs, view);
  const minute = closeIfOver(before.window, nowMs);
  return {
    state: { ...before, book: rules.book, window: minute.window },
    events: eventsOf(view, rules.words, minute.closed, before.by),
  };
}

/** Nobody looks at this camera any more: what runs ends, and the open minute is told as far as it came. */
export function endWatch(before: WatchState, reason: EndReason, origin: EventOrigin): WatchStep {
  const rules = endRules(before.book, reason);
  const plates = { ...before.plates, vehicles: [] }; // they go by the ids of the tracker
  return {
    state: {
      ...before,
      tracker: newTracker(),
      places: [],
      clear: {},
      book: rules.book,
      window: null,
      plates,
    },
    events: eventsOf(origin, rules.words, before.window, before.by),
  };
}

/** Somebody is followed. */
export const isBusy = ({ tracker }: WatchState): boolean => tracker.tracks.length > 0;

/** A picture in which nothing moved since the last look, with nobody in it: it counts, and no detector saw it. */
export const stillPicture = (before: WatchState, atMs: number, view: CameraView) =>
  lookAt(before, { atMs, aspect: 1, detections: [], detectMs: null, by: before.by }, view);

/** A picture came that was not looked at, because a newer one was. */
export const skipPicture = (before: WatchState): WatchState => ({
  ...before,
  window: addSkipped(before.window),
});

/** A plate was read: an event for each rule it fulfils. To be called once for a vehicle's passage. */
export function onPlate(before: WatchState, seen: SeenPlate, view: CameraView): WatchStep {
  const rules = rulesOfPlate(view.scene, view.shop, seen);
  return {
    state: { ...before, window: addPlate(before.window) },
    events: rules.map((rule) => plateEvent(view, rule, seen)),
  };
}

function eventsOf(
  origin: EventOrigin,
  words: Word[],
  closed: MinuteWindow | null,
  by: MeasuredBy,
): EventRecord[] {
  const told = words.map((word) => ruleEvent(origin, word));
  return closed ? [...told, metricsEvent(origin, closed, by)] : told;
}
