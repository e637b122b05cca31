import { z } from "zod";

/** What is known of something that may be going on. Plain data, so that it can be kept across a reload. */
export const HappeningState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("calm") }),
  /** It looks like it, not yet for long enough. */
  z.object({ kind: z.literal("forming"), sinceAtMs: z.number(), lastAtMs: z.number() }),
  z.object({
    kind: z.literal("running"),
    startedAtMs: z.number(),
    /** The newest picture that was looked at. */
    lastAtMs: z.number(),
    /** Since when it looks over; null while it does not. */
    offSinceAtMs: z.number().nullable(),
  }),
]);
export type HappeningState = z.infer<typeof HappeningState>;
type Running = Extract<HappeningState, { kind: "running" }>;

export const CALM: HappeningState = { kind: "calm" };

/**
 * What a picture says: it is so, it is not, or it is only believed to be so because of what was seen just before.
 * Belief alone starts nothing and ends nothing, but an end counts from where it began to be belief.
 */
export type Signal = "on" | "maybe" | "off";

export type Delays = { startAfterMs: number; endAfterMs: number };

/** Why something ended that did not come to its end before the station's eyes. */
export type EndReason =
  | "no_pictures"
  | "camera_removed"
  | "analysis_off"
  | "station_stopped"
  | "interrupted"
  | "rule_changed"
  | "closed";

/** `untilAtMs` is the last moment it is known to have gone on. */
export type Turn =
  | { kind: "started"; atMs: number; startedAtMs: number }
  | { kind: "ended"; atMs: number; startedAtMs: number; untilAtMs: number; reason?: EndReason };

export type HappeningStep = { state: HappeningState; turns: Turn[] };

/** So long without a picture and nobody knows any more. */
export const SILENT_AFTER_MS = 30_000;

/**
 * One picture further. For any row of signals and times, even times that jump back, `started` and `ended` alternate
 * and durations are never negative.
 */
export function observeHappening(
  before: HappeningState,
  picture: { atMs: number; signal: Signal },
  delays: Delays,
): HappeningStep {
  const silence = watchSilence(before, picture.atMs);
  if (silence.turns.length > 0) {
    const after = observeHappening(silence.state, picture, delays);
    return { state: after.state, turns: [...silence.turns, ...after.turns] };
  }
  if (silence.state.kind === "running") return goOn(silence.state, picture, delays);
  if (picture.signal === "off") return { state: CALM, turns: [] };
  return form(silence.state, picture, delays);
}

/**
 * Ends what nothing was heard of for too long, or whose clock was set back by as much. To be asked also when no
 * pictures come.
 */
export function watchSilence(before: HappeningState, nowMs: number): HappeningStep {
  if (before.kind === "calm" || Math.abs(nowMs - before.lastAtMs) <= SILENT_AFTER_MS) {
    return { state: before, turns: [] };
  }
  return endHappening(before, "no_pictures");
}

/** Ends what runs, at the last moment that is known of it. */
export function endHappening(before: HappeningState, reason: EndReason): HappeningStep {
  if (before.kind !== "running") return { state: CALM, turns: [] };
  return { state: CALM, turns: [{ ...ended(before, before.lastAtMs), reason }] };
}

/** Goes on after a pause in which the station was away, not the camera: the silence is not held against it. */
export function resumeHappening(before: HappeningState, atMs: number): HappeningState {
  return before.kind === "running" ? { ...before, lastAtMs: Math.max(before.lastAtMs, atMs) } : CALM;
}

function form(
  before: Exclude<HappeningState, Running>,
  { atMs, signal }: { atMs: number; signal: Signal },
  { startAfterMs }: Delays,
): HappeningStep {
  const sinceAtMs = before.kind === "forming" ? Math.min(before.sinceAtMs, atMs) : atMs;
  if (signal !== "on" || atMs - sinceAtMs < startAfterMs) {
    return { state: { kind: "forming", sinceAtMs, lastAtMs: atMs }, turns: [] };
  }
  return {
    state: { kind: "running", startedAtMs: sinceAtMs, lastAtMs: atMs, offSinceAtMs: null },
    turns: [{ kind: "started", atMs, startedAtMs: sinceAtMs }],
  };
}

function goOn(
  before: Running,
  picture: { atMs: number; signal: Signal },
  { endAfterMs }: Delays,
): HappeningStep {
  const atMs = Math.max(picture.atMs, before.lastAtMs);
  const offSinceAtMs = picture.signal === "on" ? null : (before.offSinceAtMs ?? atMs);
  const state = { ...before, lastAtMs: atMs, offSinceAtMs };
  const isOver = picture.signal === "off" && atMs - (offSinceAtMs ?? atMs) >= endAfterMs;
  return isOver ? { state: CALM, turns: [ended(state, atMs)] } : { state, turns: [] };
}

const ended = (running: Running, atMs: number) => ({
  kind: "ended" as const,
  atMs,
  startedAtMs: running.startedAtMs,
  untilAtMs: running.offSinceAtMs ?? running.lastAtMs,
});
