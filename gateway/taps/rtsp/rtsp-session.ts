import type { RtspTransport } from "#contract/cameras.ts";
import { CameraFailure, noUdpPackets } from "../camera-failure.ts";
import type { Clock } from "../clock.ts";
import { baseUrl, controlUrl } from "./control-url.ts";
import { isReadOverUdp, parseRtspAddress } from "./rtsp-address.ts";
import { createRtspConnection } from "./rtsp-connection.ts";
import { headerOf, type RtspResponse } from "./rtsp-message.ts";
import { parseSdp, type SdpVideo } from "./sdp.ts";
import { OVER_TCP, overUdp, parseTransport } from "./transport-header.ts";
import { openUdpFlow, type UdpFlow } from "./udp-flow.ts";

/** A camera on the same network answers in milliseconds; one behind a tunnel within a second. */
const CONNECT_TIMEOUT_MS = 4_000;
/** From the connection to the first answer, which no camera has to think about: one that hangs is tried again soon. */
const FIRST_ANSWER_TIMEOUT_MS = 3_000;
/** From the start to the answer to PLAY: a person is told within 10 s. */
const HANDSHAKE_TIMEOUT_MS = 8_000;
/** RFC 2326, 12.37. */
const DEFAULT_SESSION_TIMEOUT_S = 60;
const KEEP_ALIVE_SHARE = 0.4;
const MAX_KEEP_ALIVE_MS = 30_000;
/** A camera that plays over UDP, and nothing arrives: a firewall, most often. */
const FIRST_PACKET_TIMEOUT_MS = 5_000;

export type RtspSessionDeps = {
  address: string;
  transport: RtspTransport;
  clock: Clock;
  /** The camera described its stream; packets may follow at once. */
  onVideo: (video: SdpVideo) => void;
  onPlaying: () => void;
  onRtp: (bytes: Buffer, start: number, end: number) => void;
  onRtcp: (bytes: Buffer, start: number, end: number) => void;
  /** Once, unless stopped before. */
  onEnded: (failure: CameraFailure) => void;
};

