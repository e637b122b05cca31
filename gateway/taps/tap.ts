import type { AccessUnit } from "#contract/access-unit.ts";
import type { CameraState, CameraStream, RtspTransport, StreamFormat } from "#contract/cameras.ts";
import { createCameraLink, type LinkStats } from "./camera-link.ts";
import type { Clock } from "./clock.ts";
import { createGopCache } from "./gop-cache.ts";
import type { CameraUnit } from "./rtp/rtp-receiver.ts";

/** A page that reloads, or a viewer who changes tiles, finds the camera still connected. */
const LINGER_MS = 10_000;

export type TapStream = CameraStream;
export type TapSource = { cameraId: string; stream: TapStream };
/** What a tap counts. `lastPictureAtMs` and `pictures` know new pictures only. */
export type TapStats = TapSource & { readers: number } & LinkStats;
export type TapFrames = "none" | "key" | "all";
/** `data` is shared by all readers: never write into it. */
export type TappedUnit = Omit<AccessUnit, "subscriptionId">;

/** Called at once, in the order of the stream; must return quickly and not throw. */
export type TapReader = {
  frames: TapFrames;
  onState(state: CameraState): void;
  /** Before the first unit, and on each change. */
  onFormat(format: StreamFormat): void;
  onUnit(unit: TappedUnit): void;
  /** The camera was removed: nothing follows. */
  onGone(): void;
};

/** `missed`: what comes next does not follow on what the reader has. */
type Place = { reader: TapReader; started: boolean; waitsForKey: boolean; missed: boolean };

/** One camera's stream, read once while it has readers, given to each as it asked. */
export function createTap(deps: {
  addressOf: () => Promise<string | undefined>;
  transportOf: () => RtspTransport;
  clock: Clock;
  random?: () => number;
  onState: (state: CameraState) => void;
  /** The watchdog makes the connection anew. */
  onRestart: () => void;
  onGone: () => void;
}) {
  const places = new Set<Place>();
  const gop = createGopCache();
  let keyOnly = true;
  let cancelLinger = (): void => undefined;

  const link = createCameraLink({
    addressOf: deps.addressOf,
    transportOf: deps.transportOf,
    clock: deps.clock,
    ...(deps.random ? { random: deps.random } : {}),
    onState(state) {
      deps.onState(state);
      for (const { reader } of places) reader.onState(state);
      // while it lingers for readers who may come back, nobody needs it to be tried again
      if (state.status === "down" && places.size === 0) close();
    },
    onFormat(format) {
      for (const { reader } of places) reader.onFormat(format);
    },
    onBegin() {
      gop.clear();
      for (const place of places) {
        place.missed = place.started;
        place.waitsForKey = true;
      }
    },
    onUnit: fanOut,
    onRestart: deps.onRestart,
    onGone() {
      const gone = [...places];
      close();
      places.clear();
      for (const { reader } of gone) reader.onGone();
      deps.onGone();
    },
  });

  function fanOut(unit: CameraUnit): void {
    gop.push(unit);
    if (keyOnly) gop.breakOff();
    const plain = tapped(unit, false);
    for (const place of places) {
      if (wants(place, unit)) deliver(place, place.missed ? { ...plain, discontinuity: true } : plain);
    }
  }

  function wants(place: Place, unit: CameraUnit): boolean {
    if (place.reader.frames === "none") return false;
    return unit.keyFrame || (place.reader.frames === "all" && !place.waitsForKey);
  }

  function deliver(place: Place, unit: TappedUnit): void {
    place.started = true;
    place.missed = false;
    place.waitsForKey = false;
    place.reader.onUnit(unit);
  }

  /** The newest picture for who wants key frames; the whole group, where nothing of it is missing, for who wants all. */
  function replay(place: Place): void {
    const [keyFrame] = gop.units();
    if (!keyFrame || place.reader.frames === "none") return;
    const whole = place.reader.frames === "all" && gop.complete();
    for (const unit of whole ? gop.units() : [keyFrame]) deliver(place, tapped(unit, true));
    place.waitsForKey = !whole;
    place.missed = place.reader.frames === "all" && !whole;
  }

  function chooseFrames(): void {
    const wanted = ![...places].some(({ reader }) => reader.frames === "all");
    if (wanted === keyOnly) return;
    keyOnly = wanted;
    gop.breakOff();
    link.setKeyOnly(wanted);
  }

  function remove(place: Place): void {
    if (!places.delete(place)) return;
    chooseFrames();
    if (places.size > 0) return;
    cancelLinger();
    cancelLinger = deps.clock.setTimer(close, LINGER_MS);
  }

  function close(): void {
    cancelLinger();
    gop.clear();
    link.stop();
  }

  return {
    /** Tells the reader the state, the format and the newest pictures at once. Returns what ends it. */
    add(reader: TapReader): () => void {
      cancelLinger();
      const place: Place = { reader, started: false, waitsForKey: true, missed: false };
      link.start();
      reader.onState(link.state());
      const format = link.format();
      if (format) reader.onFormat(format);
      replay(place);
      places.add(place);
      chooseFrames();
      return () => remove(place);
    },
    retryNow: link.retryNow,
    addressChanged: link.addressChanged,
    stop(): void {
      places.clear();
      close();
    },
    state: link.state,
    stats: (): Omit<TapStats, keyof TapSource> => ({ readers: places.size, ...link.stats() }),
  };
}
export type Tap = ReturnType<typeof createTap>;

const tapped = (unit: CameraUnit, replayed: boolean): TappedUnit => ({
  keyFrame: unit.keyFrame,
  discontinuity: unit.afterLoss && !replayed,
  replayed,
  ptsUs: unit.ptsUs,
  cameraAtMs: unit.cameraAtMs,
  receivedAtMs: unit.receivedAtMs,
  data: unit.data,
});
