import { expect, test } from "vitest";
import type { CameraFault, CameraState } from "#contract/cameras.ts";
import type { Attempt } from "./attempt.ts";
import type { TransportChoice } from "./choose-transport.ts";
import type { PlayerState } from "./player.ts";
import { describeState, isSameState, type Situation } from "./player-state.ts";
import type { SessionStats, TransportSession } from "./transport.ts";
import type { Way } from "./way.ts";

const NOW = 100_000;
const session = {} as TransportSession; // the state does not touch it
const best: TransportChoice = { kind: "use", transport: "webrtc", reason: "best" };
const online: CameraState = {
  status: "online",
  sinceAtMs: 0,
  format: { family: "h264", codec: "avc1.4D401E", hasBFrames: false },
};

function stats(overrides: Partial<SessionStats>): SessionStats {
  return {
    fps: 15,
    bitrateKbps: 500,
    latencyMs: 100,
    framesDecoded: 100,
    framesDropped: 0,
    decoder: null,
    bytesAtMs: NOW - 100,
    alikeSinceMs: null,
    ...overrides,
  };
}

function attempt({
  stats: figures,
  ...overrides
}: Partial<Omit<Attempt, "stats">> & { stats?: object } = {}) {
  return {
    transport: "webrtc",
    stream: "sub",
    reason: "best",
    session,
    openedAtMs: 50_000,
    firstPictureAtMs: 51_000,
    lastPictureAtMs: NOW - 400,
    size: { widthPx: 640, heightPx: 360 },
    stats: stats(figures ?? {}),
    lateSinceMs: null,
    ended: false,
    ...overrides,
  } satisfies Attempt;
}

const still = { lastPictureAtMs: NOW - 5_000 };
const first = { firstPictureAtMs: null, lastPictureAtMs: 0, stats: { bytesAtMs: 0 } };

function way(overrides: Partial<Way> = {}): Way {
  return { link: "up", camera: online, isTold: true, clockAheadMs: null, ...overrides };
}

function down(fault: CameraFault, nextTryAtMs?: number): Way {
  const next = nextTryAtMs === undefined ? {} : { nextTryAtMs };
  return way({ camera: { status: "down", sinceAtMs: NOW - 10_000, fault, detail: "said so", ...next } });
}

function given(situation: Partial<Situation>): Situation {
  return {
    nowMs: NOW,
    choice: best,
    isPinned: false,
    shown: null,
    trying: null,
    bridge: null,
    way: way(),
    waitingSinceMs: NOW - 2_000,
    lastNewAtMs: null,
    ...situation,
  };
}

