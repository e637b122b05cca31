import type { Picture } from "../detector.ts";
import { createMotionGate } from "./motion-gate.ts";

/** However still a picture is, a detector sees one so often. */
const LOOK_AT_LEAST_EVERY_MS = 20_000;
/** After motion so many pictures are looked at, still or not: a detector may miss somebody in one of them. */
const LOOKS_AFTER_MOTION = 3;
/** What is new in so many pictures in a row and makes nobody busy is furniture. */
const FURNITURE_AFTER = 4;
/** A picture due at the end of the time may come a little early. */
const EARLY_MS = 200;

export type Verdict = { kind: "look"; moved: boolean } | { kind: "still" };

type MotionPolicyDeps = {
  /** Somebody is followed or a happening runs at this camera. */
  isBusy(): boolean;
  lookAtLeastEveryMs?: number;
};

/** Which pictures of one camera a detector must see: all in which something moved, all while it is busy, and some. */
export function createMotionPolicy({
  isBusy,
  lookAtLeastEveryMs = LOOK_AT_LEAST_EVERY_MS,
}: MotionPolicyDeps) {
  const gate = createMotionGate();
  let looksLeft = 0;
  let movedInARow = 0;
  let lookedAtMs = Number.NEGATIVE_INFINITY;

  return {
    /** `atMs` is the picture's time, by any clock that does not jump; where it jumps back, a detector looks. */
    judge(picture: Picture, atMs: number): Verdict {
      const busy = isBusy();
      const { moved } = gate.judge(picture, busy);
      movedInARow = moved && !busy ? movedInARow + 1 : 0;
      if (moved) looksLeft = LOOKS_AFTER_MOTION;
      if (movedInARow >= FURNITURE_AFTER) {
        gate.accept();
        movedInARow = 0;
      }
      const sinceMs = atMs - lookedAtMs;
      const isTime = sinceMs >= lookAtLeastEveryMs - EARLY_MS || sinceMs < 0;
      if (!busy && looksLeft === 0 && !isTime) return { kind: "still" };
      looksLeft = Math.max(0, looksLeft - 1);
      lookedAtMs = atMs;
      return { kind: "look", moved };
    },
    /** The picture that was to be looked at was not: it failed, or a newer one took its place. */
    lost(): void {
      looksLeft = Math.max(looksLeft, 1);
    },
  };
}
export type MotionPolicy = ReturnType<typeof createMotionPolicy>;
