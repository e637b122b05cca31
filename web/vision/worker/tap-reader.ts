import { type AccessUnit, parseAccessUnit } from "#contract/access-unit.ts";
import { TapNotice, type TapRequest } from "#contract/taps.ts";
import { createKeyFrameRhythm, type KeyFrameRhythm, type TapFrames } from "./key-frame-rhythm.ts";

/** What is needed of the tap hub's MessagePort. */
export type TapPort = {
  postMessage(message: TapRequest | { type: "close" }): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
};

type TapReaderDeps = {
  port: TapPort;
  /**
   * A picture of a camera that is read: key frames, or all in their order, as `frames` says; `codec` is null while the
   * gateway has not told it. Where the way changes, both may overlap for a moment.
   */
  onPicture(cameraId: string, unit: AccessUnit, codec: string | null, frames: TapFrames): void;
  /** From now on only key frames come of this camera. */
  onStreamEnd(cameraId: string): void;
  later(work: () => void, afterMs: number): void;
};

/** After a refusal (a camera the gateway does not know yet) it is asked again. */
const ASK_AGAIN_MS = 5_000;

type Subscription = { cameraId: string; codec: string | null; frames: TapFrames };
type Read = {
  rhythm: KeyFrameRhythm;
  /** What is read now, and what replaces it as soon as its first picture is there. */
  currentId: number;
  nextId: number | null;
};

export type KeyFrameReading = { frames: TapFrames; keyFrameEveryMs: number | null };

/**
 * Pictures of the sub streams of the cameras that are looked at: key frames where those come as often as the camera is
 * looked at, else all. The way changes without a gap: the old subscription ends when the new one gave its first picture.
 */
export function createTapReader({ port, onPicture, onStreamEnd, later }: TapReaderDeps) {
  const subscriptions = new Map<number, Subscription>();
  const cameras = new Map<string, Read>();
  let lastId = 0;

  port.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) readPicture(data);
    else readNotice(data);
  };

  function readPicture(bytes: ArrayBuffer): void {
    const unit = parseAccessUnit(bytes);
    const subscription = subscriptions.get(unit.subscriptionId);
    const camera = subscription && cameras.get(subscription.cameraId);
    if (!camera) return;
    const { cameraId, codec, frames } = subscription;
    if (unit.subscriptionId === camera.nextId) replace(cameraId, camera, camera.nextId);
    if (unit.keyFrame || frames === "all") onPicture(cameraId, unit, codec, frames);
    if (!unit.keyFrame) return;
    const { receivedAtMs, ptsUs, discontinuity } = unit;
    follow(cameraId, camera, camera.rhythm.hear({ receivedAtMs, ptsMs: ptsUs / 1_000 }, discontinuity));
  }

  /** The new subscription has a picture: the old one has done its work. */
  function replace(cameraId: string, camera: Read, id: number): void {
    unsubscribe(camera.currentId);
    camera.currentId = id;
    camera.nextId = null;
    if (subscriptions.get(id)?.frames === "key") onStreamEnd(cameraId);
  }

  function follow(cameraId: string, camera: Read, frames: TapFrames): void {
    const newest = subscriptions.get(camera.nextId ?? camera.currentId)?.frames;
    if (newest === frames) return;
    if (camera.nextId !== null) unsubscribe(camera.nextId);
    const isBack = subscriptions.get(camera.currentId)?.frames === frames;
    camera.nextId = isBack ? null : subscribe(cameraId, frames);
  }

  /** Anything else (the link's state, a clock) is of no concern here: the hub itself subscribes again. */
  function readNotice(data: unknown): void {
    const notice = TapNotice.safeParse(data).data;
    if (notice?.type === "format") {
      const subscription = subscriptions.get(notice.id);
      if (subscription) subscription.codec = notice.format.codec || null;
    }
    if (notice?.type === "refused" && notice.id !== null) askAgain(notice.id);
  }

  function askAgain(id: number): void {
    const refused = subscriptions.get(id);
    if (!refused) return;
    later(() => {
      const camera = cameras.get(refused.cameraId);
      if (!camera || !subscriptions.delete(id)) return;
      const again = subscribe(refused.cameraId, refused.frames);
      if (camera.currentId === id) camera.currentId = again;
      else camera.nextId = again;
    }, ASK_AGAIN_MS);
  }

  function subscribe(cameraId: string, frames: TapFrames): number {
    lastId += 1;
    subscriptions.set(lastId, { cameraId, codec: null, frames });
    port.postMessage({ type: "subscribe", id: lastId, cameraId, stream: "sub", frames });
    return lastId;
  }

  function unsubscribe(id: number): void {
    if (subscriptions.delete(id)) port.postMessage({ type: "unsubscribe", id });
  }

  function leave(cameraId: string, camera: Read): void {
    cameras.delete(cameraId);
    unsubscribe(camera.currentId);
    if (camera.nextId !== null) unsubscribe(camera.nextId);
  }

  return {
    /** Reads exactly these cameras from now on; beside each, how long it may be between two looks at it. */
    read(periods: ReadonlyMap<string, number>): void {
      for (const [cameraId, camera] of [...cameras]) if (!periods.has(cameraId)) leave(cameraId, camera);
      for (const [cameraId, periodMs] of periods) {
        const camera = cameras.get(cameraId);
        if (camera) follow(cameraId, camera, camera.rhythm.setPeriod(periodMs));
        else {
          const rhythm = createKeyFrameRhythm({ periodMs });
          cameras.set(cameraId, { rhythm, currentId: subscribe(cameraId, rhythm.frames()), nextId: null });
        }
      }
    },
    /** How this camera is read now; null when it is not. */
    readingOf(cameraId: string): KeyFrameReading | null {
      const camera = cameras.get(cameraId);
      if (!camera) return null;
      const frames = subscriptions.get(camera.currentId)?.frames ?? "key";
      return { frames, keyFrameEveryMs: camera.rhythm.distanceMs() };
    },
  };
}
export type TapReader = ReturnType<typeof createTapReader>;
