import type { CameraFault, CameraState, RtspTransport, StreamFormat } from "#contract/cameras.ts";
import { CameraFailure } from "./camera-failure.ts";
import { type CameraStream, openCameraStream } from "./camera-stream.ts";
import { afterFailure, afterKnock, afterPicture, afterWait, type Circuit, CLOSED } from "./circuit.ts";
import type { Clock } from "./clock.ts";
import { knock } from "./knock.ts";
import { createPictureWatch } from "./picture-watch.ts";
import { addressRetryMs, retryWaitMs } from "./retry-policy.ts";
import type { CameraUnit } from "./rtp/rtp-receiver.ts";
import { newStreamStats, type StreamStats } from "./rtp/stream-stats.ts";
import { parseRtspAddress } from "./rtsp/rtsp-address.ts";

/** A connected camera without a new picture for so long is frozen, and its connection is made anew. */
const FROZEN_AFTER_MS = 15_000;

export type CameraLinkDeps = {
  /** Asked before every try: undefined once the camera is gone. */
  addressOf: () => Promise<string | undefined>;
  /** Asked before every try. */
  transportOf: () => RtspTransport;
  clock: Clock;
  random?: () => number;
  onState: (state: CameraState) => void;
  onFormat: (format: StreamFormat) => void;
  /** A new connection: its pictures do not follow on the earlier ones. */
  onBegin: () => void;
  onUnit: (unit: CameraUnit) => void;
  /** The watchdog makes the connection anew. */
  onRestart: () => void;
  onGone: () => void;
};

/** Counted over the life of a tap, all its connections together. */
export type LinkStats = StreamStats & {
  /** New ones, wanted or not: a repeated picture is none. */
  pictures: number;
  lastPictureAtMs: number | null;
  watchdogRestarts: number;
  circuit: Circuit["status"];
};

type Phase =
  | { kind: "idle" }
  | { kind: "resolving" }
  | {
      kind: "open";
      address: string;
      transport: RtspTransport;
      stream: CameraStream;
      cancelWatch: () => void;
    }
  | { kind: "waiting"; cancel: () => void }
  /** The password was refused: not tried again with this address unless a person asks. */
  | { kind: "locked" };

