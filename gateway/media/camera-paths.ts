import { GatewayError, messageOf } from "../kernel/errors.ts";
import { maskAddresses } from "../kernel/logger.ts";
import type { ControlApi, ListedPath } from "./control-api.ts";
import { type CameraSource, parsePathName, pathName, pathNamesOf } from "./path-names.ts";

/** A camera that refused the password is left alone for so long: after a few more tries many lock themselves. */
const UNAUTHORIZED_PAUSE_MS = 60_000;

type Refused = { login: string; untilMs: number; reason: string };

export type CameraPaths = ReturnType<typeof createCameraPaths>;

/**
 * The streams MediaMTX pulls, one path each. A path is added when somebody first asks for its stream, never ahead: an
 * add costs 5 ms, but 35 ms once 200 are there, and a MediaMTX that was started again is of use sooner without them.
 * Addresses, with their passwords, are only ever in memory.
 */
export function createCameraPaths({ nowMs }: { nowMs: () => number }) {
  /** What the MediaMTX of now was told, by the path's name. */
  const placed = new Map<string, CameraSource>();
  /** By camera, since its streams share user and password. */
  const refused = new Map<string, Refused>();
  const waiting = new Map<string, Set<(reason: string) => void>>();
  const inTurn = createTurns();
  let api: ControlApi | undefined;

  async function place(name: string, source: CameraSource): Promise<void> {
    if (!api) throw notRunning();
    const before = placed.get(name);
    if (before?.address === source.address && before.rtspTransport === source.rtspTransport) return;
    try {
      await api.putPath(name, toSource(source.address), source.rtspTransport);
    } catch (error) {
      throw new GatewayError("media_unavailable", `MediaMTX did not take the camera: ${messageOf(error)}`);
    }
    placed.set(name, source);
  }

  function unplace(name: string): Promise<void> {
    return inTurn(name, async () => {
      if (!placed.delete(name)) return;
      await api?.deletePath(name).catch(() => {}); // it ended meanwhile, and the path with it
    });
  }

  function refuseWhilePaused(cameraId: string, address: string): void {
    const before = refused.get(cameraId);
    if (before?.login === loginOf(address) && nowMs() < before.untilMs) throw unreachable(before.reason);
  }

  return {
    /** Has the stream's path there. Rejects while MediaMTX is not running, and while the password is a refused one. */
    async ensure(cameraId: string, source: CameraSource): Promise<void> {
      refuseWhilePaused(cameraId, source.address);
      const name = pathName(cameraId, source.stream);
      await inTurn(name, () => place(name, source));
    },
    /** Takes both streams of a camera away, and with them whoever reads them. */
    async remove(cameraId: string): Promise<void> {
      refused.delete(cameraId);
      await Promise.all(pathNamesOf(cameraId).map(unplace));
    },
    /** Ends the pull and its readers; who asks next has it pulled anew. */
    drop: unplace,
    /** MediaMTX is up, and empty. */
    attach(started: ControlApi): void {
      api = started;
      placed.clear();
    },
    detach(): void {
      api = undefined;
      placed.clear();
    },
    /** How the paths are; rejects while MediaMTX does not answer. */
    async list(): Promise<ListedPath[]> {
      return api ? api.listPaths() : [];
    },
    /**
     * MediaMTX could not pull the stream, or lost it. The path goes, so that nobody is kept waiting for a next try, and
     * so that a wrong password is not sent again and again; who asks next brings it back.
     */
    failed(name: string, reason: string): void {
      const source = placed.get(name);
      const cameraId = parsePathName(name)?.cameraId;
      if (source === undefined || cameraId === undefined) return;
      const plain = maskAddresses(reason);
      if (/\b401\b/.test(plain)) {
        const untilMs = nowMs() + UNAUTHORIZED_PAUSE_MS;
        refused.set(cameraId, { login: loginOf(source.address), untilMs, reason: plain });
      }
      for (const tell of waiting.get(name) ?? []) tell(plain);
      void unplace(name);
    },
    /** Rejects with the reason when the stream fails; never resolves. `signal` ends the waiting. */
    untilFailed(name: string, signal: AbortSignal): Promise<never> {
      const set = waiting.get(name) ?? new Set();
      waiting.set(name, set);
      return new Promise((_, reject) => {
        const tell = (reason: string) => reject(unreachable(reason));
        set.add(tell);
        signal.addEventListener("abort", () => {
          set.delete(tell);
          if (set.size === 0) waiting.delete(name);
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

/** Who knocks at which door: what a camera counts when it counts wrong passwords. */
function loginOf(address: string): string {
  const { username, password, host } = new URL(address);
  return `${username}:${password}@${host}`;
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
