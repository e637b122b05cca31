import { GatewayError, messageOf } from "../kernel/errors.ts";
import { maskAddresses } from "../kernel/logger.ts";
import type { ControlApi } from "./control-api.ts";

/** A camera that refused the password is left alone for so long: after a few more tries many lock themselves. */
const UNAUTHORIZED_PAUSE_MS = 60_000;

type Refused = { address: string; untilMs: number; reason: string };

export type CameraPaths = ReturnType<typeof createCameraPaths>;

/**
 * The cameras MediaMTX pulls, one path each, named by the camera's id. Keeps what is wanted, so that a MediaMTX that was
 * started again gets it all back. Addresses, with their passwords, are only ever in memory.
 */
export function createCameraPaths({ nowMs }: { nowMs: () => number }) {
  const wanted = new Map<string, string>();
  /** What the MediaMTX of now was told. */
  const placed = new Map<string, string>();
  const refused = new Map<string, Refused>();
  const waiting = new Map<string, Set<(reason: string) => void>>();
  const inTurn = createTurns();
  let api: ControlApi | undefined;

  async function place(cameraId: string, address: string): Promise<void> {
    if (!api) throw notRunning();
    if (placed.get(cameraId) === address) return;
    try {
      await api.putPath(cameraId, toSource(address));
    } catch (error) {
      throw new GatewayError("media_unavailable", `MediaMTX did not take the camera: ${messageOf(error)}`);
    }
    placed.set(cameraId, address);
  }

  function unplace(cameraId: string): Promise<void> {
    return inTurn(cameraId, async () => {
      if (!placed.delete(cameraId)) return;
      await api?.deletePath(cameraId).catch(() => {}); // it ended meanwhile, and the path with it
    });
  }

  return {
    /** Has the camera's path there, pulling `address`. Rejects while MediaMTX is not running. */
    ensure(cameraId: string, address: string): Promise<void> {
      wanted.set(cameraId, address);
      const before = refused.get(cameraId);
      if (before?.address === address && nowMs() < before.untilMs) {
        return Promise.reject(unreachable(before.reason));
      }
      return inTurn(cameraId, () => place(cameraId, address));
    },
    async remove(cameraId: string): Promise<void> {
      wanted.delete(cameraId);
      refused.delete(cameraId);
      await unplace(cameraId);
    },
    /** MediaMTX is up, and empty: gives it all that is wanted. */
    async attach(started: ControlApi): Promise<void> {
      api = started;
      placed.clear();
      const all = [...wanted].map(([id, address]) => inTurn(id, () => place(id, address)));
      await Promise.allSettled(all); // one that MediaMTX refuses is told to whoever asks for it
    },
    detach(): void {
      api = undefined;
      placed.clear();
    },
    /**
     * MediaMTX could not pull the camera, or lost it. The path goes, so that nobody is kept waiting for a next try, and
     * so that a wrong password is not sent again and again; who asks next brings it back.
     */
    failed(cameraId: string, reason: string): void {
      const address = placed.get(cameraId);
      if (address === undefined) return;
      const plain = maskAddresses(reason);
      if (/\b401\b/.test(plain)) {
        refused.set(cameraId, { address, untilMs: nowMs() + UNAUTHORIZED_PAUSE_MS, reason: plain });
      }
      for (const tell of waiting.get(cameraId) ?? []) tell(plain);
      void unplace(cameraId);
    },
    /** Rejects with the reason when the camera fails; never resolves. `signal` ends the waiting. */
    untilFailed(cameraId: string, signal: AbortSignal): Promise<never> {
      const set = waiting.get(cameraId) ?? new Set();
      waiting.set(cameraId, set);
      return new Promise((_, reject) => {
        const tell = (reason: string) => reject(unreachable(reason));
        set.add(tell);
        signal.addEventListener("abort", () => {
          set.delete(tell);
          if (set.size === 0) waiting.delete(cameraId);
        });
      });
    },
  };
}

export function unreachable(reason: string): GatewayError {
  return new GatewayError("camera_unreachable", `The camera gives no picture: ${reason}`);
}

export function notRunning(): GatewayError {
  return new GatewayError(
    "media_unavailable",
    "MediaMTX is not running, so there is no WebRTC and no HLS now.",
  );
}

/** Runs the tasks of one key one after another, those of different keys side by side. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return function inTurn<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
    const done = turn
      .catch(() => {})
      .then(() => {
        if (last.get(key) === done) last.delete(key);
      });
    last.set(key, done);
    return turn;
  };
}

/** User and password encoded as MediaMTX wants them: it refuses an address with a bare `%` or `#` in them. */
export function toSource(address: string): string {
  const url = new URL(address);
  url.username = encodeURIComponent(decoded(url.username));
  url.password = encodeURIComponent(decoded(url.password));
  return url.href;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a bare % is meant as it stands
  }
}
