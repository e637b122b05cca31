import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CameraFault, CameraState, StreamFormat } from "#contract/cameras.ts";
import { aCamera } from "#contract/examples.ts";
import type { MediaState } from "#contract/system.ts";
import type { Route } from "./attempt.ts";
import { createCameraMemories } from "./camera-memory.ts";
import type { WatchEvents } from "./camera-watch.ts";
import { createNetworkMemory } from "./network-memory.ts";
import type { PlayerFacts, PlayerState, Transport } from "./player.ts";
import { createPlayerMachine, type PlayerMachineDeps } from "./player-machine.ts";
import { createPulse } from "./pulse.ts";
import type { SessionStats, TransportEvents, TransportFailure } from "./transport.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const size = { widthPx: 640, heightPx: 360 };
const h264: StreamFormat = { family: "h264", codec: "avc1.4D401E", hasBFrames: false };
const twoStreams = aCamera({ subAddress: "rtsp://127.0.0.1/sub" });
const running: MediaState = { status: "running" };
const broken: TransportFailure = { kind: "broken", detail: "test" };

type FakeSession = Route & {
  events: TransportEvents;
  isShown: boolean;
  isReleased: boolean;
  isStopped: boolean;
  /** Gives a picture every half second from now on. */
  play(): void;
  pause(): void;
  stats(stats: Partial<SessionStats>): void;
};

const quiet: SessionStats = {
  fps: null,
  bitrateKbps: null,
  latencyMs: null,
  framesDecoded: 0,
  framesDropped: 0,
  decoder: null,
  bytesAtMs: 0,
  alikeSinceMs: null,
};

type SetUp = Partial<PlayerFacts> & Partial<Pick<PlayerMachineDeps, "isHeld" | "isHlsCrowded" | "browser">>;

function setUp({ camera = aCamera(), media = running, pinned, ...overrides }: SetUp = {}) {
  const states: PlayerState[] = [];
  const sessions: FakeSession[] = [];
  let watch: WatchEvents | null = null;
  const clock = { nowMs: Date.now, random: () => 0 };

  function open(route: Route, _camera: unknown, events: TransportEvents) {
    let timer: ReturnType<typeof setInterval> | undefined;
    const session: FakeSession = {
      ...route,
      events,
      isShown: false,
      isReleased: false,
      isStopped: false,
      play() {
        events.onPicture(size);
        timer = setInterval(() => events.onPicture(size), 500);
      },
      pause: () => clearInterval(timer),
      stats: (stats) => events.onStats({ ...quiet, bytesAtMs: Date.now(), ...stats }),
    };
    sessions.push(session);
    const release = () => {
      clearInterval(timer);
      session.isReleased = true;
    };
    return {
      picture: () => document.createElement("video"),
      show: () => {
        session.isShown = true;
      },
      release,
      stop() {
        release();
        session.isStopped = true;
      },
    };
  }

  const machine = createPlayerMachine({
    facts: { camera, media, pinned },
    browser: { webrtc: true, webrtcH265: false, hls: true, direct: true, hlsPlays: () => true },
    memory: createCameraMemories(clock)(camera.id),
    network: createNetworkMemory(clock),
    isHlsCrowded: () => false,
    isHeld: () => false,
    open,
    watch(_cameraId, events) {
      watch = events;
      return () => {
        watch = null;
      };
    },
    join: createPulse({ everyMs: 250, ...clock }),
    ...clock,
    onState: (state) => states.push(state),
    ...overrides,
  });

  const tell = (state: CameraState) => watch?.onCamera(state);
  return {
    camera,
    machine,
    sessions,
    states,
    state: () => states.at(-1),
    open: () => sessions.filter((session) => !session.isStopped),
    /** The newest session, of a transport or at all. */
    last(transport?: Transport): FakeSession {
      const session = sessions.findLast((one) => transport === undefined || one.transport === transport);
      if (!session) throw new Error("nothing was opened");
      return session;
    },
    opened: (transport: Transport) => sessions.filter((session) => session.transport === transport).length,
    link: (connected: boolean) => watch?.onLink(connected),
    online: (format = h264) => tell({ status: "online", sinceAtMs: 0, format }),
    connecting: () => tell({ status: "connecting", sinceAtMs: 0 }),
    down: (fault: CameraFault = "dropped", sinceAtMs = 0) =>
      tell({ status: "down", sinceAtMs, fault, detail: "gone" }),
    clock: (aheadMs: number) => watch?.onClock(aheadMs),
    isWatched: () => watch !== null,
  };
}

