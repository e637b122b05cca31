import type { Fault } from "./faults.ts";
import type { RtpStream } from "./rtp-stream.ts";
import type { Timeline } from "./timeline.ts";

const SENDER_REPORT_EVERY_MS = 5_000;
/** A new reader waits this long for the next key frame; when it is further off, it is given the group from the last one. */
const KEY_FRAME_PATIENCE_MS = 1_000;
/** The process or its clock stood still: what was due meanwhile is not made up for. */
const LEAP_MS = 5_000;
/** How often a picture that lags is looked at again: the fault may be over. */
const LAG_LOOK_MS = 50;

type PlayingDeps = {
  timeline: Timeline;
  stream: RtpStream;
  fault: () => Fault | undefined;
  /** When the fault began. */
  faultSinceMs: () => number;
  random: () => number;
  write: (bytes: Buffer) => void;
  /** Bytes written and not yet taken by the reader. */
  waitingBytes: () => number;
  /** Above this the reader is too slow, and goes on with the next key frame. */
  maxWaitingBytes: number;
};

export type Playing = {
  /** Presentation time of the picture that comes first. */
  firstMs: number;
  /** Sends what is due, and says when the next picture will be. */
  advance(nowMs: number): number;
};

/** One reader's way along a camera's timeline. Always begins with a key frame. */
export function createPlaying(deps: PlayingDeps, startAtMs: number): Playing {
  const { timeline, stream } = deps;
  let next = firstFrame(timeline, startAtMs - lagOf(deps.fault()));
  let needsKey = true;
  let advancedAtMs = startAtMs;
  let reportedAtMs = Number.NEGATIVE_INFINITY;

  /** What is sent for a frame; nothing where the reader must wait for the next key frame. */
  function choose(number: number): { content: number; presentationMs: number } | undefined {
    const kind = deps.fault()?.kind;
    const sendsNothing = kind === "freeze" || kind === "black_hole";
    if (sendsNothing || deps.waitingBytes() > deps.maxWaitingBytes) needsKey = true;
    if (sendsNothing) return undefined;
    if (kind === "frozen_picture") {
      needsKey = true;
      const content = timeline.keyAtOrBefore(timeline.newestDue(deps.faultSinceMs()));
      return { content, presentationMs: timeline.dueAtMs(number) - timeline.startedAtMs };
    }
    const { isKey } = timeline.frame(number);
    if (deps.waitingBytes() > deps.maxWaitingBytes || (needsKey && !isKey)) return undefined;
    needsKey = false;
    return { content: number, presentationMs: timeline.presentationMs(number) };
  }

  function send(number: number): void {
    const chosen = choose(number);
    if (chosen === undefined) return;
    const dueAtMs = timeline.dueAtMs(number);
    if (dueAtMs - reportedAtMs >= SENDER_REPORT_EVERY_MS) {
      reportedAtMs = dueAtMs;
      deps.write(stream.senderReport(chosen.presentationMs, timeline.startedAtMs + chosen.presentationMs));
    }
    const fault = deps.fault();
    const lostFraction = fault?.kind === "loss" ? fault.fraction : 0;
    const isLost = (): boolean => lostFraction > 0 && deps.random() < lostFraction;
    const packets = stream.picture(timeline.frame(chosen.content).payloads, chosen.presentationMs, isLost);
    if (packets.length > 0) deps.write(packets);
  }

  return {
    firstMs: timeline.presentationMs(next),
    advance(nowMs) {
      const lagMs = lagOf(deps.fault());
      if (Math.abs(nowMs - advancedAtMs) > LEAP_MS) {
        next = firstFrame(timeline, nowMs - lagMs);
        needsKey = true;
      }
      advancedAtMs = nowMs;
      while (timeline.dueAtMs(next) + lagMs <= nowMs) send(next++);
      // a lag may end at any time: looked for as if there were none
      return lagMs > 0
        ? Math.min(timeline.dueAtMs(next) + lagMs, nowMs + LAG_LOOK_MS)
        : timeline.dueAtMs(next);
    },
  };
}

const lagOf = (fault: Fault | undefined): number => (fault?.kind === "lag" ? fault.ms : 0);

function firstFrame(timeline: Timeline, nowMs: number): number {
  const newest = timeline.newestDue(nowMs);
  const coming = timeline.keyAtOrAfter(newest);
  return timeline.dueAtMs(coming) - nowMs <= KEY_FRAME_PATIENCE_MS ? coming : timeline.keyAtOrBefore(newest);
}