/** Keeps one camera connected from `start` to `stop`, and says how it is doing. */
export function createCameraLink(deps: CameraLinkDeps) {
  const { clock } = deps;
  const stats = newStreamStats();
  // outlives connections: a camera that goes on repeating after a new one is still frozen
  const pictures = createPictureWatch();
  let phase: Phase = { kind: "idle" };
  let state: CameraState = { status: "unknown" };
  let format: StreamFormat | undefined;
  let refused: { address: string; detail: string } | undefined;
  let keyOnly = true;
  let circuit: Circuit = CLOSED;
  let playingSinceMs: number | undefined;
  let picturesBefore = 0;
  let watchdogRestarts = 0;

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
      if (phase !== mine) return;
      // no fault of the camera's: its circuit stays as it is
      const failure = new CameraFailure("unreachable", "its address cannot be had now", { cause: error });
      return wait(failure, addressRetryMs(deps.random));
    }
    if (phase !== mine) return;
    if (address === undefined) {
      phase = { kind: "idle" };
      deps.onGone();
    } else if (address === refused?.address) lock(refused.detail);
    else open(address, deps.transportOf());
  }

  function open(address: string, transport: RtspTransport): void {
    playingSinceMs = undefined;
    picturesBefore = pictures.count();
    const failed = (failure: CameraFailure) => fail(failure, address);
    try {
      const stream = openCameraStream({
        address,
        transport,
        clock,
        keyOnly,
        stats,
        onPlaying: watchPictures,
        onFormat: learnFormat,
        onPicture: notePicture,
        onUnit: takeUnit,
        onEnded: failed,
      });
      phase = { kind: "open", address, transport, stream, cancelWatch: () => undefined };
      deps.onBegin();
    } catch (error) {
      failed(error instanceof CameraFailure ? error : new CameraFailure("protocol", String(error)));
    }
  }

  function watchPictures(): void {
    playingSinceMs = clock.nowMs();
    if (isFrozen()) tellFrozen();
    armWatch();
  }
  const isFrozen = (): boolean => state.status === "down" && state.fault === "frozen";
  /** When the newest picture, or the connection, will be too old. */
  const watchEndsAtMs = (): number =>
    Math.max(pictures.newestAtMs() ?? 0, playingSinceMs ?? 0) + FROZEN_AFTER_MS;

  function armWatch(): void {
    if (phase.kind !== "open") return;
    phase.cancelWatch();
    const restMs = watchEndsAtMs() - clock.nowMs();
    if (restMs > 0) phase.cancelWatch = clock.setTimer(armWatch, restMs);
    else restart(phase.address);
  }

  function restart(address: string): void {
    fail(new CameraFailure("frozen", frozenDetail()), address);
    if (phase.kind !== "waiting") return; // nobody wants it any more
    watchdogRestarts += 1;
    deps.onRestart();
  }

  function learnFormat(learned: StreamFormat): void {
    format = learned;
    deps.onFormat(learned);
    if (state.status === "online") tell({ ...state, format: learned });
  }

  /** A key frame is judged when it is whole. */
  function notePicture(keyFrame: boolean): void {
    if (!keyFrame && pictures.picture(clock.nowMs()) && isFrozen() && format) thaws(format);
  }

  function takeUnit(unit: CameraUnit): void {
    if (unit.keyFrame && format) judge(unit.data, format);
    deps.onUnit(unit);
  }

  function judge(data: Buffer, known: StreamFormat): void {
    refused = undefined;
    const isNew = pictures.keyFrame(data, clock.nowMs());
    if (pictures.repeats()) noteRepeat();
    else if (!isFrozen()) plays(known);
    else if (isNew) thaws(known);
  }

  /** The first picture of a connection may be another still one: a frozen camera is back with the second new one. */
  function thaws(known: StreamFormat): void {
    if (pictures.count() - picturesBefore > 1) plays(known);
  }

  function plays(known: StreamFormat): void {
    if (circuit.status !== "closed") circuit = afterPicture(circuit);
    if (state.status !== "online") tell({ status: "online", sinceAtMs: clock.nowMs(), format: known });
  }

  function noteRepeat(): void {
    if (isFrozen()) return;
    const nowMs = clock.nowMs();
    const isOld = nowMs - (pictures.newestAtMs() ?? 0) >= FROZEN_AFTER_MS;
    if (isOld && nowMs < watchEndsAtMs())
      tellFrozen(); // already before it dropped and came again
    else armWatch();
  }

  function frozenDetail(): string {
    return pictures.repeats()
      ? "the camera repeats the same picture"
      : "the camera is connected but sends no picture";
  }
  function tellFrozen(): void {
    tellDown("frozen", frozenDetail(), watchEndsAtMs());
  }

  /** After a try that failed, or a connection that ended. */
  function fail(failure: CameraFailure, address: string): void {
    const { fault } = failure;
    const atMs = clock.nowMs();
    const playedMs = Math.max(0, (pictures.newestAtMs() ?? 0) - (playingSinceMs ?? Infinity));
    leave();
    circuit = afterFailure(circuit, { fault, playedMs, atMs });
    const waitMs = retryWaitMs(fault, Math.max(0, circuit.failures - 1), deps.random);
    if (waitMs === undefined) {
      refused = { address, detail: failure.message };
      lock(failure.message);
    } else if (circuit.status === "open") leaveAlone(failure, address, circuit.untilAtMs - atMs);
    else wait(failure, waitMs);
  }

  function wait(failure: CameraFailure, waitMs: number): void {
    phase = { kind: "waiting", cancel: clock.setTimer(() => void connect(), waitMs) };
    tellDown(failure.fault, failure.message, clock.nowMs() + waitMs);
  }

  /** Until the time is over or, where nobody listened at all, somebody does. */
  function leaveAlone(failure: CameraFailure, address: string, waitMs: number): void {
    const tryOut = (halfOpen: Circuit) => {
      circuit = halfOpen;
      void connect();
    };
    const cancelTimer = clock.setTimer(() => tryOut(afterWait()), waitMs);
    const { host, port } = parseRtspAddress(address);
    const { setTimer } = clock;
    const cancelKnock = failure.nobodyThere
      ? knock({ host, port, setTimer, onAnswered: () => tryOut(afterKnock()) })
      : () => undefined;
    const cancel = () => {
      cancelTimer();
      cancelKnock();
    };
    phase = { kind: "waiting", cancel };
    tellDown(failure.fault, failure.message, clock.nowMs() + waitMs);
  }

  function lock(detail: string): void {
    phase = { kind: "locked" };
    tellDown("unauthorized", detail);
  }

  function tellDown(fault: CameraFault, detail: string, nextTryAtMs?: number): void {
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
      circuit = CLOSED;
      if (!wasLocked) tell({ status: "unknown" });
    },
    /** A person asks: also the refused password is tried once more. */
    retryNow(): void {
      if (phase.kind !== "waiting" && phase.kind !== "locked") return;
      refused = undefined;
      circuit = CLOSED;
      void connect();
    },
    /** The address or the transport may be another one: connects anew where it is, or where it is not connected. */
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
        (phase.kind === "open" &&
          phase.address === answer.address &&
          phase.transport === deps.transportOf()) ||
        (phase.kind === "locked" && refused?.address === answer.address);
      if (phase.kind === "idle" || unchanged) return;
      circuit = CLOSED;
      void connect();
    },
    setKeyOnly(wanted: boolean): void {
      keyOnly = wanted;
      if (phase.kind === "open") phase.stream.setKeyOnly(wanted);
    },
    state: () => state,
    format: () => format,
    stats: (): LinkStats => ({
      pictures: pictures.count(),
      lastPictureAtMs: pictures.newestAtMs() ?? null,
      watchdogRestarts,
      circuit: circuit.status,
      ...stats,
    }),
  };
}
export type CameraLink = ReturnType<typeof createCameraLink>;
