import { access, constants, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { MediaState } from "#contract/system.ts";
import type { Logger } from "../kernel/logger.ts";
import { download } from "./download.ts";
import { clockTime, keepTrying, type Wait } from "./keep-trying.ts";
import { plainReason } from "./plain-reason.ts";
import { binaryName, type Release } from "./releases.ts";
import { unpackRelease } from "./unpack.ts";

export type FoundMediamtx = { file: string; from: "environment" | "path" | "cache" | "download" };

export type BringMediamtxDeps = {
  dataDir: string;
  /** `GUARITA_MEDIAMTX`. Where it is given nothing else is looked at. */
  fromEnv?: string | undefined;
  /** `PATH` */
  pathEnv: string;
  /** `${process.platform}-${process.arch}` */
  platform: string;
  releaseFor: (platform: string) => Release | undefined;
  fetch: typeof fetch;
  onState(state: MediaState): void;
  nowMs: () => number;
  wait: Wait;
  log: Logger;
};

/** The releases are 25 to 30 MB. */
const MAX_ARCHIVE_BYTES = 120e6;

/**
 * Finds MediaMTX, or brings it, however long that takes. Resolves to undefined where only a person can help; then
 * the state says why. Rejects only when `signal` aborts.
 */
export async function bringMediamtx(
  deps: BringMediamtxDeps,
  signal: AbortSignal,
): Promise<FoundMediamtx | undefined> {
  const { fromEnv, platform } = deps;
  const missing = (reason: string) => deps.onState({ status: "missing", reason });
  if (fromEnv) {
    if (await isProgram(fromEnv)) return { file: fromEnv, from: "environment" };
    missing(`GUARITA_MEDIAMTX names ${fromEnv}, which is not there or may not be run.`);
    return undefined;
  }
  const onPath = await findOnPath(deps.pathEnv, platform);
  if (onPath) return { file: onPath, from: "path" };
  const release = deps.releaseFor(platform);
  if (!release) {
    missing(`There is no MediaMTX release for this machine (${platform}). Install it and put it on PATH.`);
    return undefined;
  }
  const tools = join(deps.dataDir, "tools");
  const cached = join(tools, `mediamtx-${release.version}`, release.binary);
  if (await isProgram(cached)) return { file: cached, from: "cache" };
  return keepTrying({
    attempt: () => bring(deps, release, tools, signal),
    onFailed(reason, nextTryAtMs) {
      deps.log.warn({ reason }, "MediaMTX could not be brought");
      missing(`MediaMTX could not be downloaded: ${reason}. Trying again at ${clockTime(nextTryAtMs)}.`);
    },
    signal,
    wait: deps.wait,
    nowMs: deps.nowMs,
  });
}

type Brought = { kind: "here"; result: FoundMediamtx } | { kind: "failed"; reason: string };

async function bring(
  deps: BringMediamtxDeps,
  release: Release,
  tools: string,
  signal: AbortSignal,
): Promise<Brought> {
  deps.onState({ status: "downloading", version: release.version });
  const archive = join(tools, `mediamtx-${release.version}.${release.archive}`);
  try {
    await mkdir(tools, { recursive: true });
    const outcome = await download({
      fetch: deps.fetch,
      address: release.address,
      file: archive,
      sha256: [release.sha256],
      maxBytes: MAX_ARCHIVE_BYTES,
      signal,
      onProgress: throttled((progress) =>
        deps.onState({ status: "downloading", version: release.version, progress }),
      ),
    });
    if (outcome.kind === "failed") return outcome;
    const file = await unpackRelease(archive, release, join(tools, `mediamtx-${release.version}`));
    return { kind: "here", result: { file, from: "download" } };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "failed", reason: plainReason(error) };
  } finally {
    await rm(archive, { force: true });
  }
}

/** Passes progress on only when a whole percent was gained: every page hears of it. */
export function throttled(tell: (progress: number) => void): (fraction: number | undefined) => void {
  let told = -1;
  return (fraction) => {
    const percent = Math.floor((fraction ?? 0) * 100);
    if (percent <= told) return;
    told = percent;
    tell(percent / 100);
  };
}

async function findOnPath(pathEnv: string, platform: string): Promise<string | undefined> {
  const folders = pathEnv.split(platform.startsWith("win32") ? ";" : ":").filter(Boolean);
  for (const folder of folders) {
    const file = join(folder, binaryName(platform));
    if (await isProgram(file)) return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile(); // a folder may be "run" as well
  } catch {
    return false; // absent or not ours to run: either way not a program for us
  }
}
