import { spawn as nodeSpawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CameraStream } from "#contract/cameras.ts";
import type { MediaState } from "#contract/system.ts";
import { type BackoffPolicy, backoffMs } from "../kernel/backoff.ts";
import { messageOf } from "../kernel/errors.ts";
import { type Logger, maskAddresses } from "../kernel/logger.ts";
import { createCameraPaths, notRunning } from "./camera-paths.ts";
import { becomeReady, watch } from "./child-health.ts";
import { basicAuthorization, createControlApi } from "./control-api.ts";
import { type LogLine, startChild } from "./mediamtx-child.ts";
import { isSince, type MediamtxVersion, readVersion } from "./mediamtx-version.ts";
import { endOrphan, recordChild } from "./orphan.ts";
import { type CameraSource, parsePathName, pathName } from "./path-names.ts";
import { createPathWatch, type SetTimer, systemTimer } from "./path-watch.ts";
import { type Prepared, prepare } from "./prepare.ts";

/** First wait 0.5 s, doubling to 30 s, each with 0..20 % jitter. */
const BACKOFF: BackoffPolicy = { firstMs: 500, maxMs: 30_000, jitterFraction: 0.2 };
/** So many ends in a row, none after a minute of running, are told as `failed`. It is still started again. */
const FAILED_AFTER = 5;
const STEADY_MS = 60_000;

