import { type AccessUnit, parseAccessUnit } from "#contract/access-unit.ts";
import type { CameraStream } from "#contract/cameras.ts";
import { TapNotice, type TapRequest } from "#contract/taps.ts";

/** What is used of the tap hub's MessagePort. */
export type SnapshotPort = {
  postMessage(message: TapRequest | { type: "close" }): void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
};

export type KeyFrame = { stream: CameraStream; codec: string; unit: AccessUnit };

type KeyFrameWaitDeps = {
  port: SnapshotPort;
  nowMs: () => number;
  /** Calls `work` once, `afterMs` from now; returns what calls it off. */
  later(work: () => void, afterMs: number): () => void;
};

/** A camera whose stream must be opened first needs a moment; so long the better one is waited for. */
const BETTER_WITHIN_MS = 3_000;
/** "Smart" codecs give a key frame in 10 s. */
const ANY_WITHIN_MS = 12_000;
/** A kept picture older than this is not of this moment: then one that is live is waited for. */
const KEPT_VALID_MS = 15_000;

/**
 * Waits on a port of the tap hub for one key frame of a camera. The tap gives the kept one at once. `streams`: in the
 * order of preference. Null when none came in time.
 */
export function createKeyFrameWait({ port, nowMs, later }: KeyFrameWaitDeps) {
  let lastId = 0;
  /** How far the gateway's clock is ahead; null until the hub has read it. */
  let offsetMs: number | null = null;

  const isStale = (unit: AccessUnit): boolean =>
    unit.replayed && offsetMs !== null && nowMs() + offsetMs - unit.receivedAtMs > KEPT_VALID_MS;

  return function waitForKeyFrame(cameraId: string, streams: CameraStream[]): Promise<KeyFrame | null> {
    const asked = new Map<number, { stream: CameraStream; codec: string | null; isRefused: boolean }>();
    const found = new Map<CameraStream, KeyFrame>();
    const best = () =>
      streams.map((stream) => found.get(stream)).find((frame) => frame !== undefined) ?? null;

    return new Promise((resolve) => {
      let isPatient = true;
      const timers = [
        later(() => {
          isPatient = false;
          if (found.size > 0) end();
        }, BETTER_WITHIN_MS),
        later(end, ANY_WITHIN_MS),
      ];

      function end(): void {
        for (const cancel of timers) cancel();
        port.onmessage = null;
        for (const id of asked.keys()) port.postMessage({ type: "unsubscribe", id });
        resolve(best());
      }

      function lookAtPicture(bytes: ArrayBuffer): void {
        const unit = parseAccessUnit(bytes);
        const source = asked.get(unit.subscriptionId);
        if (!source?.codec || !unit.keyFrame || isStale(unit)) return;
        found.set(source.stream, { stream: source.stream, codec: source.codec, unit });
        if (source.stream === streams[0] || !isPatient) end();
      }

      function readNotice(data: unknown): void {
        if (isClock(data)) offsetMs = data.offsetMs;
        const notice = TapNotice.safeParse(data).data;
        if (notice?.type !== "format" && notice?.type !== "refused") return;
        const source = notice.id === null ? undefined : asked.get(notice.id);
        if (!source) return;
        if (notice.type === "format") source.codec = notice.format.codec || null;
        else source.isRefused = true;
        if ([...asked.values()].every(({ isRefused }) => isRefused)) end();
      }

      port.onmessage = ({ data }) => (data instanceof ArrayBuffer ? lookAtPicture(data) : readNotice(data));
      for (const stream of streams) {
        lastId += 1;
        asked.set(lastId, { stream, codec: null, isRefused: false });
        port.postMessage({ type: "subscribe", id: lastId, cameraId, stream, frames: "key" });
      }
    });
  };
}
export type WaitForKeyFrame = ReturnType<typeof createKeyFrameWait>;

/** The hub's own word, not the gateway's. */
function isClock(data: unknown): data is { offsetMs: number } {
  if (typeof data !== "object" || data === null || !("type" in data) || !("offsetMs" in data)) return false;
  return data.type === "clock" && typeof data.offsetMs === "number";
}
