import type { FractionBox } from "#contract/payloads.ts";
import type { SeenObject } from "../../hooks/use-station.ts";

/** What was seen in one picture, and when the picture was taken in. */
export type Look = { receivedAtMs: number; objects: SeenObject[] };

export type MovingBox = SeenObject & {
  /** How long the box takes to glide to its place; 0 puts it there at once. */
  glideMs: number;
};

/** Two looks further apart say nothing about where somebody goes in between. */
const LONGEST_GAP_MS = 2_000;

/**
 * Where the boxes glide to until the next look. Looks are about a second apart and the live picture goes on: a box that
 * stood still until the next look would trail behind whoever walks. Each track goes on as it went between the last two.
 */
export function movingBoxes(before: Look | null, now: Look): MovingBox[] {
  const gapMs = before ? now.receivedAtMs - before.receivedAtMs : 0;
  const canTell = gapMs > 0 && gapMs <= LONGEST_GAP_MS;
  const earlier = new Map(before?.objects.map((object) => [object.trackId, object.box]));
  return now.objects.map((object) => {
    const from = canTell ? earlier.get(object.trackId) : undefined;
    return from ? { ...object, box: goneOn(from, object.box), glideMs: gapMs } : { ...object, glideMs: 0 };
  });
}

/** Moves on by the way it went; its size stays, for a step changes the width of a walking person to and fro. */
const goneOn = (from: FractionBox, to: FractionBox): FractionBox => ({
  ...to,
  left: to.left + middle(to.left, to.width) - middle(from.left, from.width),
  top: to.top + middle(to.top, to.height) - middle(from.top, from.height),
});

const middle = (start: number, size: number): number => start + size / 2;
