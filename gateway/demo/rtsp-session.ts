import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { AccessCheck } from "./access-check.ts";
import type { Clip } from "./clip.ts";
import type { Fault } from "./faults.ts";
import { createPlaying, type Playing } from "./playing.ts";
import { createRtpStream, type RtpStream } from "./rtp-stream.ts";
import {
  cameraPathOf,
  createRequestReader,
  formatAnswer,
  type RtspAnswer,
  type RtspRequest,
} from "./rtsp-message.ts";
import { describeSession } from "./session-description.ts";
import type { Timeline } from "./timeline.ts";
import type { UdpSender } from "./udp-sender.ts";

/** A camera as a connection sees it. */
export type SessionCamera = {
  path: string;
  fault: Fault | undefined;
  faultSinceMs: number;
  open(): Promise<{ clip: Clip; timeline: Timeline }>;
};

type SessionDeps = {
  findCamera: (path: string) => SessionCamera | undefined;
  access: AccessCheck;
  udp: UdpSender;
  nowMs: () => number;
  random: () => number;
  maxWaitingBytes: number;
  /** A reader that says nothing for this long is gone. */
  timeoutS: number;
  /** Frames are due from now on. */
  onPlaying: () => void;
  onError: (error: unknown) => void;
};

export type RtspSession = {
  /** Which camera was asked for last. */
  path(): string | undefined;
  isPlaying(): boolean;
  /** A report came over UDP: this session's reader is there, if it was its own. */
  hearReport(from: { address: string; port: number }): void;
  /** Sends what is due; answers when the next picture is, infinity when this session has none to send. */
  advance(nowMs: number): number;
  close(): void;
};

/** The way to the reader. */
type Route = {
  channels: { rtp: number; rtcp: number };
  /** As SETUP is answered. */
  transport: string;
  write(interleaved: Buffer): void;
  waitingBytes(): number;
  /** Where the reader's reports come from over UDP. */
  reports?: { address: string; port: number };
};

type SetUp = { camera: SessionCamera; timeline: Timeline; stream: RtpStream; route: Route; id: string };
type State =
  | { status: "fresh" }
  | ({ status: "ready" } & SetUp)
  | ({ status: "playing"; playing: Playing } & SetUp);

type Reply = RtspAnswer | "hang_up" | "silence";

const METHODS = [
  "OPTIONS",
  "DESCRIBE",
  "SETUP",
  "PLAY",
  "PAUSE",
  "TEARDOWN",
  "GET_PARAMETER",
  "SET_PARAMETER",
];
const GUARDED = new Set(["DESCRIBE", "SETUP", "PLAY"]);