/** A machine whose link and camera are well. */
function started(overrides: Parameters<typeof setUp>[0] = {}) {
  const player = setUp(overrides);
  player.machine.start();
  player.link(true);
  player.online();
  return player;
}

test("the first picture makes it playing", () => {
  const player = started();
  expect(player.state()).toEqual({ status: "connecting", transport: "webrtc", reason: "best" });
  player.last().play();
  expect(player.state()).toEqual({
    status: "playing",
    transport: "webrtc",
    reason: "best",
    stream: "main",
    ...size,
  });
  expect(player.last().isShown).toBe(true);
});

test("without a new picture for 3 s it is stalled, and frozen or offline once the gateway knows better", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  vi.advanceTimersByTime(2_750);
  expect(player.state()).toMatchObject({ status: "playing" });
  vi.advanceTimersByTime(250);
  expect(player.state()).toMatchObject({ status: "stalled", lastPictureAtMs: 1_000_000 });
  player.down("frozen");
  expect(player.state()).toMatchObject({ status: "frozen", lastPictureAtMs: 1_000_000 });
  player.down("timeout");
  expect(player.state()).toMatchObject({ status: "offline", fault: "timeout", lastPictureAtMs: 1_000_000 });
});

test("a camera that refused the password is not asked again, and plays at once when it is back", () => {
  const player = started();
  player.down("unauthorized");
  expect(player.last().isStopped).toBe(true);
  player.last().events.onFailed(broken);
  expect(player.state()).toEqual({ status: "unauthorized", detail: "gone", lastPictureAtMs: null });
  vi.advanceTimersByTime(60_000);
  expect(player.sessions).toHaveLength(1);

  player.connecting();
  expect(player.state()).toMatchObject({ status: "unauthorized" });
  player.online();
  expect(player.sessions).toHaveLength(2);
  expect(player.last().transport).toBe("webrtc");
});

test("a password that the camera list knows to be wrong is not tried even once", () => {
  const state: CameraState = { status: "down", sinceAtMs: 0, fault: "unauthorized", detail: "gone" };
  const player = setUp({ camera: aCamera({ state }) });
  player.machine.start();
  player.link(true);
  vi.advanceTimersByTime(5_000);
  expect(player.sessions).toHaveLength(0);
  expect(player.state()).toMatchObject({ status: "unauthorized" });
  player.online();
  expect(player.last().transport).toBe("webrtc");
});

test("what reads a camera through the media server lets go of it once its password is refused", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  player.down("unauthorized");
  vi.advanceTimersByTime(3_250);
  expect(player.last().isReleased).toBe(true);
  expect(player.last().isStopped).toBe(false);
});

test("the old picture stays until the new try has its first one", () => {
  const player = started();
  const first = player.last();
  first.play();
  player.down();
  first.pause();
  vi.advanceTimersByTime(8_000);
  player.online();
  const second = player.last("webrtc");
  expect(second).not.toBe(first);
  expect(first.isStopped).toBe(false);
  second.play();
  expect(first.isStopped).toBe(true);
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc" });
});

test("a try that hangs on a frozen stream is made anew when the camera is back", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  vi.advanceTimersByTime(3_500);
  const hanging = player.last("webrtc");
  player.down("frozen");
  vi.advanceTimersByTime(5_000);
  player.online();
  expect(hanging.isStopped).toBe(true);
  expect(player.opened("webrtc")).toBe(3);
  expect(player.open().map(({ transport }) => transport)).toEqual(["webrtc", "webrtc", "direct"]);
});

test("when WebRTC fails the next one is tried at once, and WebRTC again after 30 s behind the picture", () => {
  const player = started();
  player.last().events.onFailed(broken);
  expect(player.last().transport).toBe("hls");
  player.last().play();
  expect(player.state()).toMatchObject({ transport: "hls", reason: "webrtc_failed_lately" });

  vi.advanceTimersByTime(29_000);
  expect(player.sessions).toHaveLength(2);
  vi.advanceTimersByTime(1_250);
  const again = player.last();
  expect(again.transport).toBe("webrtc");
  expect(player.state()).toMatchObject({ status: "playing", transport: "hls" });
  again.play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc", reason: "best" });
  expect(player.open()).toEqual([again]);
});

test("each further failure of a better transport doubles the wait for its next try", () => {
  const player = started();
  player.last().events.onFailed(broken);
  player.last().play();
  vi.advanceTimersByTime(30_250);
  player.last().events.onFailed(broken);
  vi.advanceTimersByTime(59_000);
  expect(player.sessions).toHaveLength(3);
  vi.advanceTimersByTime(1_250);
  expect(player.sessions).toHaveLength(4);
});

