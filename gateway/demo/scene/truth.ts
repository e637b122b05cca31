import { type TrueBox, trueBoxesAt } from "./scene.ts";
import { SCENE } from "./story.ts";

export type SceneTruth = {
  widthPx: number;
  heightPx: number;
  fps: number;
  lengthMs: number;
  /** One entry a second: everybody of whom anything can be seen. */
  seconds: { atMs: number; people: TrueBox[] }[];
  /** When each person is at least half inside the picture. */
  tracks: { trackId: number; fromMs: number; toMs: number }[];
  /** When at least so many people are at least half inside the picture. */
  queuePeriods: { minPeople: number; fromMs: number; toMs: number }[];
};

/** Everything a test may expect of the clip, made by what draws it. */
export function sceneTruth(): SceneTruth {
  const frames = Array.from({ length: (SCENE.lengthMs * SCENE.fps) / 1000 }, (_, index) => {
    const atMs = Math.round((index * 1000) / SCENE.fps);
    return { atMs, people: trueBoxesAt(atMs) };
  });
  const present = frames.map(({ atMs, people }) => ({
    atMs,
    trackIds: people.filter((person) => person.visible >= 0.5).map((person) => person.trackId),
  }));
  const trackIds = [...new Set(present.flatMap((frame) => frame.trackIds))].sort((a, b) => a - b);
  const periods = (holds: (trackIds: number[]) => boolean) =>
    periodsOf(present.map((frame) => ({ atMs: frame.atMs, holds: holds(frame.trackIds) })));
  return {
    ...SCENE,
    seconds: frames
      .filter(({ atMs }) => atMs % 1000 === 0)
      .map(({ atMs, people }) => ({ atMs, people: people.map(rounded) })),
    tracks: trackIds.flatMap((trackId) =>
      periods((inside) => inside.includes(trackId)).map((period) => ({ trackId, ...period })),
    ),
    queuePeriods: [1, 2, 3, 4, 5].flatMap((minPeople) =>
      periods((inside) => inside.length >= minPeople).map((period) => ({ minPeople, ...period })),
    ),
  };
}

function periodsOf(frames: { atMs: number; holds: boolean }[]): { fromMs: number; toMs: number }[] {
  const found: { fromMs: number; toMs: number }[] = [];
  let fromMs: number | undefined;
  for (const { atMs, holds } of [...frames, { atMs: SCENE.lengthMs, holds: false }]) {
    if (holds) fromMs ??= atMs;
    else if (fromMs !== undefined) {
      found.push({ fromMs, toMs: atMs });
      fromMs = undefined;
    }
  }
  return found;
}

/** Four decimals are a fifteenth of a pixel. */
function rounded(box: TrueBox): TrueBox {
  const round = (value: number): number => Math.round(value * 10_000) / 10_000;
  return {
    trackId: box.trackId,
    left: round(box.left),
    top: round(box.top),
    width: round(box.width),
    height: round(box.height),
    visible: round(box.visible),
  };
}
