import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CALM,
  endHappening,
  type HappeningState,
  observeHappening,
  resumeHappening,
  type Signal,
  type Turn,
  watchSilence,
} from "./happening.ts";

const DELAYS = { startAfterMs: 3_000, endAfterMs: 5_000 };
const SIGNALS = { "+": "on", "~": "maybe", "-": "off" } as const;

/** One signal a second, from second `fromS` on: `+` on, `~` maybe, `-` off. */
function play(signals: string, start: HappeningState = CALM, fromS = 0) {
  let state = start;
  const turns: Turn[] = [];
  for (const [index, sign] of [...signals].entries()) {
    const signal: Signal = SIGNALS[sign as keyof typeof SIGNALS]; // the strings below hold nothing else
    const step = observeHappening(state, { atMs: (fromS + index) * 1_000, signal }, DELAYS);
    state = step.state;
    turns.push(...step.turns);
  }
  return { state, turns };
}

test("what holds for long enough starts, once, at the moment it began", () => {
  expect(play("++++++").turns).toEqual([{ kind: "started", atMs: 3_000, startedAtMs: 0 }]);
});

test("what holds too briefly starts nothing, and belief alone does not either", () => {
  expect(play("++-+++-+").turns).toEqual([]);
  expect(play("+~~~~~~").turns).toEqual([]);
  expect(play("+~~~+").turns).toHaveLength(1);
});

test("a lapse shorter than the delay ends nothing", () => {
  expect(play("++++-+----+++").turns.map(({ kind }) => kind)).toEqual(["started"]);
});

test("an end counts from where it began to be mere belief", () => {
  const { turns, state } = play("+++++~~~---");
  expect(turns[1]).toEqual({ kind: "ended", atMs: 10_000, startedAtMs: 0, untilAtMs: 5_000 });
  expect(state).toEqual(CALM);
});

test("belief alone ends nothing", () => {
  expect(play(`++++${"~".repeat(20)}`).turns.map(({ kind }) => kind)).toEqual(["started"]);
});

test("half a minute without a picture ends it with the reason, at the last moment that is known", () => {
  const { state } = play("+++++");
  expect(watchSilence(state, 34_000).turns).toEqual([]);
  expect(watchSilence(state, 34_001).turns).toEqual([
    { kind: "ended", atMs: 4_000, startedAtMs: 0, untilAtMs: 4_000, reason: "no_pictures" },
  ]);
});

test("only what runs can be ended", () => {
  expect(endHappening(CALM, "camera_removed").turns).toEqual([]);
  expect(endHappening(play("++").state, "camera_removed").turns).toEqual([]);
  expect(endHappening(play("++++").state, "closed").turns).toMatchObject([{ reason: "closed" }]);
});

test("after a reload of two minutes the same one goes on", () => {
  const { state } = play("++++");
  const { turns } = play("+++------", resumeHappening(state, 120_000), 120);
  expect(turns).toMatchObject([{ kind: "ended", startedAtMs: 0, untilAtMs: 123_000 }]);
});

test("whatever comes when, starts and ends alternate and nothing lasts less than no time", () => {
  const delayMs = fc.integer({ min: 0, max: 6_000 });
  const observe = fc.record({
    kind: fc.constant("observe" as const),
    signal: fc.constantFrom<Signal>("on", "maybe", "off"),
    delays: fc.record({ startAfterMs: delayMs, endAfterMs: delayMs }),
  });
  const other = fc.record({ kind: fc.constantFrom("silence" as const, "end" as const, "resume" as const) });
  const action = fc.oneof({ weight: 10, arbitrary: observe }, { weight: 2, arbitrary: other });
  const stepMs = fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -200_000, max: 200_000 }) },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(stepMs, action), { maxLength: 80 }), (steps) => {
      let atMs = 1_000_000;
      let state = CALM;
      let running = false;
      for (const [afterMs, what] of steps) {
        atMs += afterMs;
        if (what.kind === "resume") {
          state = resumeHappening(state, atMs);
          continue;
        }
        const step =
          what.kind === "observe"
            ? observeHappening(state, { atMs, signal: what.signal }, what.delays)
            : what.kind === "silence"
              ? watchSilence(state, atMs)
              : endHappening(state, "station_stopped");
        state = step.state;
        for (const turn of step.turns) {
          expect(turn.kind === "started").toBe(!running);
          running = turn.kind === "started";
          expect(turn.atMs).toBeGreaterThanOrEqual(turn.startedAtMs);
          if (turn.kind === "ended") expect(turn.untilAtMs).toBeGreaterThanOrEqual(turn.startedAtMs);
        }
        expect(state.kind === "running").toBe(running);
      }
    }),
    { numRuns: 500 },
  );
});