test("connected without pictures is a failure of the transport while the camera is well", () => {
  const player = started();
  const webrtc = player.last();
  webrtc.play();
  vi.advanceTimersByTime(5_000);
  webrtc.pause();
  vi.advanceTimersByTime(7_000);
  expect(webrtc.isReleased).toBe(true);
  expect(player.last().transport).not.toBe("webrtc");
});

test("what failed because of the camera is not held against the transport", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  vi.advanceTimersByTime(7_000); // given up: WebRTC is blamed
  player.down("frozen"); // and then the gateway finds out why
  vi.advanceTimersByTime(5_000);
  const before = player.opened("webrtc");
  player.online();
  expect(player.opened("webrtc")).toBe(before + 1);
});

test("a transport that takes long is bridged by direct", () => {
  const player = started();
  const webrtc = player.last();
  vi.advanceTimersByTime(1_500);
  const bridge = player.last();
  expect(bridge.transport).toBe("direct");
  bridge.play();
  expect(player.state()).toMatchObject({
    status: "playing",
    transport: "direct",
    reason: "while_connecting",
  });
  webrtc.play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc", reason: "best" });
  expect(player.open()).toEqual([webrtc]);
});

test("without a media server it plays direct, and climbs as soon as that runs", () => {
  const player = started({ media: { status: "starting" } });
  expect(player.last().transport).toBe("direct");
  player.last().play();
  expect(player.state()).toMatchObject({ transport: "direct", reason: "media_starting" });
  player.machine.update({ camera: player.camera, media: running });
  expect(player.last().transport).toBe("webrtc");
  player.last().play();
  expect(player.open()).toHaveLength(1);
  expect(player.state()).toMatchObject({ transport: "webrtc" });
});

test("a picture that plays is kept while the media server restarts", () => {
  const player = started();
  player.last().play();
  player.machine.update({ camera: player.camera, media: { status: "restarting" } });
  vi.advanceTimersByTime(10_000);
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc" });
});

test("a media server that says it is not ready is asked again after 3 s, with direct meanwhile", () => {
  const player = started();
  player.last().events.onFailed({ kind: "unavailable", detail: "starting" });
  expect(player.last().transport).toBe("direct");
  player.last().play();
  vi.advanceTimersByTime(3_250);
  expect(player.last().transport).toBe("webrtc");
});

test("B-frames that are seen later change the choice", () => {
  const player = started();
  player.online({ ...h264, hasBFrames: true });
  expect(player.last().transport).toBe("hls");
  expect(player.open()).toHaveLength(1);
});

test("when the gateway is gone nothing is tried, and all again as soon as it is back", () => {
  const player = started();
  player.last().play();
  player.link(false);
  player.last().events.onFailed({ kind: "network", detail: "no answer" });
  vi.advanceTimersByTime(20_000);
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "offline", fault: "network", lastPictureAtMs: 1_000_000 });
  player.link(true);
  expect(player.sessions.slice(1).map(({ transport }) => transport)).toEqual(["webrtc", "direct"]);
});

test("a gateway that was never there fails as network", () => {
  const player = setUp();
  player.machine.start();
  player.link(false);
  player.last().events.onFailed({ kind: "network", detail: "no answer" });
  expect(player.state()).toMatchObject({ status: "offline", fault: "network", lastPictureAtMs: null });
});

test("a pinned transport is the only one, tried again with growing waits", () => {
  const player = started({ pinned: "webrtc" });
  for (const waitMs of [300, 600, 1_200]) {
    const before = player.sessions.length;
    player.last().events.onFailed(broken);
    vi.advanceTimersByTime(waitMs - 100);
    expect(player.sessions).toHaveLength(before);
    vi.advanceTimersByTime(350);
    expect(player.sessions).toHaveLength(before + 1);
  }
  expect(new Set(player.sessions.map((session) => session.transport))).toEqual(new Set(["webrtc"]));
});

test("direct is left to come back with the camera by itself", () => {
  const player = started({ media: { status: "missing" } });
  const direct = player.last();
  direct.play();
  player.down();
  direct.pause();
  vi.advanceTimersByTime(30_000);
  player.online();
  vi.advanceTimersByTime(500);
  direct.play();
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "playing", transport: "direct" });
});

