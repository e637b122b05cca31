import { z } from "zod";

/** What the rule knows of one camera's queue. Plain data, so that it can be kept across a reload. */
export const QueueState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("calm") }),
  /** Enough people, not yet for long enough. */
  z.object({ kind: z.literal("forming"), sinceAtMs: z.number(), lastAtMs: z.number() }),
  z.object({
    kind: z.literal("running"),
    startedAtMs: z.number(),
    /** The newest picture that was counted. */
    lastAtMs: z.number(),
    length: z.int(),
    maxLength: z.int(),
    /** People who have left since the start. */
    left: z.int(),
    /** Since when too few are there; null while there are enough. */
    belowSinceAtMs: z.number().nullable(),
    /** What was said last, and when. */
    toldLength: z.int(),
    toldAtMs: z.number(),
  }),
]);
export type QueueState = z.infer<typeof QueueState>;
type Running = Extract<QueueState, { kind: "running" }>;

export const CALM: QueueState = { kind: "calm" };

/** One picture: people in it, and how many were given up as gone with it. */
export type QueueObservation = { atMs: number; count: number; left: number };

/** Why a queue ended that did not dissolve before the station's eyes. */
export type QueueEndReason =
  | "no_pictures"
  | "camera_removed"
  | "analysis_off"
  | "station_stopped"
  | "interrupted";

export type QueueHappening = {
  state: "started" | "updated" | "ended";
  atMs: number;
  startedAtMs: number;
  durationMs: number;
  length: number;
  maxLength: number;
  /** Null while nobody has left yet. */
  waitEstimateMs: number | null;
  reason?: QueueEndReason;
};

/**
 * Hysteresis: one missed person neither ends a queue nor does one passer-by start it. `silentAfterMs` without a picture
 * ends it, because nobody knows any more.
 */
export const QUEUE_TIMES = {
  startAfterMs: 3_000,
  endAfterMs: 5_000,
  updateEveryMs: 30_000,
  silentAfterMs: 30_000,
};

type QueueStep = { state: QueueState; happenings: QueueHappening[] };

/**
 * The rule, one picture further. For any row of counts and times, even times that jump back, `started` and `ended`
 * alternate, and durations and lengths are never negative.
 */
export function observeQueue(before: QueueState, picture: QueueObservation, threshold: number): QueueStep {
  const silence = watchSilence(before, picture.atMs);
  if (silence.happenings.length > 0) {
    const after = observeQueue(silence.state, picture, threshold);
    return { state: after.state, happenings: [...silence.happenings, ...after.happenings] };
  }
  if (silence.state.kind === "running") return goOn(silence.state, picture, threshold);
  if (picture.count < threshold) return { state: CALM, happenings: [] };
  return form(silence.state, picture);
}

/**
 * Ends a queue of which nothing was heard for too long, or whose clock was set back by as much. To be asked also when
 * no pictures come.
 */
export function watchSilence(before: QueueState, nowMs: number): QueueStep {
  if (before.kind === "calm" || Math.abs(nowMs - before.lastAtMs) <= QUEUE_TIMES.silentAfterMs) {
    return { state: before, happenings: [] };
  }
  return endQueue(before, "no_pictures");
}

/** Ends a running queue at the last moment that is known of it. */
export function endQueue(before: QueueState, reason: QueueEndReason): QueueStep {
  if (before.kind !== "running") return { state: CALM, happenings: [] };
  const told = happening(before, "ended", before.lastAtMs, before.belowSinceAtMs ?? before.lastAtMs);
  return { state: CALM, happenings: [{ ...told, reason }] };
}

/** Goes on after a pause in which the station was away, not the camera: the silence is not held against the queue. */
export function resumeQueue(before: QueueState, atMs: number): QueueState {
  return before.kind === "running" ? { ...before, lastAtMs: Math.max(before.lastAtMs, atMs) } : CALM;
}

function form(before: Exclude<QueueState, Running>, { atMs, count }: QueueObservation): QueueStep {
  const sinceAtMs = before.kind === "forming" ? Math.min(before.sinceAtMs, atMs) : atMs;
  if (atMs - sinceAtMs < QUEUE_TIMES.startAfterMs) {
    return { state: { kind: "forming", sinceAtMs, lastAtMs: atMs }, happenings: [] };
  }
  const state: Running = {
    kind: "running",
    startedAtMs: sinceAtMs,
    lastAtMs: atMs,
    length: count,
    maxLength: count,
    left: 0,
    belowSinceAtMs: null,
    toldLength: count,
    toldAtMs: atMs,
  };
  return { state, happenings: [happening(state, "started", atMs, atMs)] };
}

function goOn(before: Running, picture: QueueObservation, threshold: number): QueueStep {
  const atMs = Math.max(picture.atMs, before.lastAtMs);
  const { count, left } = picture;
  const belowSinceAtMs = count < threshold ? (before.belowSinceAtMs ?? atMs) : null;
  const state: Running = {
    ...before,
    lastAtMs: atMs,
    length: count,
    maxLength: Math.max(before.maxLength, count),
    left: before.left + left,
    belowSinceAtMs,
  };
  if (belowSinceAtMs !== null) {
    if (atMs - belowSinceAtMs < QUEUE_TIMES.endAfterMs) return { state, happenings: [] };
    return { state: CALM, happenings: [happening(state, "ended", atMs, belowSinceAtMs)] };
  }
  if (count === before.toldLength || atMs - before.toldAtMs < QUEUE_TIMES.updateEveryMs) {
    return { state, happenings: [] };
  }
  const told = { ...state, toldLength: count, toldAtMs: atMs };
  return { state: told, happenings: [happening(told, "updated", atMs, atMs)] };
}

function happening(
  queue: Running,
  state: QueueHappening["state"],
  atMs: number,
  untilMs: number,
): QueueHappening {
  return {
    state,
    atMs,
    startedAtMs: queue.startedAtMs,
    durationMs: untilMs - queue.startedAtMs,
    length: queue.length,
    maxLength: queue.maxLength,
    // As many leave in the time to come as have left so far.
    waitEstimateMs: queue.left > 0 ? (queue.length * (untilMs - queue.startedAtMs)) / queue.left : null,
  };
}
