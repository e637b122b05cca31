import fc from "fast-check";
import { expect, test } from "vitest";
import type { SeenObject } from "../station.ts";
import {
  addPicture,
  addSkipped,
  closeIfOver,
  dwellOf,
  type MeasuredPicture,
  type MinuteWindow,
} from "./minute-metrics.ts";

const box = { left: 0, top: 0, width: 0.1, height: 0.1 };
const objects = (...labels: string[]): SeenObject[] =>
  labels.map((label, index) => ({ trackId: index + 1, label, score: 0.9, box }));
const picture = (
  atMs: number,
  labels: string[] = [],
  more: Partial<MeasuredPicture> = {},
): MeasuredPicture => ({
  atMs,
  objects: objects(...labels),
  detectMs: 40,
  lineIds: [],
  crossings: [],
  zones: {},
  stayMs: [],
  ...more,
});

test("a minute holds its pictures' counts, highest and tracks, each track once", () => {
  let window: MinuteWindow | null = null;
  for (const next of [
    picture(60_000, ["person", "person", "car"]),
    picture(61_000, ["person"]),
    picture(119_999, []),
  ]) {
    window = addPicture(window, next).window;
  }
  expect(addSkipped(window)).toEqual({
    startAtMs: 60_000,
    framesAnalysed: 3,
    framesSkipped: 1,
    framesCounted: 3,
    detectMsSum: 120,
    labels: { person: { sum: 3, max: 2 }, car: { sum: 1, max: 1 } },
    trackIds: [1, 2, 3],
    lines: {},
    zones: {},
    stayMs: [],
    platesSeen: 0,
  });
});

test("the first picture of the next minute closes the one before", () => {
  const first = addPicture(null, picture(59_000));
  const second = addPicture(first.window, picture(60_000));
  expect(second.closed).toEqual(first.window);
  expect(second.window?.startAtMs).toBe(60_000);
});

test("a minute without pictures gives nothing", () => {
  expect(closeIfOver(null, 1_000_000)).toEqual({ window: null, closed: null });
  expect(addSkipped(null)).toBeNull();
});

test("without further pictures a minute is closed by the clock, a little late", () => {
  const { window } = addPicture(null, picture(30_000));
  expect(closeIfOver(window, 61_000).closed).toBeNull();
  expect(closeIfOver(window, 62_000)).toEqual({ window: null, closed: window });
});

test("a picture that comes after its minute was closed changes nothing", () => {
  const { window } = addPicture(null, picture(60_500));
  expect(addPicture(window, picture(59_900))).toEqual({ window, closed: null });
});

test("every picture of rising time is counted in exactly one minute", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 40 }), (gapsMs) => {
      let window: MinuteWindow | null = null;
      const closed: MinuteWindow[] = [];
      let atMs = 0;
      for (const gapMs of gapsMs) {
        atMs += gapMs;
        const idle = closeIfOver(window, atMs - 1);
        const step = addPicture(idle.window, picture(atMs));
        window = step.window;
        closed.push(...[idle.closed, step.closed].filter((one) => one !== null));
      }
      const all = window ? [...closed, window] : closed;
      expect(all.reduce((sum, one) => sum + one.framesAnalysed, 0)).toBe(gapsMs.length);
      expect(new Set(all.map((one) => one.startAtMs)).size).toBe(all.length);
    }),
  );
});

test("lines, zones and stays are summed over the minute, a line nobody crossed too", () => {
  const lineIds = ["door", "back"];
  let window: MinuteWindow | null = null;
  for (const next of [
    picture(60_000, [], { lineIds, crossings: [{ lineId: "door", way: "entry" }] }),
    picture(61_000, [], { zones: { till: { people: 3, stayMs: [] } } }),
    picture(62_000, [], {
      lineIds,
      crossings: [
        { lineId: "door", way: "entry" },
        { lineId: "door", way: "exit" },
      ],
      zones: { till: { people: 1, stayMs: [4_000] } },
      stayMs: [9_000],
    }),
  ]) {
    window = addPicture(window, next).window;
  }
  expect(window).toMatchObject({
    lines: { door: { entries: 2, exits: 1 }, back: { entries: 0, exits: 0 } },
    zones: { till: { sum: 4, max: 3, stayMs: [4_000] } },
    stayMs: [9_000],
  });
});

test("a picture that shows the same counts in the sums, but not as analysed", () => {
  const { window } = addPicture(null, picture(60_000, ["person"]));
  expect(addPicture(window, picture(61_000, ["person"], { detectMs: null })).window).toMatchObject({
    framesAnalysed: 1,
    framesSkipped: 1,
    framesCounted: 2,
    detectMsSum: 40,
    labels: { person: { sum: 2, max: 1 } },
  });
});

test("dwell is the mean of the stays, and what nineteen of twenty are below or at", () => {
  expect(dwellOf([])).toBeNull();
  expect(dwellOf([5])).toEqual({ meanMs: 5, p95Ms: 5 });
  expect(dwellOf(Array.from({ length: 20 }, (_, index) => 20 - index))).toEqual({ meanMs: 10.5, p95Ms: 19 });
});
