import type { Picture } from "../detector.ts";
import { createMotionGate } from "./motion-gate.ts";

/**
 * However still a camera is, a detector sees one picture in each such piece of time, in case it missed somebody. Whoever
 * is there came with motion: the longer ago that was, the less there is to find.
 */
const PIECE_MS = { first: 20_000, later: 60_000 };
/** So long after motion, or after somebody was followed, pieces are short. */
const FIRST_FOR_MS = 60_000;
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
};

/** Which pictures of one camera a detector must see: all in which something moved, all while it is busy, and some. */
export function createMotionPolicy({ isBusy, phase = 0 }: MotionPolicyDeps) {
  const gate = createMotionGate();
  let looksLeft = 0;
  let movedInARow = 0;
  let lookedAtMs = Number.NaN;
  let stirredAtMs = Number.NEGATIVE_INFINITY;

  /** Time is cut into pieces: the first picture of each is looked at, however late in the one before the last look was. */
  function isInNewPiece(atMs: number): boolean {
    const lengthMs = atMs - stirredAtMs < FIRST_FOR_MS ? PIECE_MS.first : PIECE_MS.later;
    const pieceOf = (timeMs: number): number => Math.floor(timeMs / lengthMs + phase);
    return pieceOf(atMs) !== pieceOf(lookedAtMs);
  }

  return {
    /** `atMs` is the picture's time, by any clock that does not jump. */
    judge(picture: Picture, atMs: number): Verdict {
      const busy = isBusy();
      const { moved } = gate.judge(picture, busy);
      movedInARow = moved && !busy ? movedInARow + 1 : 0;
      if (moved) looksLeft = LOOKS_AFTER_MOTION;
      if (moved || busy) stirredAtMs = atMs;
      if (movedInARow >= FURNITURE_AFTER) {
        gate.accept();
        movedInARow = 0;
      }
      if (!busy && looksLeft === 0 && !isInNewPiece(atMs)) return { kind: "still" };
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