test("a sub stream that is not found does not keep a small tile from the main stream", () => {
  const player = setUp({ camera: twoStreams });
  player.machine.start();
  player.link(true);
  expect(player.last()).toMatchObject({ transport: "webrtc", stream: "sub" });
  player.down("not_found");
  expect(player.last()).toMatchObject({ transport: "webrtc", stream: "main" });
  expect(player.open()).toHaveLength(1);
  player.last().play();
  expect(player.state()).toMatchObject({ status: "playing", stream: "main", notice: "not_found" });
});

test("a codec that no way decodes is said, until the camera sends another", () => {
  const player = started({ pinned: "direct" });
  player.last().events.onFailed({ kind: "unsupported", detail: "H.265" });
  vi.advanceTimersByTime(10_000);
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "unsupported", fault: "unsupported_codec" });
  player.online({ ...h264, codec: "avc1.640028" });
  expect(player.last().isStopped).toBe(false);
  expect(player.state()).toMatchObject({ status: "connecting", transport: "direct" });
});

test("stopping lets go of everything, and starting again plays again", () => {
  const player = started();
  player.last().play();
  player.machine.stop();
  expect(player.open()).toEqual([]);
  expect(player.isWatched()).toBe(false);
  expect(player.state()).toEqual({ status: "idle" });
  vi.advanceTimersByTime(60_000);
  expect(player.sessions).toHaveLength(1);

  player.machine.start();
  player.last().play();
  expect(player.state()).toMatchObject({ status: "playing" });
});

// streams

test("an enlarged tile gets the main stream, with its first picture and not before", () => {
  const player = started({ camera: twoStreams });
  const small = player.last();
  small.play();
  expect(player.state()).toMatchObject({ status: "playing", stream: "sub" });
  player.machine.resize(1_280);
  const large = player.last();
  expect(large).toMatchObject({ transport: "webrtc", stream: "main" });
  vi.advanceTimersByTime(2_000);
  expect(player.state()).toMatchObject({ status: "playing", stream: "sub" });
  large.play();
  expect(player.state()).toMatchObject({ status: "playing", stream: "main", reason: "best" });
  expect(player.open()).toEqual([large]);
  player.machine.resize(300);
  player.last().play();
  expect(player.state()).toMatchObject({ stream: "sub" });
});

test("a tile that is enlarged and shrunk again at once keeps what it has", () => {
  const player = started({ camera: twoStreams });
  const small = player.last();
  small.play();
  player.machine.resize(1_280);
  player.machine.resize(300);
  expect(player.open()).toEqual([small]);
});

test("a main stream that cannot be had leaves the sub stream playing and is not asked for all the time", () => {
  const player = started({ camera: twoStreams });
  player.last().play();
  player.machine.resize(1_280);
  for (const transport of ["webrtc", "hls", "direct"] as const) {
    expect(player.last()).toMatchObject({ transport, stream: "main" });
    player.last().events.onFailed(broken);
  }
  const before = player.sessions.length;
  vi.advanceTimersByTime(20_000);
  expect(player.sessions).toHaveLength(before);
  expect(player.state()).toMatchObject({ status: "playing", stream: "sub", transport: "webrtc" });
});

test("a main stream of another codec does not spoil the sub stream's better transport", () => {
  const player = started({ camera: twoStreams });
  player.last().play();
  player.machine.resize(1_280);
  player.last().events.onFailed({ kind: "unsupported", detail: "H.265" });
  expect(player.last()).toMatchObject({ transport: "hls", stream: "main" });
  player.last().play();
  expect(player.state()).toMatchObject({ transport: "hls", stream: "main", reason: "codec_not_in_webrtc" });
  player.machine.resize(300);
  expect(player.last()).toMatchObject({ transport: "webrtc", stream: "sub" });
});

test("a pinned transport is kept when the stream changes", () => {
  const player = started({ camera: twoStreams, pinned: "direct" });
  player.last().play();
  player.machine.resize(1_280);
  expect(player.last()).toMatchObject({ transport: "direct", stream: "main" });
});

test("what floats as picture in picture is not replaced by anything better", () => {
  const player = started({ camera: twoStreams, isHeld: () => true });
  player.last().play();
  player.machine.resize(1_280);
  vi.advanceTimersByTime(5_000);
  expect(player.sessions).toHaveLength(1);
});

// pins

test("a choice made while it plays is followed without a gap, and so is its end", () => {
  const player = started();
  const webrtc = player.last();
  webrtc.play();
  player.machine.update({ camera: player.camera, media: running, pinned: "hls" });
  const hls = player.last();
  expect(hls.transport).toBe("hls");
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc", reason: "until_pinned" });
  hls.play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "hls", reason: "pinned" });
  expect(player.open()).toEqual([hls]);
  player.machine.update({ camera: player.camera, media: running });
  expect(player.last().transport).toBe("webrtc");
});

