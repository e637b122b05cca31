import { describe, expect, test } from "vitest";
import type { CameraFault, CameraState } from "#contract/cameras.ts";
import { judge, notYetSeen, type Verdict } from "./health-policy.ts";
import type { StreamFigures } from "./stream-figures.ts";

const online: CameraState = {
  status: "online",
  sinceAtMs: 5,
  format: { family: "h264", codec: "avc1.4D401E", hasBFrames: false },
};
const down = (fault: CameraFault, sinceAtMs = 7): CameraState => ({
  status: "down",
  sinceAtMs,
  fault,
  detail: "",
});
const good: StreamFigures = { fps: 15, bitrateKbps: 500, lostFraction: 0 };
const losing = (lostFraction: number): StreamFigures => ({ ...good, lostFraction });
const atRate = (fps: number): StreamFigures => ({ ...good, fps });

/** Looks every 2 s from 0 on, each figures for so many seconds; promised are 15 pictures a second. */
function after(...spans: [figures: StreamFigures | null, seconds: number][]): Verdict[] {
  let verdict = judge(notYetSeen(0), { atMs: 0, state: online, figures: null, promisedFps: 15 });
  let atMs = 0;
  const seen: Verdict[] = [];
  for (const [figures, seconds] of spans) {
    for (const end = atMs + seconds * 1_000; atMs < end; ) {
      atMs += 2_000;
      const next = judge(verdict, { atMs, state: online, figures, promisedFps: 15 });
      if (next.status !== verdict.status || next.reason !== verdict.reason) seen.push(next);
      verdict = next;
    }
  }
  return seen;
}
const words = (verdicts: Verdict[]) => verdicts.map(({ status, reason }) => [status, reason]);

describe("by the tap's state", () => {
  test.each<[CameraFault, string]>([
    ["unauthorized", "unauthorized"],
    ["frozen", "frozen"],
    ["refused", "offline"],
    ["unreachable", "offline"],
    ["timeout", "offline"],
    ["not_found", "offline"],
    ["unsupported_codec", "offline"],
    ["no_video", "offline"],
    ["dropped", "offline"],
    ["protocol", "offline"],
  ])("%s is %s, with the fault as its reason", (fault, status) => {
    const verdict = judge(notYetSeen(0), {
      atMs: 9,
      state: down(fault),
      figures: null,
      promisedFps: undefined,
    });
    expect(verdict).toMatchObject({ status, reason: fault, sinceAtMs: 7 });
  });

  test("what is connecting is what it was, and unknown before anything was seen", () => {
    const connecting: CameraState = { status: "connecting", sinceAtMs: 9 };
    const look = { atMs: 9, state: connecting, figures: null, promisedFps: undefined };
    expect(judge(notYetSeen(3), look)).toEqual(notYetSeen(3));
    const before = judge(notYetSeen(0), { ...look, state: down("timeout") });
    expect(judge(before, look)).toEqual(before);
  });

  test("an offline camera that fails in another way is offline since the beginning", () => {
    const look = { atMs: 9, figures: null, promisedFps: undefined };
    const first = judge(notYetSeen(0), { ...look, state: down("dropped", 100) });
    const second = judge(first, { ...look, state: down("refused", 200) });
    expect(second).toMatchObject({ status: "offline", reason: "refused", sinceAtMs: 100 });
    expect(judge(second, { ...look, state: online })).toMatchObject({ status: "online", sinceAtMs: 5 });
  });

  test("what a degraded camera lost does not count once it was connected anew", () => {
    const [degraded] = after([losing(0.1), 30]);
    if (!degraded) throw new Error("it was to be degraded");
    const look = { atMs: 99_000, figures: losing(0.1), promisedFps: 15 };
    const offline = judge(degraded, { ...look, state: down("dropped") });
    expect(judge(offline, { ...look, state: online }).status).toBe("online");
  });
});

describe("by its figures", () => {
  test.each<[string, [StreamFigures | null, number][], [string, string | null][]]>([
    ["good figures stay online", [[good, 300]], []],
    ["no figures say nothing", [[null, 300]], []],
    ["a loss of 5 % degrades", [[losing(0.05), 60]], [["degraded", "packet_loss"]]],
    ["a loss of 1.5 % does not", [[losing(0.015), 60]], []],
    [
      "a short loss does not",
      [
        [losing(0.5), 18],
        [good, 60],
      ],
      [],
    ], // prettier-ignore
    ["a third of the promised rate degrades", [[atRate(5), 60]], [["degraded", "low_frame_rate"]]],
    ["half of it does not: cameras do so in the dark", [[atRate(7.5), 60]], []],
    ["no picture at all degrades", [[atRate(0), 60]], [["degraded", "low_frame_rate"]]],
    [
      "loss is named before its consequence",
      [[{ ...losing(0.3), fps: 4 }, 60]],
      [["degraded", "packet_loss"]],
    ],
    [
      "it recovers once the figures were good for long enough",
      [
        [losing(0.05), 30],
        [good, 30],
      ],
      [
        ["degraded", "packet_loss"],
        ["online", null],
      ],
    ],
    [
      "just below the border it stays degraded",
      [
        [losing(0.05), 30],
        [losing(0.015), 300],
      ],
      [["degraded", "packet_loss"]],
    ],
    [
      "a short good time does not end it",
      [
        [atRate(3), 30],
        [good, 10],
        [atRate(3), 60],
      ],
      [["degraded", "low_frame_rate"]],
    ],
    [
      "the reason follows when one trouble gives way to another",
      [
        [losing(0.05), 30],
        [atRate(3), 30],
      ],
      [
        ["degraded", "packet_loss"],
        ["degraded", "low_frame_rate"],
      ],
    ],
  ])("%s", (_, spans, expected) => expect(words(after(...spans))).toEqual(expected));

  test("at the border it does not flap", () => {
    const wavering = Array.from({ length: 200 }, (_, i): [StreamFigures, number] => [
      losing(i % 2 ? 0.025 : 0.005),
      6,
    ]);
    expect(after(...wavering)).toEqual([]);
    expect(words(after([losing(0.1), 30], ...wavering))).toEqual([["degraded", "packet_loss"]]);
  });

  test("a camera that promised no rate is not measured by one", () => {
    const look = { state: online, figures: atRate(1), promisedFps: undefined };
    let verdict = judge(notYetSeen(0), { ...look, atMs: 0 });
    for (let atMs = 0; atMs < 60_000; atMs += 2_000) verdict = judge(verdict, { ...look, atMs });
    expect(verdict.status).toBe("online");
  });
});
