import type { CameraState, StreamFormat } from "#contract/cameras.ts";
import { CameraFailure } from "./camera-failure.ts";
import { type CameraStream, openCameraStream } from "./camera-stream.ts";
import type { Clock } from "./clock.ts";
import { createRepeatWatch } from "./repeat-watch.ts";
import { retryWaitMs } from "./retry-policy.ts";
import type { CameraUnit } from "./rtp/rtp-receiver.ts";
import { newStreamStats } from "./rtp/stream-stats.ts";

/** A connected camera without any picture for so long is frozen. */
const FROZEN_AFTER_MS = 5_000;
/** Only a camera that played for so long is tried at once again: one that drops all the time is not hammered. */
const STEADY_AFTER_MS = 5_000;

export type CameraLinkDeps = {
  /** Asked before every try: undefined once the camera is gone. */
  addressOf: () => Promise<string | undefined>;
  clock: Clock;
  random?: () => number;
  onState: (state: CameraState) => void;
  onFormat: (format: StreamFormat) => void;
  /** A new connection: its pictures do not follow on the earlier ones. */
  onBegin: () => void;
  onUnit: (unit: CameraUnit) => void;
  onGone: () => void;
};

type Phase =
  | { kind: "idle" }
  | { kind: "resolving" }
  | { kind: "open"; address: string; stream: CameraStream; cancelWatch: () => void }
  | { kind: "waiting"; cancel: () => void }
  /** The password was refused: not tried again with this address unless a person asks. */
  | { kind: "locked" };