test("a chosen transport that does not work leaves the picture that is there", () => {
  const player = started();
  player.last().play();
  player.machine.update({ camera: player.camera, media: running, pinned: "direct" });
  player.last().events.onFailed(broken);
  vi.advanceTimersByTime(20_000);
  expect(player.state()).toMatchObject({ transport: "webrtc", reason: "until_pinned" });
  expect(player.sessions).toHaveLength(2);
});

// truth

test("pictures that are all alike are frozen, with the age of the last new one", () => {
  const player = started();
  player.last().play();
  vi.advanceTimersByTime(6_000);
  player.last().stats({ alikeSinceMs: 1_001_000 });
  vi.advanceTimersByTime(250);
  expect(player.state()).toMatchObject({ status: "frozen", transport: "webrtc", lastPictureAtMs: 1_001_000 });
  player.last().stats({ alikeSinceMs: null });
  vi.advanceTimersByTime(250);
  expect(player.state()).toMatchObject({ status: "playing" });
});

test("a camera that the gateway calls frozen is frozen though pictures come, and its age is by this clock", () => {
  const player = started();
  player.last().play();
  vi.advanceTimersByTime(20_000);
  player.clock(5_000);
  player.down("frozen", 1_025_000); // by a clock that is 5 s ahead
  expect(player.state()).toMatchObject({ status: "frozen", lastPictureAtMs: 1_005_000 });
});

test("what lags is said to, opened anew behind the picture, and not over and over", () => {
  const player = started();
  const first = player.last();
  first.play();
  const lag = setInterval(() => player.last().stats({ latencyMs: 4_000 }), 1_000);
  vi.advanceTimersByTime(3_000);
  expect(player.state()).toMatchObject({ status: "stalled", cause: "late" });
  vi.advanceTimersByTime(4_000);
  const second = player.last();
  expect(second).not.toBe(first);
  expect(second.transport).toBe("webrtc");
  second.play();
  expect(player.open()).toEqual([second]);
  vi.advanceTimersByTime(20_000);
  expect(player.sessions).toHaveLength(2);
  clearInterval(lag);
});

test("figures are of what is shown", () => {
  const player = started({ camera: twoStreams });
  expect(player.machine.stats()).toBeNull();
  player.last().play();
  player.last().stats({ fps: 15 });
  expect(player.machine.stats()).toMatchObject({
    fps: 15,
    transport: "webrtc",
    stream: "sub",
    codec: h264.codec,
    ...size,
  });
});

test("nothing is told while nothing changes", () => {
  const player = started();
  player.last().play();
  const told = player.states.length;
  vi.advanceTimersByTime(30_000);
  expect(player.states).toHaveLength(told);
});

// coming back

test("back in sight, direct is opened at once beside the better transport", () => {
  const player = started();
  player.last().play();
  player.machine.stop();
  player.machine.start();
  expect(player.open().map(({ transport }) => transport)).toEqual(["webrtc", "direct"]);
});

test("after a sleep all is opened anew at once and nobody is blamed", () => {
  const player = started();
  const before = player.last();
  before.play();
  before.pause();
  vi.setSystemTime(Date.now() + 600_000);
  vi.advanceTimersByTime(250);
  expect(player.opened("webrtc")).toBe(2);
  expect(player.opened("hls")).toBe(0);
});

test("when the network is back, what failed on the old one is asked again at once", () => {
  const player = started();
  player.last().events.onFailed(broken);
  player.last().play();
  player.machine.wake();
  expect(player.last().transport).toBe("webrtc");
});

test("a picture that comes through a media server that is away is replaced in 2 s", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  player.machine.update({ camera: player.camera, media: { status: "restarting" } });
  vi.advanceTimersByTime(2_000);
  player.last("direct").play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "direct", reason: "media_starting" });
  player.machine.update({ camera: player.camera, media: running });
  expect(player.last().transport).toBe("webrtc");
});

test("what played well for long and breaks is asked again before anything worse is", () => {
  const player = started();
  player.last().play();
  vi.advanceTimersByTime(40_000);
  player.last().events.onFailed(broken);
  vi.advanceTimersByTime(500);
  expect(player.opened("webrtc")).toBe(2);
  expect(player.opened("hls")).toBe(0);
  expect(player.opened("direct")).toBe(1);
});