/** Plays the video of one RTSP address until it ends or is stopped. Throws on an address that is none. */
export function openRtspSession(deps: RtspSessionDeps): { stop(): void } {
  const address = parseRtspAddress(deps.address);
  const { clock } = deps;
  const isOverUdp = isReadOverUdp(address, deps.transport);
  let udp: UdpFlow | undefined;
  let packetCame = false;
  let ended = false;
  let cancelPacketTimer = (): void => undefined;
  let channels = { rtp: 0, rtcp: 1 };
  let playUrl = address.url;
  let keepAliveBy = "OPTIONS";
  const startedAtMs = clock.nowMs();
  let cancelTimer = clock.setTimer(noConnection, CONNECT_TIMEOUT_MS);

  const connection = createRtspConnection({
    address,
    onConnected() {
      setTimer(noAnswer, FIRST_ANSWER_TIMEOUT_MS);
      handshake().catch(fail);
    },
    onPacket(channel, bytes, start, end) {
      if (channel === channels.rtp) takeRtp(bytes, start, end);
      else if (channel === channels.rtcp) deps.onRtcp(bytes, start, end);
    },
    onEnded(failure) {
      cleanUp();
      deps.onEnded(failure);
    },
  });

  function takeRtp(bytes: Buffer, start: number, end: number): void {
    packetCame = true;
    deps.onRtp(bytes, start, end);
  }

  function cleanUp(): void {
    ended = true;
    cancelTimer();
    cancelPacketTimer();
    udp?.close();
  }

  function setTimer(run: () => void, delayMs: number): void {
    cancelTimer();
    cancelTimer = clock.setTimer(run, delayMs);
  }
  function noConnection(): void {
    connection.end(new CameraFailure("unreachable", "the host does not answer", { nobodyThere: true }));
  }
  function noAnswer(): void {
    connection.end(new CameraFailure("timeout", "the camera takes the connection but does not answer"));
  }
  function fail(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    connection.end(error instanceof CameraFailure ? error : new CameraFailure("protocol", detail));
  }

  async function handshake(): Promise<void> {
    const options = await connection.request("OPTIONS", address.url);
    if (ended) return;
    setTimer(noAnswer, startedAtMs + HANDSHAKE_TIMEOUT_MS - clock.nowMs());
    if (options.status === 401) throw refusal("OPTIONS", options);
    if (headerOf(options.headers, "public")?.includes("GET_PARAMETER")) keepAliveBy = "GET_PARAMETER";
    const { video, base } = await describe();
    if (isOverUdp) await openUdp(video.clockRateHz);
    const timeoutS = await setup(controlUrl(base, video.control));
    playUrl = controlUrl(base, video.sessionControl);
    expectOk("PLAY", await connection.request("PLAY", playUrl, { Range: "npt=0.000-" }));
    if (ended) return; // by what came right behind the answer
    const everyMs = Math.min(MAX_KEEP_ALIVE_MS, timeoutS * 1_000 * KEEP_ALIVE_SHARE);
    setTimer(() => keepAlive(everyMs), everyMs);
    if (udp && !packetCame) cancelPacketTimer = clock.setTimer(expectPacket, FIRST_PACKET_TIMEOUT_MS);
    deps.onPlaying();
  }
  function expectPacket(): void {
    if (!packetCame) connection.end(noUdpPackets());
  }

  async function openUdp(clockRateHz: number): Promise<void> {
    const flow = await openUdpFlow({
      cameraAddress: connection.remoteAddress(),
      clockRateHz,
      clock,
      onRtp: (packet) => connection.guard(() => takeRtp(packet, 0, packet.length)),
      onRtcp: (packet) => connection.guard(() => deps.onRtcp(packet, 0, packet.length)),
      onError: fail,
    });
    if (ended) flow.close();
    else udp = flow;
  }

  async function describe() {
    const response = await connection.request("DESCRIBE", address.url, { Accept: "application/sdp" });
    expectOk("DESCRIBE", response);
    const sdp = parseSdp(response.body);
    if (sdp.kind === "no_video") throw new CameraFailure("no_video", "the address has no video");
    if (sdp.kind === "unsupported") {
      throw new CameraFailure("unsupported_codec", `the video is ${sdp.codec}`);
    }
    const { headers } = response;
    const contentBase = headerOf(headers, "content-base") ?? headerOf(headers, "content-location");
    deps.onVideo(sdp.video);
    return { video: sdp.video, base: baseUrl(address.url, contentBase) };
  }

  /** Answers the session's timeout in seconds. */
  async function setup(url: string): Promise<number> {
    const transport = udp ? overUdp(udp.rtpPort, udp.rtcpPort) : OVER_TCP;
    const response = await connection.request("SETUP", url, { Transport: transport });
    expectOk("SETUP", response);
    const given = parseTransport(headerOf(response.headers, "transport") ?? "");
    channels = given.channels ?? channels;
    if (given.serverPorts) udp?.begin(given.serverPorts);
    const [id = "", ...parameters] = (headerOf(response.headers, "session") ?? "").split(";");
    if (id.trim() === "") throw new CameraFailure("protocol", "the camera opened no session");
    connection.useSession(id.trim());
    const timeoutS = Number(/timeout\s*=\s*(\d+)/i.exec(parameters.join(";"))?.[1]);
    return timeoutS > 0 ? timeoutS : DEFAULT_SESSION_TIMEOUT_S;
  }

  function keepAlive(everyMs: number): void {
    setTimer(() => keepAlive(everyMs), everyMs);
    // one that goes unanswered is no fault: some cameras never answer, and pictures are watched elsewhere
    connection.request(keepAliveBy, playUrl).then(afterKeepAlive, () => undefined);
  }

  function afterKeepAlive(response: RtspResponse): void {
    if (response.status === 401 || response.status === 454) {
      connection.end(new CameraFailure("dropped", `the camera ended the session (${response.status})`));
    } else if (response.status >= 400) keepAliveBy = "OPTIONS";
  }

  return {
    stop() {
      cleanUp();
      connection.close(playUrl);
    },
  };
}

function expectOk(method: string, response: RtspResponse): void {
  if (response.status !== 200) throw refusal(method, response);
}

function refusal(method: string, { status, reason }: RtspResponse): CameraFailure {
  const detail = `${method} was answered ${status} ${reason}`.trim();
  if (status === 401 || status === 403) return new CameraFailure("unauthorized", detail);
  if (status === 404 || status === 410) return new CameraFailure("not_found", detail);
  // 453: not enough bandwidth, which is how cameras say "too many viewers"
  if (status === 453 || status >= 500) return new CameraFailure("refused", detail);
  return new CameraFailure("protocol", detail);
}
