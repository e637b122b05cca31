import { type AccessUnit, parseAccessUnit } from "#contract/access-unit.ts";
import { TapNotice, type TapRequest } from "#contract/taps.ts";

/** What is needed of the tap hub's MessagePort. */
export type TapPort = {
  postMessage(message: TapRequest | { type: "close" }): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
};

type TapReaderDeps = {
  port: TapPort;
  /** A key frame of a subscribed camera; `codec` is null while the gateway has not told it. */
  onKeyFrame(cameraId: string, unit: AccessUnit, codec: string | null): void;
  later(work: () => void, afterMs: number): void;
};

/** After a refusal (a camera the gateway does not know yet) it is asked again. */
const ASK_AGAIN_MS = 5_000;

type Subscription = { cameraId: string; codec: string | null };

/** Key frames of the sub streams of the cameras that are looked at. */
export function createTapReader({ port, onKeyFrame, later }: TapReaderDeps) {
  const subscriptions = new Map<number, Subscription>();
  const idOf = new Map<string, number>();
  let lastId = 0;

  port.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) readPicture(data);
    else readNotice(data);
  };

  function readPicture(bytes: ArrayBuffer): void {
    const unit = parseAccessUnit(bytes);
    const subscription = subscriptions.get(unit.subscriptionId);
    if (subscription && unit.keyFrame) onKeyFrame(subscription.cameraId, unit, subscription.codec);
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
    const cameraId = subscriptions.get(id)?.cameraId;
    if (cameraId === undefined) return;
    later(() => {
      if (idOf.get(cameraId) !== id) return;
      subscriptions.delete(id);
      subscribe(cameraId);
    }, ASK_AGAIN_MS);
  }

  function subscribe(cameraId: string): void {
    lastId += 1;
    subscriptions.set(lastId, { cameraId, codec: null });
    idOf.set(cameraId, lastId);
    port.postMessage({ type: "subscribe", id: lastId, cameraId, stream: "sub", frames: "key" });
  }

  function unsubscribe(cameraId: string): void {
    const id = idOf.get(cameraId);
    if (id === undefined) return;
    idOf.delete(cameraId);
    subscriptions.delete(id);
    port.postMessage({ type: "unsubscribe", id });
  }

  return {
    /** Reads exactly these cameras from now on. */
    read(cameraIds: Set<string>): void {
      for (const cameraId of [...idOf.keys()]) if (!cameraIds.has(cameraId)) unsubscribe(cameraId);
      for (const cameraId of cameraIds) if (!idOf.has(cameraId)) subscribe(cameraId);
    },
  };
}
export type TapReader = ReturnType<typeof createTapReader>;
