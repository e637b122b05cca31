import { z } from "zod";
import type { SeenObject } from "../station.ts";

/** What one camera showed in one minute of the gateway's clock. Plain data, so that it can be kept across a reload. */
export const MinuteWindow = z.object({
  startAtMs: z.number(),
  framesAnalysed: z.int(),
  /** Came, but a newer one was looked at instead. */
  framesSkipped: z.int(),
  detectMsSum: z.number(),
  labels: z.record(z.string(), z.object({ sum: z.int(), max: z.int() })),
  trackIds: z.array(z.int()),
});
export type MinuteWindow = z.infer<typeof MinuteWindow>;

export const WINDOW_MS = 60_000;
/** Pictures on their way when a minute ends still belong to it. */
const LATE_MS = 2_000;

export type MeasuredPicture = {
  atMs: number;
  objects: SeenObject[];
  detectMs: number;
};

type WindowStep = { window: MinuteWindow | null; closed: MinuteWindow | null };

/** Counts a picture into its minute. One that comes after its minute was closed is left out of the sums. */
export function addPicture(before: MinuteWindow | null, picture: MeasuredPicture): WindowStep {
  const startAtMs = Math.floor(picture.atMs / WINDOW_MS) * WINDOW_MS;
  const isLate = before !== null && startAtMs === before.startAtMs - WINDOW_MS;
  if (isLate) return { window: before, closed: null };
  const isOpen = before?.startAtMs === startAtMs;
  const window = isOpen ? before : emptyWindow(startAtMs);
  return { window: withPicture(window, picture), closed: isOpen ? null : before };
}

/** Counts a picture that was not looked at; nothing to say of a minute in which none was. */
export const addSkipped = (before: MinuteWindow | null): MinuteWindow | null =>
  before && { ...before, framesSkipped: before.framesSkipped + 1 };

export function closeIfOver(before: MinuteWindow | null, nowMs: number): WindowStep {
  const isOver = before !== null && nowMs >= before.startAtMs + WINDOW_MS + LATE_MS;
  return isOver ? { window: null, closed: before } : { window: before, closed: null };
}

const emptyWindow = (startAtMs: number): MinuteWindow => ({
  startAtMs,
  framesAnalysed: 0,
  framesSkipped: 0,
  detectMsSum: 0,
  labels: { person: { sum: 0, max: 0 } },
  trackIds: [],
});

function withPicture(window: MinuteWindow, picture: MeasuredPicture): MinuteWindow {
  const labels = { ...window.labels };
  const counts = new Map<string, number>();
  for (const { label } of picture.objects) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const [label, count] of counts) {
    const sums = labels[label] ?? { sum: 0, max: 0 };
    labels[label] = { sum: sums.sum + count, max: Math.max(sums.max, count) };
  }
  return {
    ...window,
    framesAnalysed: window.framesAnalysed + 1,
    detectMsSum: window.detectMsSum + picture.detectMs,
    labels,
    trackIds: [...new Set([...window.trackIds, ...picture.objects.map(({ trackId }) => trackId)])],
  };
}
