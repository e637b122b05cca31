/** How far another clock is ahead of ours (negative: behind), true to within half of `roundTripMs`. */
export type ClockReading = { offsetMs: number; roundTripMs: number };

/** One question and its answer: when we asked and heard, by our clock, and what the other one said, by its own. */
export type ClockAnswer = { sentAtMs: number; theirAtMs: number; heardAtMs: number };

/** Asked every 15 s these are two minutes, in which two clocks drift apart by some 6 ms at most. */
const KEPT = 8;
/** Clocks tell whole milliseconds, and a machine that sleeps a little between reading and sending lies a little. */
const SLACK_MS = 10;

/** Reads another machine's clock as NTP does: of the newest answers the one that travelled least counts. */
export function createClockOffset() {
  let kept: ClockReading[] = [];

  return function hear({ sentAtMs, theirAtMs, heardAtMs }: ClockAnswer): ClockReading | null {
    const roundTripMs = heardAtMs - sentAtMs;
    if (roundTripMs < 0)
      kept = []; // our clock was set back meanwhile: what it said before is void
    else {
      const reading = { offsetMs: theirAtMs - (sentAtMs + heardAtMs) / 2, roundTripMs };
      if (kept.some((before) => !mayBothBeTrue(before, reading))) kept = []; // one of the clocks was set
      kept = [...kept.slice(1 - KEPT), reading];
    }
    return kept.reduce<ClockReading | null>(
      (best, reading) => (best && best.roundTripMs < reading.roundTripMs ? best : reading),
      null,
    );
  };
}

function mayBothBeTrue(one: ClockReading, other: ClockReading): boolean {
  return Math.abs(one.offsetMs - other.offsetMs) <= (one.roundTripMs + other.roundTripMs) / 2 + SLACK_MS;
}
