import { expect, test } from "vitest";
import { createClockOffset } from "./clock-offset.ts";

/** A gateway whose clock is `aheadMs` ahead, behind a way that takes so long there and back. */
function aWay(aheadMs: number) {
  let nowMs = 1_000_000;
  const hear = createClockOffset();
  let ahead = aheadMs;
  return {
    setAhead: (ms: number) => {
      ahead = ms;
    },
    ask(thereMs: number, backMs: number) {
      const sentAtMs = nowMs;
      nowMs += thereMs + backMs + 15_000;
      return hear({
        sentAtMs,
        theirAtMs: sentAtMs + thereMs + ahead,
        heardAtMs: sentAtMs + thereMs + backMs,
      });
    },
  };
}

test("a quick way tells the offset, and slow answers later do not spoil it", () => {
  const way = aWay(7_200_000);
  expect(way.ask(2, 2)).toEqual({ offsetMs: 7_200_000, roundTripMs: 4 });
  expect(way.ask(5, 900)).toEqual({ offsetMs: 7_200_000, roundTripMs: 4 });
});

test("a better answer replaces a worse one, and the error stays within half of the round trip", () => {
  const way = aWay(-500);
  expect(way.ask(0, 300)?.offsetMs).toBe(-650);
  expect(way.ask(3, 5)).toEqual({ offsetMs: -501, roundTripMs: 8 });
});

test("a good answer is forgotten after a while: clocks drift apart", () => {
  const way = aWay(0);
  way.ask(1, 1);
  for (let i = 0; i < 8; i++) way.ask(20, 20);
  expect(way.ask(20, 20)?.roundTripMs).toBe(40);
});

test("a clock that is set is believed with the next answer, however slow", () => {
  const way = aWay(100);
  for (let i = 0; i < 3; i++) way.ask(1, 1);
  way.setAhead(5_000);
  expect(way.ask(40, 40)).toEqual({ offsetMs: 5_000, roundTripMs: 80 });
});

test("an answer that seems to come before its question tells nothing", () => {
  const hear = createClockOffset();
  hear({ sentAtMs: 1_000, theirAtMs: 1_000, heardAtMs: 1_002 });
  expect(hear({ sentAtMs: 2_000, theirAtMs: 2_000, heardAtMs: 900 })).toBeNull();
});
