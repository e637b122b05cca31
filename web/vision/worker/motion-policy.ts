import type { Picture } from "../detector.ts";
import { createMotionGate } from "./motion-gate.ts";

/** However still a picture is, a detector sees one in each such piece of time. */
const LOOK_AT_LEAST_EVERY_MS = 20_000;
/** After motion so many pictures are looked at, still or not: a detector may miss somebody in one of them. */
const LOOKS_AFTER_MOTION = 3;
/** What is new in so many pictures in a row and makes nobody busy is furniture. */
const FURNITURE_AFTER = 4;

export type Verdict = { kind: "look"; moved: boolean } | { kind: "still" };

type MotionPolicyDeps = {
  /** Somebody is followed or a happening runs at this camera. */
  isBusy(): boolean;
  /** Where in a piece of time its look falls, 0 to 1: cameras that differ in it are looked at in different seconds. */
  phase?: number;
  lookAtLeastEveryMs?: number;
};

/** Which pictures of one camera a detector must see: all in which something moved, all while it is busy, and some. */
export function createMotionPolicy({
  isBusy,
  phase = 0,
  lookAtLeastEveryMs = LOOK_AT_LEAST_EVERY_MS,
}: MotionPolicyDeps) {
  const gate = createMotionGate();
  let looksLeft = 0;
  let movedInARow = 0;
  let lookedIn = Number.NaN;

  /** Time is cut into pieces: the first picture of each is looked at, whenever the last look was. */
  const pieceAt = (atMs: number): number => Math.floor(atMs / lookAtLeastEveryMs + phase);

  return {
    /** `atMs` is the picture's time, by any clock that does not jump. */
    judge(picture: Picture, atMs: number): Verdict {
      const busy = isBusy();
      const { moved } = gate.judge(picture, busy);
      movedInARow = moved && !busy ? movedInARow + 1 : 0;
      if (moved) looksLeft = LOOKS_AFTER_MOTION;
      if (movedInARow >= FURNITURE_AFTER) {
        gate.accept();
        movedInARow = 0;
      }
      const piece = pieceAt(atMs);
      if (!busy && looksLeft === 0 && piece === lookedIn) return { kind: "still" };
      looksLeft = Math.max(0, looksLeft - 1);
      lookedIn = piece;
      return { kind: "look", moved };
    },
    /** The picture that was to be looked at was not: it failed, or a newer one took its place. */
    lost(): void {
      looksLeft = Math.max(looksLeft, 1);
    },
  };
}
export type MotionPolicy = ReturnType<typeof createMotionPolicy>;
