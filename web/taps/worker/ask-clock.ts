import type { TapClock } from "#contract/taps.ts";
import { createClockOffset } from "../../lib/clock-offset.ts";

/** So many questions one after the other at the start: the first ones travel among the first pictures. */
const QUICK_QUESTIONS = 5;
const QUICK_MS = 400;
const LATER_MS = 15_000;

type AskClockDeps = {
  /** Has the gateway asked; false while there is no link. */
  ask(sentAtMs: number): boolean;
  /** The best reading so far; only when it changed. */
  onClock(clock: TapClock): void;
  nowMs: () => number;
};

/** Asks for the gateway's clock as long as there is a link to it. */
export function createAskClock({ ask, onClock, nowMs }: AskClockDeps) {
  const hear = createClockOffset();
  let best: TapClock | null = null;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function next(): void {
    clearTimeout(timer);
    if (!ask(nowMs())) return;
    asked += 1;
    timer = setTimeout(next, asked < QUICK_QUESTIONS ? QUICK_MS : LATER_MS);
  }

  return {
    clock: () => best,
    /** There is a link, a new one. */
    start(): void {
      asked = 0;
      next();
    },
    stop: () => clearTimeout(timer),
    hear(sentAtMs: number, gatewayAtMs: number): void {
      const reading = hear({ sentAtMs, theirAtMs: gatewayAtMs, heardAtMs: nowMs() });
      if (!reading || (best && sameReading(best, reading))) return;
      best = { type: "clock", ...reading };
      onClock(best);
    },
  };
}

function sameReading(one: Omit<TapClock, "type">, other: Omit<TapClock, "type">): boolean {
  return one.offsetMs === other.offsetMs && one.roundTripMs === other.roundTripMs;
}
