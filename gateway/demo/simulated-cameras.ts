import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Logger } from "../kernel/logger.ts";
import { type AccessScheme, type Credentials, createAccessCheck } from "./access-check.ts";
import type { Clip } from "./clip.ts";
import { endsPlaying, type Fault } from "./faults.ts";
import { createRandom } from "./random.ts";
import { createRtspSession, type RtspSession, type SessionCamera } from "./rtsp-session.ts";
import { createTimeline, type Timeline } from "./timeline.ts";
import { createUdpSender, type UdpSender } from "./udp-sender.ts";

export type CameraPlan = {
  /** Without a leading slash, as in `rtsp://127.0.0.1:554/cam0`. */
  path: string;
  /** Read when somebody first asks for it, where it is a function. */
  clip: Clip | (() => Promise<Clip>);
  /** How far into its clip the camera is at the start; by default a different part of a second for each. */
  aheadMs?: number;
};

type SimulatedCamerasDeps = {
  cameras: CameraPlan[];
  nowMs: () => number;
  log: Logger;
  credentials?: Credentials;
  /** Offered in this order. */
  schemes?: AccessScheme[];
  /** A reader this far behind goes on with the next key frame. */
  maxWaitingBytes?: number;
  timeoutS?: number;
};

export type CameraStatus = {
  path: string;
  fault: Fault | undefined;
  readers: number;
  /** A picture presented at t ms of the clip was taken at this instant + t, and again each length later. */
  loopStartedAtMs: number;
  /** Null until the clip has been read. */
  clipLengthMs: number | null;
};

export type SimulatedCameras = {
  /** Port 0 takes a free one. Starting again after `stop` keeps the cameras' timelines. */
  start(port?: number, host?: string): Promise<{ port: number }>;
  /** Ends every connection; until the next start the computer refuses new ones. */
  stop(): Promise<void>;
  /** Throws for a path no camera has. */
  setFault(path: string, fault: Fault): void;
  clearFault(path: string): void;
  /** With user and password, for a client. Throws before the start. */
  addressOf(path: string): string;
  status(): CameraStatus[];
};

type Camera = SessionCamera & { startedAtMs: number; lengthMs: number | null };

/** Frames due within this time of each other are sent in one go: many cameras then cost few wake-ups. */
const TICK_MS = 4;

/** Many cameras in one RTSP server. */
export function createSimulatedCameras(deps: SimulatedCamerasDeps): SimulatedCameras {
  const cameras = new Map(deps.cameras.map((plan, index) => [plan.path, openCamera(plan, index)] as const));
  const sessions = new Set<RtspSession>();
  const random = createRandom(1);
  let server: Server | undefined;
  let udp: UdpSender | undefined;
  let address: { host: string; port: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  function openCamera(plan: CameraPlan, index: number): Camera {
    const startedAtMs = deps.nowMs() - (plan.aheadMs ?? (index * 137) % 1000);
    let opened: Promise<{ clip: Clip; timeline: Timeline }> | undefined;
    async function read(): Promise<{ clip: Clip; timeline: Timeline }> {
      const clip = typeof plan.clip === "function" ? await plan.clip() : plan.clip;
      camera.lengthMs = clip.lengthMs;
      return { clip, timeline: createTimeline(clip, startedAtMs) };
    }
    const camera: Camera = {
      path: plan.path,
      fault: undefined,
      faultSinceMs: 0,
      startedAtMs,
      lengthMs: typeof plan.clip === "function" ? null : plan.clip.lengthMs,
      open() {
        opened ??= read().catch((error: unknown) => {
          opened = undefined; // the next reader tries again
          throw error;
        });
        return opened;
      },
    };
    return camera;
  }

  function cameraAt(path: string): Camera {
    const camera = cameras.get(path);
    if (camera === undefined) throw new Error(`there is no simulated camera "${path}"`);
    return camera;
  }

  function advanceAll(): void {
    const nowMs = deps.nowMs();
    let nextAtMs = Number.POSITIVE_INFINITY;
    for (const session of sessions) nextAtMs = Math.min(nextAtMs, session.advance(nowMs));
    const idle = nextAtMs === Number.POSITIVE_INFINITY;
    timer = idle ? undefined : setTimeout(advanceAll, Math.max(TICK_MS, nextAtMs - nowMs));
  }

  function accept(socket: Socket, sender: UdpSender): void {
    const session = createRtspSession(socket, {
      findCamera: (path) => cameras.get(path),
      access: createAccessCheck(deps.credentials, deps.schemes ?? ["digest-md5"]),
      udp: sender,
      nowMs: deps.nowMs,
      random,
      maxWaitingBytes: deps.maxWaitingBytes ?? 1024 * 1024,
      timeoutS: deps.timeoutS ?? 60,
      onPlaying() {
        clearTimeout(timer);
        timer = setTimeout(advanceAll, 0);
      },
      onError: (error) => deps.log.error({ err: error, path: session.path() }, "simulated camera failed"),
    });
    sessions.add(session);
    socket.on("close", () => sessions.delete(session));
  }

  function closeSessions(which: (session: RtspSession) => boolean): void {
    for (const session of sessions) if (which(session)) session.close();
  }

  return {
    start(port = 0, host = "127.0.0.1") {
      const sender = createUdpSender({
        host,
        onReport(from) {
          for (const session of sessions) session.hearReport(from);
        },
      });
      const listening = createServer((socket) => accept(socket, sender));
      server = listening;
      udp = sender;
      return new Promise((resolve, reject) => {
        listening.once("error", reject);
        listening.listen(port, host, () => {
          // a listening TCP server always has an address of this form
          address = { host, port: (listening.address() as AddressInfo).port };
          resolve({ port: address.port });
        });
      });
    },
    stop() {
      clearTimeout(timer);
      const listening = server;
      server = undefined;
      const ended = new Promise<void>((resolve) => {
        if (listening === undefined) resolve();
        else listening.close(() => resolve());
      });
      closeSessions(() => true);
      udp?.close();
      return ended;
    },
    setFault(path, fault) {
      const camera = cameraAt(path);
      camera.fault = fault;
      camera.faultSinceMs = deps.nowMs();
      if (endsPlaying(fault)) closeSessions((session) => session.path() === path);
    },
    clearFault(path) {
      cameraAt(path).fault = undefined;
    },
    addressOf(path) {
      if (address === undefined) throw new Error("the simulated cameras have not been started");
      const login = deps.credentials
        ? `${encodeURIComponent(deps.credentials.user)}:${encodeURIComponent(deps.credentials.password)}@`
        : "";
      const host = isIPv6(address.host) ? `[${address.host}]` : address.host;
      return `rtsp://${login}${host}:${address.port}/${cameraAt(path).path}`;
    },
    status: () =>
      [...cameras.values()].map((camera) => ({
        path: camera.path,
        fault: camera.fault,
        readers: [...sessions].filter((one) => one.isPlaying() && one.path() === camera.path).length,
        loopStartedAtMs: camera.startedAtMs,
        clipLengthMs: camera.lengthMs,
      })),
  };
}
