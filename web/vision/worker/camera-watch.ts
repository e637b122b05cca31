import { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import type { Detection } from "../detector.ts";
import type { SeenObject } from "../station.ts";
import { addPicture, addSkipped, closeIfOver, MinuteWindow } from "./minute-metrics.ts";
import {
  CALM,
  endQueue,
  observeQueue,
  type QueueEndReason,
  type QueueHappening,
  QueueState,
  resumeQueue,
  watchSilence,
} from "./queue-rule.ts";
import { type EventOrigin, type MeasuredBy, metricsEvent, queueEvent } from "./station-events.ts";
import { followTracks, newTracker, TrackerState } from "./tracker.ts";

/** All a station knows of one camera. Plain data: kept on disk, so that a reload changes nothing. */
export const WatchState = z.object({
  tracker: TrackerState,
  queue: QueueState,
  window: MinuteWindow.nullable(),
  /** By the gateway's clock; 0 before the first picture. */
  lastPictureAtMs: z.number(),
  /** What analysed the open window. */
  by: z.object({ model: z.string(), executionProvider: z.string() }),
});
export type WatchState = z.infer<typeof WatchState>;

export const newWatch = (by: MeasuredBy): WatchState => ({
  tracker: newTracker(),
  queue: CALM,
  window: null,
  lastPictureAtMs: 0,
  by,
});

export type LookedAt = {
  atMs: number;
  aspect: number;
  detections: Detection[];
  detectMs: number;
  by: MeasuredBy;
};

export type WatchStep = { state: WatchState; events: EventRecord[] };

/** One picture further: identities, the queue rule and the minute's sums. */
export function lookAt(
  before: WatchState,
  picture: LookedAt,
  camera: EventOrigin & { queueThreshold: number },
): WatchStep & { objects: SeenObject[] } {
  const { atMs, by } = picture;
  const tracking = followTracks(before.tracker, picture);
  const objects = tracking.steady;
  const count = objects.filter(({ label }) => label === "person").length;
  const left = tracking.gone.filter((track) => track.label === "person" && track.sightings > 1).length;
  const queue = observeQueue(before.queue, { atMs, count, left }, camera.queueThreshold);
  const minute = addPicture(before.window, { atMs, objects, detectMs: picture.detectMs });
  return {
    state: {
      tracker: tracking.state,
      queue: queue.state,
      window: minute.window,
      lastPictureAtMs: atMs,
      by,
    },
    objects,
    events: eventsOf(camera, queue.happenings, minute.closed, before.by),
  };
}

/** Goes on where an earlier life of the station, a few minutes ago at most, had to leave off. */
export const resumeWatch = (before: WatchState, atMs: number): WatchState => ({
  ...before,
  queue: resumeQueue(before.queue, atMs),
});

/** Time passes without a picture: a minute is over, a silent queue ends. */
export function passTime(before: WatchState, nowMs: number, camera: EventOrigin): WatchStep {
  const queue = watchSilence(before.queue, nowMs);
  const minute = closeIfOver(before.window, nowMs);
  return {
    state: { ...before, queue: queue.state, window: minute.window },
    events: eventsOf(camera, queue.happenings, minute.closed, before.by),
  };
}

/** Nobody looks at this camera any more: what runs ends, and the open minute is told as far as it came. */
export function endWatch(before: WatchState, reason: QueueEndReason, camera: EventOrigin): WatchStep {
  const queue = endQueue(before.queue, reason);
  return {
    state: { ...before, tracker: newTracker(), queue: queue.state, window: null },
    events: eventsOf(camera, queue.happenings, before.window, before.by),
  };
}

/** A picture came that was not looked at, because a newer one was. */
export const skipPicture = (before: WatchState): WatchState => ({
  ...before,
  window: addSkipped(before.window),
});

function eventsOf(
  camera: EventOrigin,
  happenings: QueueHappening[],
  closed: MinuteWindow | null,
  by: MeasuredBy,
): EventRecord[] {
  const queueEvents = happenings.map((happening) => queueEvent(camera, happening));
  return closed ? [...queueEvents, metricsEvent(camera, closed, by)] : queueEvents;
}
