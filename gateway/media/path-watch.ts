import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import type { ListedPath } from "./control-api.ts";

const LOOK_EVERY_MS = 5_000;
/** A path with readers whose bytes have not risen for so long is pulled anew. */
const FROZEN_AFTER_MS = 15_000;
/** From the last viewer to the end of the pull. MediaMTX itself does it for WebRTC, and takes a minute for HLS. */
const LET_GO_AFTER_MS = 30_000;
/** Who asked has become a reader by then, or was refused: MediaMTX gives a camera 10 s. */
const BECOMES_READER_WITHIN_MS = 15_000;

/** Runs `run` once after the delay; the returned function cancels it. */
export type SetTimer = (run: () => void, delayMs: number) => () => void;

/** Does not keep the process alive. */
export const systemTimer: SetTimer = (run, delayMs) => {
  const timer = setTimeout(run, delayMs);
  timer.unref();
  return () => clearTimeout(timer);
};

type Seen = {
  askedAtMs: number;
  bytes: number | undefined;
  /** When a look first found this many bytes, or the path not ready. */
  risenAtMs: number;
  /** Somebody certainly watched until then. */
  viewedAtMs: number;
};

export type PathWatchDeps = {
  nowMs: () => number;
  setTimer: SetTimer;
  listPaths(): Promise<ListedPath[]>;
  /** Ends the pull and its readers; who asks next has it pulled anew. */
  drop(name: string): Promise<void>;
  /** A path with readers was frozen and has been dropped. At most once in 15 s for one path. */
  onRestart(name: string): void;
  log: Logger;
};

export type PathWatch = ReturnType<typeof createPathWatch>;

/**
 * Looks every 5 s, and only while paths have viewers, at how all paths are, with one request. MediaMTX (1.20) ends a
 * pull by itself that is silent for 10 s; one whose camera still sends control packets, and no picture, it keeps for
 * ever, and tells nobody. So the bytes are counted here.
 */
export function createPathWatch(deps: PathWatchDeps) {
  const { nowMs, setTimer, listPaths, log } = deps;
  const seen = new Map<string, Seen>();
  let cancelTimer: (() => void) | undefined;
  let isLooking = false;

  function entryOf(name: string): Seen {
    const atMs = nowMs();
    const entry = seen.get(name) ?? {
      askedAtMs: atMs,
      bytes: undefined,
      risenAtMs: atMs,
      viewedAtMs: atMs,
    };
    seen.set(name, entry);
    return entry;
  }

  function lookLater(): void {
    if (cancelTimer || isLooking || seen.size === 0) return;
    cancelTimer = setTimer(() => {
      cancelTimer = undefined;
      void look();
    }, LOOK_EVERY_MS);
  }

  async function look(): Promise<void> {
    isLooking = true;
    try {
      const paths = new Map((await listPaths()).map((path) => [path.name, path]));
      for (const [name, path] of paths) if (path.readers.length > 0) entryOf(name);
      for (const [name, entry] of seen) await act(name, judge(entry, paths.get(name), nowMs()));
    } catch (error) {
      log.debug({ reason: messageOf(error) }, "how the paths are was not told"); // whether it lives is watched elsewhere
    } finally {
      isLooking = false;
      lookLater();
    }
  }

  async function act(name: string, verdict: Verdict): Promise<void> {
    if (verdict === "keep") return;
    seen.delete(name);
    if (verdict === "forget") return;
    await deps.drop(name);
    if (verdict === "let_go") return;
    log.warn({ path: name }, "a camera sends nothing, so MediaMTX pulls it anew");
    deps.onRestart(name);
  }

  return {
    /** Somebody asks for the stream now, or for a further part of it. */
    viewed(name: string): void {
      const entry = entryOf(name);
      entry.askedAtMs = nowMs();
      entry.viewedAtMs = Math.max(entry.viewedAtMs, entry.askedAtMs);
      lookLater();
    },
    /** MediaMTX ended, and every path with it. */
    forgetAll(): void {
      cancelTimer?.();
      cancelTimer = undefined;
      seen.clear();
    },
  };
}

type Verdict = "keep" | "restart" | "let_go" | "forget";

/** What a look makes of one path; notes in `entry` what the next look must know. */
function judge(entry: Seen, path: ListedPath | undefined, atMs: number): Verdict {
  if (!path?.isReady) {
    entry.risenAtMs = atMs;
    const isStarting = atMs - entry.askedAtMs < BECOMES_READER_WITHIN_MS;
    return isStarting || path?.readers.length ? "keep" : "forget";
  }
  // one who is there now may stay until just before the next look
  if (!path.readers.every(isOfHls)) entry.viewedAtMs = atMs + LOOK_EVERY_MS;
  if (atMs - entry.viewedAtMs >= LET_GO_AFTER_MS) return "let_go";
  if (path.receivedBytes === undefined || path.receivedBytes !== entry.bytes || path.readers.length === 0) {
    entry.bytes = path.receivedBytes;
    entry.risenAtMs = atMs;
  }
  return atMs - entry.risenAtMs >= FROZEN_AFTER_MS ? "restart" : "keep";
}

/** MediaMTX reads for its HLS muxer, which outlives the viewers by half a minute. */
const isOfHls = (reader: string): boolean => reader.startsWith("hls") || reader === "hidden";
