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

export const size = { widthPx: 640, heightPx: 360 };
export const h264: StreamFormat = { family: "h264", codec: "avc1.4D401E", hasBFrames: false };
export const twoStreams = aCamera({ subAddress: "rtsp://127.0.0.1/sub" });
export const running: MediaState = { status: "running" };
export const broken: TransportFailure = { kind: "broken", detail: "test" };

export type FakeSession = Route & {
  events: TransportEvents;
  openedAtMs: number;
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

/** A machine whose sessions are played by hand. Needs fake timers. */
export function setUp({ camera = aCamera(), media = running, pinned, ...overrides }: SetUp = {}) {
  const states: PlayerState[] = [];
  const sessions: FakeSession[] = [];
  let watch: WatchEvents | null = null;
  const clock = { nowMs: Date.now, random: () => 0 };

  function open(route: Route, _camera: unknown, events: TransportEvents) {
    let timer: ReturnType<typeof setInterval> | undefined;
    const session: FakeSession = {
      ...route,
      events,
      openedAtMs: Date.now(),
      isShown: false,
      isReleased: false,
      isStopped: false,
      play() {
        clearInterval(timer);
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
export function started(overrides: Parameters<typeof setUp>[0] = {}) {
  const player = setUp(overrides);
  player.machine.start();
  player.link(true);
  player.online();
  return player;
}
