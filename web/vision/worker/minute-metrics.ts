import { z } from "zod";
import type { SeenObject } from "../station.ts";
import type { Crossing } from "./rules/line-crossings.ts";

/** Stays that ended, in ms. */
const StayMs = z.array(z.number());

/** What one camera showed in one minute of the gateway's clock. Plain data, so that it can be kept across a reload. */
export const MinuteWindow = z.object({
  startAtMs: z.number(),
  framesAnalysed: z.int(),
  /** Came, but a newer one was looked at instead, or nothing had moved. */
  framesSkipped: z.int(),
  /** Pictures the sums are over: those analysed, and those known to show the same. */
  framesCounted: z.int(),
  detectMsSum: z.number(),
  labels: z.record(z.string(), z.object({ sum: z.int(), max: z.int() })),
  trackIds: z.array(z.int()),
  /** By line id. */
  lines: z.record(z.string(), z.object({ entries: z.int(), exits: z.int() })),
  /** People by zone id. */
  zones: z.record(z.string(), z.object({ sum: z.int(), max: z.int(), stayMs: StayMs })),
  /** People's stays in the picture. */
  stayMs: StayMs,
  platesSeen: z.int(),
});
export type MinuteWindow = z.infer<typeof MinuteWindow>;

export const WINDOW_MS = 60_000;
/** Pictures on their way when a minute ends still belong to it. */
const LATE_MS = 2_000;
/** More of one minute would be a fault, and is written to disk again and again. */
const STAYS_AT_MOST = 300;

export type MeasuredPicture = {
  atMs: number;
  objects: SeenObject[];
  /** Null: no detector saw it, since nothing moved where nobody was. */
  detectMs: number | null;
  lineIds: string[];
  crossings: Crossing[];
  /** By zone id. */
  zones: Record<string, { people: number; stayMs: number[] }>;
  /** Stays in the picture that ended. */
  stayMs: number[];
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

export const addPlate = (before: MinuteWindow | null): MinuteWindow | null =>
  before && { ...before, platesSeen: before.platesSeen + 1 };

export function closeIfOver(before: MinuteWindow | null, nowMs: number): WindowStep {
  const isOver = before !== null && nowMs >= before.startAtMs + WINDOW_MS + LATE_MS;
  return isOver ? { window: null, closed: before } : { window: before, closed: null };
}

/** Mean and 95th percentile (nearest rank); null of none. */
export function dwellOf(stayMs: readonly number[]): { meanMs: number; p95Ms: number } | null {
  if (stayMs.length === 0) return null;
  const sorted = [...stayMs].sort((a, b) => a - b);
  return {
    meanMs: sorted.reduce((sum, one) => sum + one, 0) / sorted.length,
    p95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0,
  };
}

const emptyWindow = (startAtMs: number): MinuteWindow => ({
  startAtMs,
  framesAnalysed: 0,
  framesSkipped: 0,
  framesCounted: 0,
  detectMsSum: 0,
  labels: { person: { sum: 0, max: 0 } },
  trackIds: [],
  lines: {},
  zones: {},
  stayMs: [],
  platesSeen: 0,
});

function withPicture(window: MinuteWindow, picture: MeasuredPicture): MinuteWindow {
  const labels = { ...window.labels };
  const counts = new Map<string, number>();
  for (const { label } of picture.objects) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const [label, count] of counts) {
    const sums = labels[label] ?? { sum: 0, max: 0 };
    labels[label] = { sum: sums.sum + count, max: Math.max(sums.max, count) };
  }
  const wasAnalysed = picture.detectMs !== null;
  return {
    ...window,
    framesAnalysed: window.framesAnalysed + (wasAnalysed ? 1 : 0),
    framesSkipped: window.framesSkipped + (wasAnalysed ? 0 : 1),
    framesCounted: window.framesCounted + 1,
    detectMsSum: window.detectMsSum + (picture.detectMs ?? 0),
    labels,
    trackIds: [...new Set([...window.trackIds, ...picture.objects.map(({ trackId }) => trackId)])],
    lines: withCrossings(window.lines, picture),
    zones: withZones(window.zones, picture),
    stayMs: withStays(window.stayMs, picture.stayMs),
  };
}

function withCrossings(
  before: MinuteWindow["lines"],
  { lineIds, crossings }: MeasuredPicture,
): MinuteWindow["lines"] {
  const lines = { ...before };
  for (const id of lineIds) lines[id] ??= { entries: 0, exits: 0 };
  for (const { lineId, way } of crossings) {
    const { entries, exits } = lines[lineId] ?? { entries: 0, exits: 0 };
    lines[lineId] = way === "entry" ? { entries: entries + 1, exits } : { entries, exits: exits + 1 };
  }
  return lines;
}

function withZones(before: MinuteWindow["zones"], picture: MeasuredPicture): MinuteWindow["zones"] {
  const zones = { ...before };
  for (const [zoneId, { people, stayMs }] of Object.entries(picture.zones)) {
    const sums = zones[zoneId] ?? { sum: 0, max: 0, stayMs: [] };
    zones[zoneId] = {
      sum: sums.sum + people,
      max: Math.max(sums.max, people),
      stayMs: withStays(sums.stayMs, stayMs),
    };
  }
  return zones;
}

const withStays = (before: number[], more: number[]): number[] =>
  more.length === 0 ? before : [...before, ...more].slice(0, STAYS_AT_MOST);