/** Keeps one camera connected from `start` to `stop`, and says how it is doing. */
export function createCameraLink(deps: CameraLinkDeps) {
  const { clock } = deps;
  const stats = newStreamStats();
  let phase: Phase = { kind: "idle" };
  let state: CameraState = { status: "unknown" };
  let format: StreamFormat | undefined;
  let refused: { address: string; detail: string } | undefined;
  let keyOnly = true;
  let attempt = 0;
  let playingSinceMs = 0;
  let lastPictureAtMs = 0;
  let repeats = createRepeatWatch();

  function tell(next: CameraState): void {
    state = next;
    deps.onState(next);
  }

  async function connect(): Promise<void> {
    leave();
    const mine: Phase = { kind: "resolving" };
    phase = mine;
    // a camera that is down stays so until it plays: retries do not make its tile flicker
    if (state.status !== "down") tell({ status: "connecting", sinceAtMs: clock.nowMs() });
    let address: string | undefined;
    try {
      address = await deps.addressOf();
    } catch (error) {
      const failure = new CameraFailure("unreachable", "its address cannot be had now", { cause: error });
      if (phase === mine) fail(failure);
      return;
    }
    if (phase !== mine) return;
    if (address === undefined) {
      phase = { kind: "idle" };
      deps.onGone();
    } else if (address === refused?.address) lock(refused.detail);
    else open(address);
  }

  function open(address: string): void {
    repeats = createRepeatWatch();
    const failed = (failure: CameraFailure) => {
      if (failure.fault === "unauthorized") refused = { address, detail: failure.message };
      fail(failure);
    };
    try {
      const stream = openCameraStream({
        address,
        clock,
        keyOnly,
        stats,
        onPlaying: watchPictures,
        onFormat: learnFormat,
        onPicture: notePicture,
        onUnit: takeUnit,
        onEnded: failed,
      });
      phase = { kind: "open", address, stream, cancelWatch: () => undefined };
      deps.onBegin();
    } catch (error) {
      failed(error instanceof CameraFailure ? error : new CameraFailure("protocol", String(error)));
    }
  }

  function notePicture(): void {
    lastPictureAtMs = clock.nowMs();
  }
  /** Looks again when the newest picture would be too old. */
  function watchPictures(): void {
    playingSinceMs = clock.nowMs();
    notePicture();
    armWatch();
  }
  function armWatch(): void {
    if (phase.kind !== "open") return;
    const restMs = lastPictureAtMs + FROZEN_AFTER_MS - clock.nowMs();
    if (restMs > 0) phase.cancelWatch = clock.setTimer(armWatch, restMs);
    else fail(new CameraFailure("frozen", "the camera is connected but sends no picture"));
  }

  function learnFormat(learned: StreamFormat): void {
    format = learned;
    deps.onFormat(learned);
    if (state.status === "online") tell({ ...state, format: learned });
  }

  function takeUnit(unit: CameraUnit): void {
    if (unit.keyFrame && format) judge(unit, format);
    deps.onUnit(unit);
  }

  function judge(unit: CameraUnit, known: StreamFormat): void {
    if (clock.nowMs() - playingSinceMs >= STEADY_AFTER_MS) attempt = 0;
    refused = undefined;
    if (repeats.keyFrame(unit.data, clock.nowMs())) {
      if (state.status !== "down") tellDown("frozen", "the camera repeats the same picture");
    } else if (state.status !== "online") {
      tell({ status: "online", sinceAtMs: clock.nowMs(), format: known });
    }
  }

  function fail(failure: CameraFailure): void {
    leave();
    const waitMs = retryWaitMs(failure.fault, attempt, deps.random);
    attempt += 1;
    if (waitMs === undefined) lock(failure.message);
    else {
      phase = { kind: "waiting", cancel: clock.setTimer(() => void connect(), waitMs) };
      tellDown(failure.fault, failure.message, clock.nowMs() + waitMs);
    }
  }

  function lock(detail: string): void {
    phase = { kind: "locked" };
    tellDown("unauthorized", detail);
  }

  function tellDown(fault: CameraFailure["fault"], detail: string, nextTryAtMs?: number): void {
    const known = state.status === "down" && state.fault === fault ? state.sinceAtMs : undefined;
    const sinceAtMs = known ?? clock.nowMs();
    const next = nextTryAtMs === undefined ? {} : { nextTryAtMs };
    tell({ status: "down", sinceAtMs, fault, detail, ...next });
  }

  /** Closes what the phase holds. */
  function leave(): void {
    if (phase.kind === "open") {
      phase.cancelWatch();
      phase.stream.stop();
    } else if (phase.kind === "waiting") phase.cancel();
    phase = { kind: "idle" };
    format = undefined;
  }

  return {
    start(): void {
      if (phase.kind === "idle") void connect();
    },
    /** A wrong password is remembered; anything else is unknown again. */
    stop(): void {
      if (phase.kind === "idle") return;
      const wasLocked = phase.kind === "locked";
      leave();
      attempt = 0;
      if (!wasLocked) tell({ status: "unknown" });
    },
    /** A person asks: also the refused password is tried once more. */
    retryNow(): void {
      if (phase.kind !== "waiting" && phase.kind !== "locked") return;
      refused = undefined;
      attempt = 0;
      void connect();
    },
    /** The address may be another one: connects anew where it is, or where it is not connected. */
    async addressChanged(): Promise<void> {
      // one that cannot be had now is asked for again at the next try
      const answer = await deps.addressOf().then(
        (address) => ({ address }),
        () => undefined,
      );
      if (!answer) return;
      if (answer.address === undefined) {
        leave();
        return deps.onGone();
      }
      const unchanged =
        (phase.kind === "open" && phase.address === answer.address) ||
        (phase.kind === "locked" && refused?.address === answer.address);
      if (phase.kind === "idle" || unchanged) return;
      attempt = 0;
      void connect();
    },
    setKeyOnly(wanted: boolean): void {
      keyOnly = wanted;
      if (phase.kind === "open") phase.stream.setKeyOnly(wanted);
    },
    state: () => state,
    format: () => format,
    stats: () => ({ ...stats }),
  };
}
export type CameraLink = ReturnType<typeof createCameraLink>;
