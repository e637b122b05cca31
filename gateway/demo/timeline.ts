import type { Clip, ClipFrame } from "./clip.ts";

/** A clip looped for ever from one instant on. Frames are numbered through all loops, in decoding order. */
export type Timeline = {
  startedAtMs: number;
  frame(number: number): ClipFrame;
  dueAtMs(number: number): number;
  /** Since the first loop's start: goes on rising where the clip begins again. */
  presentationMs(number: number): number;
  /** The newest frame a camera would have sent by now; -1 before the first. */
  newestDue(nowMs: number): number;
  keyAtOrBefore(number: number): number;
  keyAtOrAfter(number: number): number;
};

/** Every reader of a camera follows its one timeline, so that two readers always see the same picture. */
export function createTimeline(clip: Clip, startedAtMs: number): Timeline {
  const { frames, lengthMs } = clip;
  const firstDueMs = frames[0]?.dueMs ?? 0;
  const frame = (number: number): ClipFrame => {
    const found = frames[number % frames.length];
    if (found === undefined) throw new Error(`there is no frame ${number}`);
    return found;
  };
  const loopMs = (number: number): number => Math.floor(number / frames.length) * lengthMs;

  function newestDue(nowMs: number): number {
    const elapsedMs = nowMs - startedAtMs - firstDueMs;
    if (elapsedMs < 0) return -1;
    const loop = Math.floor(elapsedMs / lengthMs);
    const untilMs = elapsedMs - loop * lengthMs + firstDueMs;
    let low = 0;
    let high = frames.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (frame(middle).dueMs <= untilMs) low = middle;
      else high = middle - 1;
    }
    return loop * frames.length + low;
  }

  function keyFrom(number: number, step: 1 | -1): number {
    let at = Math.max(0, number);
    while (!frame(at).isKey) at += step;
    return at;
  }

  return {
    startedAtMs,
    frame,
    dueAtMs: (number) => startedAtMs + loopMs(number) + frame(number).dueMs,
    presentationMs: (number) => loopMs(number) + frame(number).presentationMs,
    newestDue,
    keyAtOrBefore: (number) => keyFrom(number, -1),
    keyAtOrAfter: (number) => keyFrom(number, 1),
  };
}