const CASES: [string, Partial<Situation>, Partial<PlayerState> & { status: PlayerState["status"] }][] = [
  // nothing was there yet
  [
    "nothing came yet",
    { trying: attempt(first) },
    { status: "connecting", transport: "webrtc", reason: "best" },
  ],
  ["nothing may be tried yet", {}, { status: "connecting", transport: "webrtc" }],
  [
    "nothing came for 8 s though all is well",
    { trying: attempt(first), waitingSinceMs: NOW - 8_000 },
    { status: "stalled", cause: "no_bytes", lastPictureAtMs: null },
  ],
  [
    "bytes come for 8 s and no picture",
    { trying: attempt({ ...first, stats: {} }), waitingSinceMs: NOW - 8_000 },
    { status: "stalled", cause: "no_pictures", lastPictureAtMs: null },
  ],
  // it moves
  [
    "pictures come",
    { shown: attempt() },
    { status: "playing", transport: "webrtc", reason: "best", stream: "sub", widthPx: 640, heightPx: 360 },
  ],
  [
    "pictures come, but the gateway's own connection is refused",
    { shown: attempt(), way: down("refused") },
    { status: "playing", notice: "refused" },
  ],
  [
    "pictures come, and the gateway cannot be reached",
    { shown: attempt(), way: way({ link: "lost" }) },
    { status: "playing" },
  ],
  [
    "another transport plays until the chosen one does",
    { shown: attempt({ transport: "hls" }), isPinned: true },
    { status: "playing", transport: "hls", reason: "until_pinned" },
  ],
  [
    "another transport plays until the best one does",
    { shown: attempt({ transport: "direct", reason: "while_connecting" }) },
    { status: "playing", transport: "direct", reason: "while_connecting" },
  ],
  [
    "the last picture is 2.9 s old",
    { shown: attempt({ lastPictureAtMs: NOW - 2_900 }) },
    { status: "playing" },
  ],
  // it stands still
  [
    "the last picture is 3 s old, and nothing comes",
    {
      shown: attempt({ lastPictureAtMs: NOW - 3_000, stats: { bytesAtMs: NOW - 3_000 } }),
      lastNewAtMs: NOW - 3_000,
    },
    { status: "stalled", cause: "no_bytes", lastPictureAtMs: NOW - 3_000 },
  ],
  [
    "bytes come, and nothing is decoded",
    { shown: attempt(still), lastNewAtMs: NOW - 5_000 },
    { status: "stalled", cause: "no_pictures", lastPictureAtMs: NOW - 5_000 },
  ],
  [
    "it ended, and bytes of a new try come",
    {
      shown: attempt({ ...still, ended: true }),
      trying: attempt({ ...first, stats: {} }),
      lastNewAtMs: NOW - 400,
    },
    { status: "stalled", cause: "no_pictures", lastPictureAtMs: NOW - 400 },
  ],
  [
    "it lags",
    { shown: attempt({ lateSinceMs: NOW - 1_000, stats: { latencyMs: 4_100 } }) },
    { status: "stalled", cause: "late", lastPictureAtMs: 95_000 },
  ],
  ["it lagged for a moment", { shown: attempt({ lateSinceMs: NOW - 500 }) }, { status: "playing" }],
  [
    "it was given up for lagging",
    { shown: attempt({ lateSinceMs: NOW - 9_000, ended: true }), lastNewAtMs: NOW - 400 },
    { status: "stalled", cause: "late", lastPictureAtMs: NOW - 400 },
  ],
  // it only seems to move
  [
    "all pictures are alike",
    { shown: attempt({ stats: { alikeSinceMs: NOW - 7_000 } }) },
    { status: "frozen", transport: "webrtc", lastPictureAtMs: NOW - 7_000 },
  ],
  [
    "the gateway calls it frozen, and pictures come",
    { shown: attempt(), way: down("frozen"), lastNewAtMs: NOW - 20_000 },
    { status: "frozen", transport: "webrtc", lastPictureAtMs: NOW - 20_000 },
  ],
  [
    "the gateway calls it frozen before anything was shown",
    { way: { ...down("frozen"), clockAheadMs: 2_000 } },
    { status: "frozen", transport: null, lastPictureAtMs: NOW - 10_000 - 2_000 - 15_000 },
  ],
  [
    "the gateway called it frozen, and cannot be reached",
    { shown: attempt(still), way: { ...down("frozen"), link: "lost" }, lastNewAtMs: NOW - 20_000 },
    { status: "offline", fault: "network", lastPictureAtMs: NOW - 20_000 },
  ],
  [
    "pictures were alike, and then none came",
    { shown: attempt({ ...still, stats: { alikeSinceMs: NOW - 9_000 } }), lastNewAtMs: NOW - 9_000 },
    { status: "stalled", lastPictureAtMs: NOW - 9_000 },
  ],
  // it is known why
  [
    "the camera does not answer",
    { shown: attempt(still), way: down("timeout", 5), lastNewAtMs: NOW - 5_000 },
    { status: "offline", fault: "timeout", detail: "said so", nextTryAtMs: 5, lastPictureAtMs: NOW - 5_000 },
  ],
  [
    "the camera is off from the start",
    { way: down("unreachable", 5) },
    { status: "offline", fault: "unreachable", lastPictureAtMs: null },
  ],
  ["the password is wrong", { way: down("unauthorized") }, { status: "unauthorized", detail: "said so" }],
  ["there is no such path", { way: down("not_found", 5) }, { status: "offline", fault: "not_found" }],
  ["the gateway is gone", { way: way({ link: "lost" }) }, { status: "offline", fault: "network" }],
  [
    "the gateway is gone, and had said the password was wrong",
    { way: { ...down("unauthorized"), link: "lost" } },
    { status: "offline", fault: "network" },
  ],
  // it cannot be played
  [
    "nothing in this browser plays it",
    { choice: { kind: "none", fault: "unsupported_browser", detail: "no" } },
    { status: "unsupported", fault: "unsupported_browser", detail: "no" },
  ],
  [
    "the gateway cannot read the codec, and nothing else is tried",
    { way: down("unsupported_codec") },
    { status: "unsupported", fault: "unsupported_codec", detail: "said so" },
  ],
  [
    "the gateway cannot read the codec, but the media server may",
    { way: down("unsupported_codec"), trying: attempt(first) },
    { status: "connecting" },
  ],
  [
    "the gateway cannot read the codec, and the media server does not either",
    { way: down("unsupported_codec"), trying: attempt(first), waitingSinceMs: NOW - 8_000 },
    { status: "unsupported", fault: "unsupported_codec" },
  ],
];

test.each(CASES)("when %s", (_name, situation, expected) => {
  expect(describeState(given(situation))).toMatchObject(expected);
});

test("no notice where there is no trouble", () => {
  expect(describeState(given({ shown: attempt() }))).not.toHaveProperty("notice");
});

test("a change of anything is a change, and nothing else", () => {
  const playing = describeState(given({ shown: attempt() }));
  expect(isSameState(playing, describeState(given({ shown: attempt(), nowMs: NOW + 100 })))).toBe(true);
  const troubled = describeState(given({ shown: attempt(), way: down("refused") }));
  expect(isSameState(playing, troubled)).toBe(false);
  expect(isSameState(troubled, playing)).toBe(false);
  expect(isSameState(playing, { status: "idle" })).toBe(false);
});