export type MediaDeps = {
  dataDir: string;
  /** The program, or null while there is none; asked at every start of it. */
  binary: () => string | null;
  /** `GUARITA_HOST`: where the WebRTC media port listens. All else is on loopback. */
  host: string;
  /** UDP and TCP. When it is taken another is chosen, and told. */
  webrtcPort: number;
  /** Further names or addresses of this machine for browsers, as in a container or behind NAT. */
  additionalHosts?: string[];
  onState(state: MediaState): void;
  /** A stream that was watched sent nothing for 15 s, so that its pull was ended; viewers come again by themselves. */
  onRestart?(cameraId: string, stream: CameraStream): void;
  nowMs: () => number;
  log: Logger;
  spawn?: typeof nodeSpawn;
  /** Resolves after `ms`, or when `signal` aborts. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  setTimer?: SetTimer;
};

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => {});

/** A MediaMTX that is up. */
type Running = Prepared & { version: MediamtxVersion };

/** Where the proxy reaches MediaMTX, and the header that opens it. Never leaves the gateway. */
export type MediaEndpoints = { webrtc: string; hls: string; authorization: string };

export type Media = ReturnType<typeof createMedia>;

/** Owns the MediaMTX process: starts it, keeps it running, gives it cameras, and ends it with the gateway. */
export function createMedia(deps: MediaDeps) {
  const { log } = deps;
  const folder = join(deps.dataDir, "media");
  const recordFile = join(folder, "mediamtx.pid.json");
  const cameraPaths = createCameraPaths({ nowMs: deps.nowMs });
  const pathWatch = createPathWatch({
    nowMs: deps.nowMs,
    setTimer: deps.setTimer ?? systemTimer,
    listPaths: cameraPaths.list,
    drop: cameraPaths.drop,
    onRestart(name) {
      const path = parsePathName(name);
      if (path) deps.onRestart?.(path.cameraId, path.stream);
    },
    log,
  });
  let state: MediaState = { status: "missing" };
  let running: Running | undefined;
  let loop: Promise<void> | undefined;
  let wake = () => {};
  const stopping = new AbortController();
  const stopped = stopping.signal;

  function tell(next: MediaState): void {
    state = next;
    deps.onState(next);
  }

  function onLine({ level, text }: LogLine): void {
    const masked = maskAddresses(text);
    const [, path, reason] = /^\[path ([^\]]+)\] \[RTSP source\] (.*)$/.exec(masked) ?? [];
    if (level === "error" && path && reason) cameraPaths.failed(path, reason);
    // what goes wrong in it is mostly a camera's, and heals itself
    if (level === "error" || level === "warn") log.warn({ from: "mediamtx" }, masked);
    else log.debug({ from: "mediamtx" }, masked);
  }

  /** One life of MediaMTX. Resolves to why it ended. */
  async function live(binary: string): Promise<string> {
    const answer = await readVersion(binary);
    if (answer.kind === "unusable") return answer.reason;
    const { version } = answer;
    if (!isSince(version, 6)) {
      log.warn(
        { version: version.text },
        "MediaMTX before 1.6 has no password on its control API (loopback only)",
      );
    }
    const prepared = await prepare(version, { ...deps, folder });
    if (stopped.aborted) return "stopped";
    const spawn = deps.spawn ?? nodeSpawn;
    const child = startChild({ spawn, binary, configFile: prepared.configFile, onLine });
    const endWithUs = () => void child.end();
    stopped.addEventListener("abort", endWithUs);
    try {
      if (child.pid) await recordChild(recordFile, child.pid, prepared.configFile);
      const api = createControlApi(prepared.ports.api, prepared.credentials);
      const early = await becomeReady(api, child, stopped);
      if (early !== undefined) return early;
      cameraPaths.attach(api);
      running = { ...prepared, version };
      tell({ status: "running", version: version.text, ...portNote(deps.webrtcPort, prepared.ports.media) });
      return await watch(api, child, log);
    } finally {
      running = undefined;
      cameraPaths.detach();
      pathWatch.forgetAll();
      await child.end();
      stopped.removeEventListener("abort", endWithUs);
      await rm(recordFile, { force: true });
    }
  }

  const awoken = () =>
    new Promise<void>((go) => {
      wake = go;
    });

  async function keepAlive(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await endOrphan(recordFile, log);
    for (let failures = 0; !stopped.aborted; ) {
      const binary = deps.binary();
      if (binary === null) {
        await awoken();
        continue;
      }
      if (failures === 0) tell({ status: "starting" });
      const startedAtMs = deps.nowMs();
      const why = await live(binary).catch(messageOf);
      if (stopped.aborted) return;
      failures = deps.nowMs() - startedAtMs > STEADY_MS ? 1 : failures + 1;
      const pauseMs = failures === 1 ? 0 : backoffMs(BACKOFF, failures - 2); // once may be an accident
      log.warn({ reason: why, pauseMs }, "MediaMTX ended and is started again");
      tell({ status: restartStatus(failures), reason: `${asSentence(why)} It is started again.` });
      await (deps.wait ?? pause)(pauseMs, stopped);
    }
  }

  async function ensurePath(cameraId: string, source: CameraSource): Promise<void> {
    await cameraPaths.ensure(cameraId, source);
    pathWatch.viewed(pathName(cameraId, source.stream));
  }

  return {
    /** Starts MediaMTX if there is one. Returns at once; called again when one was found, it looks again. */
    start(): void {
      wake();
      loop ??= keepAlive().catch((error: unknown) => {
        log.error({ err: error }, "MediaMTX cannot be run");
        tell({ status: "failed", reason: asSentence(`MediaMTX cannot be run: ${messageOf(error)}`) });
      });
    },
    /** Resolves when MediaMTX is gone, within 3 s. */
    async stop(): Promise<void> {
      stopping.abort();
      wake();
      await loop;
    },
    state: (): MediaState => state,
    /** Has one stream of the camera pulled on demand; a changed address replaces the old one. For each new viewer. */
    ensurePath,
    /** For a camera that was removed or changed: both its streams. */
    removePath: cameraPaths.remove,
    /** By the path's name. */
    untilFailed: cameraPaths.untilFailed,
    /** A viewer asked for a further part of the stream; what nobody asks for any more is let go after 30 s. */
    viewed: (cameraId: string, stream: CameraStream) => pathWatch.viewed(pathName(cameraId, stream)),
    /**
     * Where a tap reads a camera through MediaMTX: on loopback, with password, valid until MediaMTX is started again,
     * so it is asked for anew at every connection. Rejects with `media_unavailable` while MediaMTX is not running.
     */
    async rtspAddress(cameraId: string, source: CameraSource): Promise<string> {
      await ensurePath(cameraId, source);
      if (!running) throw notRunning();
      const { user, password } = running.credentials;
      const path = pathName(cameraId, source.stream);
      return `rtsp://${user}:${password}@127.0.0.1:${running.ports.rtsp}/${path}`;
    },
    /** For the proxy. Throws `media_unavailable` while MediaMTX is not running. */
    endpoints(): MediaEndpoints {
      if (!running) throw notRunning();
      const { ports, credentials } = running;
      const authorization = basicAuthorization(credentials);
      const [webrtc, hls] = [ports.webrtc, ports.hls].map((port) => `http://127.0.0.1:${port}`) as [
        string,
        string,
      ];
      return { webrtc, hls, authorization };
    },
  };
}

const restartStatus = (failures: number) => (failures >= FAILED_AFTER ? "failed" : "restarting");

const asSentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function portNote(wanted: number, got: number): { reason?: string } {
  if (wanted === got) return {};
  return { reason: `Port ${wanted} is taken by another program, so WebRTC uses port ${got}.` };
}
