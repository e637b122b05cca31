import { anId, STORE_ID } from "#contract/examples.ts";
import type { CameraZones } from "#contract/zones.ts";
import type { Detection } from "../detector.ts";
import { type CameraView, endWatch, lookAt, newWatch, type WatchState } from "./camera-watch.ts";
import { aZone, zonesOf } from "./rules/scene.memory.ts";
import { createScene } from "./rules/scene.ts";

// For tests: what happens on clips, written down by looking at them, and what the rules make of what the default model
// found in them (e2e/bench/accuracy/detect-clips.ts).

type Row = readonly (string | number)[];
export type ClipDetections = Record<string, { aspect: number; looks: Row[][] }>;

/** Seconds of the clip: the first in which it is so, and the first in which it is no more, or the last one. */
export type Span = { fromS: number; untilS: number };
export type ExpectedClip = { clip: string; what: string; zones: CameraZones; spans: Span[] };

const somebody = { kind: "restricted_area" as const };
const QUEUE = { kind: "queue" as const, startAfterS: 2, endAfterS: 2 };
/** Left of the striped tape on the floor. */
const LEFT_OF_TAPE = aZone([
  { x: 0, y: 0.5 },
  { x: 0.48, y: 0.5 },
  { x: 0.32, y: 0.8 },
  { x: 0.26, y: 1 },
  { x: 0, y: 1 },
]);

/** By eye, from one picture a second; whoever is in the picture with more than the head counts as there. */
export const EXPECTED: ExpectedClip[] = [
  {
    clip: "one-by-one-person-detection-40s",
    what: "visits",
    zones: zonesOf({ rules: [somebody] }),
    spans: [
      { fromS: 6, untilS: 20 },
      { fromS: 23, untilS: 40 },
    ],
  },
  {
    clip: "classroom-preview-pingpong",
    what: "four who sit there",
    zones: zonesOf({ rules: [{ ...QUEUE, threshold: 4 }] }),
    spans: [{ fromS: 0, untilS: 11 }],
  },
  {
    clip: "store-aisle-detection-preview-pingpong",
    what: "two, and at times a third",
    zones: zonesOf({ rules: [{ ...QUEUE, threshold: 3 }] }),
    spans: [
      { fromS: 2, untilS: 7 },
      { fromS: 11, untilS: 16 },
    ],
  },
  {
    clip: "bottle-detection",
    what: "nobody, only arms",
    zones: zonesOf({ rules: [somebody] }),
    spans: [],
  },
  {
    clip: "bottle-detection",
    what: "bottles",
    zones: zonesOf({ rules: [{ kind: "forbidden_object", labels: ["bottle"], afterS: 0 }] }),
    spans: [{ fromS: 0, untilS: 39 }],
  },
  {
    clip: "worker-zone-detection-preview-pingpong",
    what: "a worker beyond the tape",
    zones: zonesOf({ zones: [LEFT_OF_TAPE], rules: [{ ...somebody, zoneId: LEFT_OF_TAPE.id }] }),
    spans: [
      { fromS: 3, untilS: 7 },
      { fromS: 12, untilS: 17 },
    ],
  },
];

/** What the rules tell of a clip, one look a second; the station is stopped at its end. */
export function toldOf(expected: ExpectedClip, clips: ClipDetections): Span[] {
  const clip = clips[expected.clip];
  if (!clip) throw new Error(`nothing was detected on ${expected.clip}`);
  const scene = createScene({ queueThreshold: 100, zones: expected.zones });
  const view: CameraView = { storeId: STORE_ID, cameraId: anId(), lease: null, scene, shop: null };
  const by = { model: "yolox-nano", executionProvider: "wasm" };
  // The built-in queue of a hundred is never told.
  let state: WatchState = newWatch(by);
  const events = clip.looks.flatMap((rows, second) => {
    const detections = rows.map(detectionOf);
    const picture = { atMs: second * 1_000, aspect: clip.aspect, detections, detectMs: 1, by };
    const step = lookAt(state, picture, view);
    state = step.state;
    return step.events;
  });
  return [...events, ...endWatch(state, "station_stopped", view).events].flatMap(({ payload }) => {
    if (payload?.state !== "ended") return [];
    const fromS = Date.parse(String(payload.started_at)) / 1_000;
    return [{ fromS, untilS: fromS + Number(payload.duration_s) }];
  });
}

function detectionOf(row: Row): Detection {
  const [label = "", score = 0, left = 0, top = 0, width = 0, height = 0] = row;
  return {
    label: String(label),
    score: Number(score),
    box: { left: Number(left), top: Number(top), width: Number(width), height: Number(height) },
  };
}

export type ClipScore = {
  expected: number;
  told: number;
  right: number;
  /** Of those that are right: how far start and end are from where they were seen, in the mean. */
  startErrorS: number;
  endErrorS: number;
};

/** What was told is right where it overlaps with what was expected; each once, in their order. */
export function scoreOf(expected: Span[], told: Span[]): ClipScore {
  const left = [...told];
  const pairs = expected.flatMap((span) => {
    const at = left.findIndex((one) => one.fromS < span.untilS && one.untilS > span.fromS);
    const [match] = at < 0 ? [] : left.splice(at, 1);
    return match ? [{ span, match }] : [];
  });
  const meanOf = (errors: number[]) =>
    errors.reduce((sum, error) => sum + error, 0) / Math.max(1, errors.length);
  return {
    expected: expected.length,
    told: told.length,
    right: pairs.length,
    startErrorS: meanOf(pairs.map(({ span, match }) => Math.abs(span.fromS - match.fromS))),
    endErrorS: meanOf(pairs.map(({ span, match }) => Math.abs(span.untilS - match.untilS))),
  };
}