/** Serves one connection. Requests are answered one after the other, whatever each has to wait for. */
export function createRtspSession(socket: Socket, deps: SessionDeps): RtspSession {
  const reader = createRequestReader();
  const closed = new AbortController();
  let state: State = { status: "fresh" };
  let path: string | undefined;
  let heardAtMs = deps.nowMs();
  let lastAnswer: Promise<void> = Promise.resolve();

  async function describe(camera: SessionCamera, uri: string): Promise<RtspAnswer> {
    if (camera.fault?.kind === "slow_start")
      await wait(camera.fault.ms, undefined, { signal: closed.signal });
    const { clip } = await camera.open();
    return {
      status: 200,
      headers: [
        ["Content-Type", "application/sdp"],
        ["Content-Base", uri.replace(/\/?$/, "/")],
      ],
      body: describeSession(clip, socket.remoteFamily === "IPv6" ? 6 : 4),
    };
  }

  /** The first way of those a reader offers that can be gone. */
  async function chooseRoute(offers: string): Promise<Route | undefined> {
    for (const offer of offers.split(",")) {
      if (/RTP\/AVP\/TCP/i.test(offer)) return overTcp(offer);
      const ports = /client_port=(\d{1,5})-(\d{1,5})/i.exec(offer);
      if (ports && !/multicast/i.test(offer)) return overUdp(Number(ports[1]), Number(ports[2]));
    }
    return undefined;
  }

  function overTcp(offer: string): Route {
    const [, rtp = "0", rtcp = "1"] = /interleaved=(\d+)-(\d+)/.exec(offer) ?? [];
    return {
      channels: { rtp: Number(rtp) & 0xff, rtcp: Number(rtcp) & 0xff },
      transport: `RTP/AVP/TCP;unicast;interleaved=${rtp}-${rtcp}`,
      write: (interleaved) => void socket.write(interleaved),
      waitingBytes: () => socket.writableLength,
    };
  }

  async function overUdp(rtpPort: number, rtcpPort: number): Promise<Route | undefined> {
    const isPort = (port: number) => port > 0 && port < 65_536;
    if (!isPort(rtpPort) || !isPort(rtcpPort)) return undefined;
    const own = await deps.udp.ports();
    const address = socket.remoteAddress ?? "";
    return {
      channels: { rtp: 0, rtcp: 1 },
      transport: `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort};server_port=${own.rtpPort}-${own.rtcpPort}`,
      write: (interleaved) => deps.udp.send({ address, rtpPort, rtcpPort }, interleaved),
      waitingBytes: () => 0,
      reports: { address, port: rtcpPort },
    };
  }

  async function setUp(camera: SessionCamera, request: RtspRequest): Promise<RtspAnswer> {
    const route = await chooseRoute(request.headers.get("transport") ?? "");
    if (route === undefined) return { status: 461 };
    const stream = createRtpStream(route.channels);
    const { timeline } = await camera.open();
    state = { status: "ready", camera, timeline, stream, route, id: randomBytes(6).toString("hex") };
    const ssrc = stream.ssrc.toString(16).padStart(8, "0").toUpperCase();
    return {
      status: 200,
      headers: [
        ["Session", `${state.id};timeout=${deps.timeoutS}`],
        ["Transport", `${route.transport};ssrc=${ssrc}`],
      ],
    };
  }

  function play(uri: string): Reply {
    if (state.status === "fresh") return { status: 455 };
    const { camera, timeline, stream, route, id } = state;
    const playing = createPlaying(
      {
        timeline,
        stream,
        fault: () => camera.fault,
        faultSinceMs: () => camera.faultSinceMs,
        random: deps.random,
        write: route.write,
        waitingBytes: route.waitingBytes,
        maxWaitingBytes: deps.maxWaitingBytes,
      },
      deps.nowMs(),
    );
    const track = `${uri.replace(/\/?(trackID=0)?$/, "")}/trackID=0`;
    const first = `seq=${stream.nextSequence()};rtptime=${stream.timestampOf(playing.firstMs)}`;
    state = { status: "playing", camera, timeline, stream, route, id, playing };
    return {
      status: 200,
      headers: [
        ["Session", id],
        ["Range", "npt=now-"],
        ["RTP-Info", `url=${track};${first}`],
      ],
    };
  }

  function pause(): RtspAnswer {
    if (state.status === "fresh") return { status: 455 };
    state = { ...state, status: "ready" };
    return inSession();
  }

  function inSession(): RtspAnswer {
    return { status: 200, headers: state.status === "fresh" ? [] : [["Session", state.id]] };
  }

  async function answerTo(request: RtspRequest): Promise<Reply> {
    const target = cameraPathOf(request.uri);
    const camera = target && deps.findCamera(target.path);
    const fault = camera?.fault?.kind;
    if (target) path = target.path;
    if (fault === "refuse") return "hang_up";
    if (fault === "black_hole" || isInBlackHole()) return "silence";
    if (GUARDED.has(request.method)) {
      if (fault === "unauthorized" || !deps.access.passes(request)) {
        const challenges = deps.access.challenges();
        return { status: 401, headers: challenges.map((value) => ["WWW-Authenticate", value]) };
      }
      if (target === undefined) return { status: 400 };
      const isThere = camera !== undefined && fault !== "not_found" && (target.track ?? 0) === 0;
      if (!isThere) return { status: 404 };
      if (request.method === "DESCRIBE") return describe(camera, request.uri);
      return request.method === "SETUP" ? setUp(camera, request) : play(request.uri);
    }
    if (request.method === "OPTIONS") return { status: 200, headers: [["Public", METHODS.join(", ")]] };
    if (request.method === "PAUSE") return pause();
    return METHODS.includes(request.method) ? inSession() : { status: 501 };
  }

  const isInBlackHole = (): boolean => state.status !== "fresh" && state.camera.fault?.kind === "black_hole";

  async function serve(request: RtspRequest): Promise<void> {
    const wasPlaying = state.status === "playing";
    const reply = await answerTo(request).catch((error: unknown): RtspAnswer => {
      if (!closed.signal.aborted) deps.onError(error);
      return { status: 500 };
    });
    if (socket.destroyed || reply === "silence") return;
    if (reply === "hang_up") {
      socket.destroy();
      return;
    }
    socket.write(formatAnswer(request, reply));
    if (request.method === "TEARDOWN") socket.end();
    if (wasPlaying || state.status !== "playing") return;
    if (state.camera.fault?.kind === "drop") socket.destroySoon();
    else deps.onPlaying();
  }

  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy()); // a reader that vanishes is nobody's mistake
  socket.on("close", () => closed.abort());
  socket.on("data", (bytes) => {
    heardAtMs = deps.nowMs();
    const requests = reader.push(bytes);
    if (requests === "broken") socket.destroy();
    else for (const request of requests) lastAnswer = lastAnswer.then(() => serve(request));
  });

  return {
    path: () => path,
    isPlaying: () => state.status === "playing",
    hearReport({ address, port }) {
      const own = state.status === "fresh" ? undefined : state.route.reports;
      if (own?.address === address && own.port === port) heardAtMs = deps.nowMs();
    },
    advance(nowMs) {
      if (state.status !== "playing" || socket.destroyed) return Number.POSITIVE_INFINITY;
      if (isInBlackHole()) heardAtMs = nowMs;
      if (nowMs - heardAtMs > deps.timeoutS * 1000) socket.destroy();
      return state.playing.advance(nowMs);
    },
    close: () => socket.destroy(),
  };
}
