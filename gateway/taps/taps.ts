import type { WebSocket } from "ws";
import type { CameraState, RtspTransport } from "#contract/cameras.ts";
import { messageOf } from "../kernel/errors.ts";
import { type Logger, maskAddresses } from "../kernel/logger.ts";
import { combineStates } from "./camera-states.ts";
import { type Clock, type SetTimer, systemTimer } from "./clock.ts";
import { createTap, type Tap, type TapReader, type TapSource, type TapStats, type TapStream } from "./tap.ts";
import { serveTapSocket } from "./tap-socket.ts";

export type TapsDeps = {
  /**
   * Asked before every connection. Undefined for a camera that is not there, and for the sub stream of one that has
   * none; `sub` then reads the main stream. A rejection counts as unreachable, and is tried again.
   */
  addressOf(cameraId: string, stream: TapStream): Promise<string | undefined>;
  /** Asked before every connection: how this stream's pictures are to travel. Without it, over TCP. */
  transportOf?(cameraId: string, stream: TapStream): RtspTransport;
  /** Each change of a camera's state, its streams taken together. */
  onState(cameraId: string, state: CameraState): void;
  /** The watchdog makes a connection anew, because no new picture came for 15 s. */
  onRestart?(cameraId: string, stream: TapStream): void;
  nowMs: () => number;
  log: Logger;
  setTimer?: SetTimer;
  random?: () => number;
};

type Subscription = { source: TapSource; reader: TapReader; key: string; turn: number; leave: () => void };
type Entry = { source: TapSource; tap: Tap; logged: string };

/** All cameras' encoded pictures: each stream read once while somebody wants it, fanned out to who does. */
export function createTaps(deps: TapsDeps) {
  const clock: Clock = { nowMs: deps.nowMs, setTimer: deps.setTimer ?? systemTimer };
  const entries = new Map<string, Entry>();
  const subscriptions = new Set<Subscription>();
  const told = new Map<string, string>();
  let stopped = false;

  const tapsOf = (cameraId: string): Entry[] =>
    [...entries.values()].filter(({ source }) => source.cameraId === cameraId);

  function state(cameraId: string): CameraState {
    return combineStates(tapsOf(cameraId).map(({ tap }) => tap.state()));
  }

  /** Once for each change, not for each try. */
  function logState(entry: Entry, ofStream: CameraState): void {
    const what = ofStream.status === "down" ? ofStream.fault : ofStream.status;
    if (entry.logged === what) return;
    entry.logged = what;
    if (ofStream.status === "down") {
      const { fault, detail } = ofStream;
      deps.log.warn({ ...entry.source, fault, detail }, "the camera gives no picture");
    } else deps.log.info({ ...entry.source, status: ofStream.status }, "the camera's state changed");
  }

  function tellState(entry: Entry, ofStream: CameraState): void {
    const { cameraId } = entry.source;
    logState(entry, ofStream);
    const combined = state(cameraId);
    const text = JSON.stringify(combined);
    if (told.get(cameraId) === text) return;
    told.set(cameraId, text);
    deps.onState(cameraId, combined);
  }

  /** The stream that is read for a wish: `main` also for the sub stream of a camera that has none, or the same one. */
  async function streamFor({ cameraId, stream }: TapSource): Promise<TapStream | undefined> {
    const [main, sub] = await Promise.all([
      deps.addressOf(cameraId, "main"),
      stream === "sub" ? deps.addressOf(cameraId, "sub") : undefined,
    ]);
    if (sub !== undefined && sub !== main) return "sub";
    return main === undefined ? undefined : "main";
  }

  function entryFor(source: TapSource): Entry {
    const key = keyOf(source);
    const known = entries.get(key);
    if (known) return known;
    const tap: Tap = createTap({
      addressOf: () => deps.addressOf(source.cameraId, source.stream),
      transportOf: () => deps.transportOf?.(source.cameraId, source.stream) ?? "tcp",
      clock,
      ...(deps.random ? { random: deps.random } : {}),
      onState: (next) => tellState(entry, next),
      onRestart: () => deps.onRestart?.(source.cameraId, source.stream),
      onGone() {
        entries.delete(key);
        if (tapsOf(source.cameraId).length === 0) told.delete(source.cameraId);
      },
    });
    const entry: Entry = { source, tap, logged: "" };
    entries.set(key, entry);
    return entry;
  }

  /** Joins the tap that the subscription is to read now, which may be another one than before. */
  async function attach(subscription: Subscription): Promise<void> {
    subscription.turn += 1;
    const { turn, source } = subscription;
    const isCurrent = () => !stopped && subscription.turn === turn && subscriptions.has(subscription);
    let stream: TapStream | undefined;
    try {
      stream = await streamFor(source);
    } catch (error) {
      const detail = maskAddresses(messageOf(error));
      deps.log.warn({ ...source, detail }, "a camera's address cannot be had now");
      stream = "main"; // its tap asks again and tells why it waits
    }
    if (!isCurrent()) return;
    if (stream === undefined) return dismiss(subscription);
    const wanted: TapSource = { cameraId: source.cameraId, stream };
    if (subscription.key === keyOf(wanted)) return;
    subscription.leave();
    subscription.key = keyOf(wanted);
    const reader = { ...subscription.reader, onGone: () => dismiss(subscription) };
    subscription.leave = entryFor(wanted).tap.add(reader);
  }

  function dismiss(subscription: Subscription): void {
    if (!subscriptions.delete(subscription)) return;
    subscription.leave();
    subscription.reader.onGone();
  }

  /** Returns what ends it. The reader hears nothing before this returns. */
  function subscribe(source: TapSource, reader: TapReader): () => void {
    const subscription: Subscription = { source, reader, key: "", turn: 0, leave: () => undefined };
    subscriptions.add(subscription);
    void attach(subscription);
    return () => {
      if (subscriptions.delete(subscription)) subscription.leave();
    };
  }

  return {
    /** Serves one page: the WebSocket handler of `paths.taps`. */
    handleSocket: (socket: WebSocket): void => serveTapSocket({ socket, subscribe, clock }),
    subscribe,
    /** A person asks: tries at once, also a password that was refused. */
    retryNow(cameraId: string): void {
      for (const { tap } of tapsOf(cameraId)) tap.retryNow();
    },
    /** After its address changed or it was removed: connects anew, or says goodbye to its readers. */
    async cameraChanged(cameraId: string): Promise<void> {
      const readers = [...subscriptions].filter(({ source }) => source.cameraId === cameraId);
      await Promise.all(readers.map(attach));
      await Promise.all(tapsOf(cameraId).map(({ tap }) => tap.addressChanged()));
    },
    state,
    stats: (): TapStats[] => [...entries.values()].map(({ source, tap }) => ({ ...source, ...tap.stats() })),
    stop(): void {
      stopped = true;
      subscriptions.clear();
      for (const { tap } of entries.values()) tap.stop();
    },
  };
}
export type Taps = ReturnType<typeof createTaps>;

const keyOf = ({ cameraId, stream }: TapSource): string => `${cameraId}/${stream}`;
