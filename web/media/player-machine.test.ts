import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CameraFault, CameraState, StreamFormat } from "#contract/cameras.ts";
import { aCamera } from "#contract/examples.ts";
import type { MediaState } from "#contract/system.ts";
import type { WatchEvents } from "./camera-watch.ts";
import type { PlayerState, Transport } from "./player.ts";
import { createPlayerMachine, type PlayerMachineDeps } from "./player-machine.ts";
import type { TransportEvents, TransportFailure } from "./transport.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const size = { widthPx: 640, heightPx: 360 };
const h264: StreamFormat = { family: "h264", codec: "avc1.4D401E", hasBFrames: false };
const running: MediaState = { status: "running" };
const broken: TransportFailure = { kind: "broken", detail: "test" };

type FakeSession = {
  transport: Transport;
  events: TransportEvents;
  isShown: boolean;
  isReleased: boolean;
  isStopped: boolean;
  /** Gives a picture every half second from now on. */
  play(): void;
  pause(): void;
};

function setUp(overrides: Partial<PlayerMachineDeps> & { media?: MediaState } = {}) {
  const camera = aCamera();
  const states: PlayerState[] = [];
  const sessions: FakeSession[] = [];
  let watch: WatchEvents | null = null;

  function open(transport: Transport, _camera: unknown, events: TransportEvents) {
    let timer: ReturnType<typeof setInterval> | undefined;
    const session: FakeSession = {
      transport,
      events,
      isShown: false,
      isReleased: false,
      isStopped: false,
      play() {
        events.onPicture(size);
        timer = setInterval(() => events.onPicture(size), 500);
      },
      pause: () => clearInterval(timer),
    };
    sessions.push(session);
    const release = () => {
      clearInterval(timer);
      session.isReleased = true;
    };
    return {
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
    facts: { camera, media: overrides.media ?? running },
    browser: { webrtc: true, webrtcH265: false, hls: true, direct: true, hlsPlays: () => true },
    open,
    watch(_cameraId, events) {
      watch = events;
      return () => {
        watch = null;
      };
    },
    nowMs: Date.now,
    random: () => 0,
    onState: (state) => states.push(state),
    ...overrides,
  });

  const tell = (state: CameraState) => watch?.onCamera(state);
  return {
    camera,
    machine,
    sessions,
    state: () => states.at(-1),
    open: () => sessions.filter((session) => !session.isStopped),
    last(): FakeSession {
      const session = sessions.at(-1);
      if (!session) throw new Error("nothing was opened");
      return session;
    },
    link: (connected: boolean) => watch?.onLink(connected),
    online: (format = h264) => tell({ status: "online", sinceAtMs: 0, format }),
    connecting: () => tell({ status: "connecting", sinceAtMs: 0 }),
    down: (fault: CameraFault = "dropped") => tell({ status: "down", sinceAtMs: 0, fault, detail: "gone" }),
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
  expect(player.state()).toEqual({ status: "playing", transport: "webrtc", reason: "best", ...size });
  expect(player.last().isShown).toBe(true);
});

test("without a new picture for 3 s it is stalled, with the camera's fault once that is known", () => {
  const player = started();
  player.last().play();
  player.last().pause();
  vi.advanceTimersByTime(2_750);
  expect(player.state()).toMatchObject({ status: "playing" });
  vi.advanceTimersByTime(250);
  expect(player.state()).toMatchObject({ status: "stalled", lastPictureAtMs: 1_000_000 });
  player.down("frozen");
  expect(player.state()).toMatchObject({ status: "stalled", fault: "frozen" });
});

test("a camera that is down fails with its reason, is not asked again, and plays at once when it is back", () => {
  const player = started();
  player.down("unauthorized");
  player.last().events.onFailed(broken);
  expect(player.state()).toMatchObject({ status: "failed", fault: "unauthorized", detail: "gone" });
  vi.advanceTimersByTime(60_000);
  expect(player.sessions).toHaveLength(1);

  player.connecting();
  expect(player.state()).toMatchObject({ status: "failed", fault: "unauthorized" });
  player.online();
  expect(player.sessions).toHaveLength(2);
  expect(player.last().transport).toBe("webrtc");
});

test("the old picture stays until the new try has its first one", () => {
  const player = started();
  const first = player.last();
  first.play();
  player.down();
  first.pause();
  vi.advanceTimersByTime(8_000);
  player.online();
  const second = player.last();
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
  const hanging = player.last();
  player.down("frozen");
  vi.advanceTimersByTime(5_000);
  player.online();
  expect(hanging.isStopped).toBe(true);
  expect(player.last().transport).toBe("webrtc");
  expect(player.open()).toHaveLength(2);
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
  player.online();
  expect(player.last().transport).toBe("webrtc");
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
  expect(player.state()).toMatchObject({ status: "stalled", fault: "network" });
  player.link(true);
  expect(player.sessions).toHaveLength(2);
  expect(player.last().transport).toBe("webrtc");
});

test("a gateway that was never there fails as network", () => {
  const player = setUp();
  player.machine.start();
  player.link(false);
  player.last().events.onFailed({ kind: "network", detail: "no answer" });
  expect(player.state()).toMatchObject({ status: "failed", fault: "network" });
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

test("a sub stream that is not found does not keep WebRTC from the main stream", () => {
  const player = setUp();
  player.machine.update({ camera: aCamera({ subAddress: "rtsp://127.0.0.1/sub" }), media: running });
  player.machine.start();
  player.link(true);
  player.down("not_found");
  player.last().events.onFailed(broken);
  vi.advanceTimersByTime(500);
  expect(player.sessions).toHaveLength(2);
  player.last().play();
  expect(player.state()).toMatchObject({ status: "playing", transport: "webrtc" });
});

test("a codec that no way decodes is said, until the camera sends another", () => {
  const player = started({ pinned: "direct" });
  player.last().events.onFailed({ kind: "unsupported", detail: "H.265" });
  vi.advanceTimersByTime(10_000);
  expect(player.sessions).toHaveLength(1);
  expect(player.state()).toMatchObject({ status: "failed", fault: "unsupported_codec" });
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
