import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { bindUdpPair, type UdpPair } from "../../kernel/udp-pair.ts";
import { fuA, H264_640x360, h264Slice, rtpPacket, senderReport } from "../rtp/rtp-samples.memory.ts";

export type FakeRequest = { method: string; url: string; headers: Map<string, string> };
/** What to answer instead of what a camera would: a whole message, or nothing at all. */
export type FakeAnswer = string | "mute" | "drop" | undefined;

export type FakeCameraOptions = {
  server?: Server;
  host?: "127.0.0.1" | "::1";
  /** The port of an earlier one, to come again after it stopped. */
  port?: number;
  /** Plays over UDP too. `mute`: says that it does, and sends nothing. */
  udp?: "plays" | "mute";
  user?: string;
  password?: string;
  auth?: "basic" | "md5" | "sha256";
  sdp?: string;
  contentBase?: string;
  publicMethods?: string;
  session?: string;
  /** Changes with every 401 in the list: the last one stays. */
  nonces?: string[];
  answer?: (request: FakeRequest) => FakeAnswer;
};

const base64 = (nal: Buffer): string => nal.toString("base64");
export const FAKE_SDP = [
  "v=0",
  "s=fake",
  "a=control:*",
  "m=video 0 RTP/AVP 96",
  "a=rtpmap:96 H264/90000",
  `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${base64(H264_640x360.sps)},${base64(H264_640x360.pps)}`,
  "a=control:trackID=0",
  "",
].join("\r\n");

type Send = (channel: 2 | 3, bytes: Buffer) => void;

/** An RTSP server that does what a test tells it, on a free port of loopback. */
export async function startFakeCamera(options: FakeCameraOptions = {}) {
  const requests: FakeRequest[] = [];
  const sockets = new Set<Socket>();
  const routes = new Map<Socket, Send>();
  const playing = new Map<Socket, Send>();
  /** What readers sent to the UDP ports. */
  const datagrams: { to: "rtp" | "rtcp"; bytes: Buffer }[] = [];
  const unread = new Map<string, () => void>();
  const host = options.host ?? "127.0.0.1";
  let udp: UdpPair | undefined;
  let asked = 0;
  const state = { ...options };
  let connections = 0;
  let sequence = 0;
  let timestamp = 0;
  let nonceIndex = 0;
  const server = options.server ?? createServer();
  server.on(options.server ? "secureConnection" : "connection", serve);
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  if (options.udp) {
    udp = await bindUdpPair(host);
    udp.rtp.on("message", (bytes) => datagrams.push({ to: "rtp", bytes }));
    udp.rtcp.on("message", (bytes) => datagrams.push({ to: "rtcp", bytes }));
  }
  const { port } = server.address() as { port: number }; // a TCP server's address is an object

  function serve(socket: Socket): void {
    connections += 1;
    sockets.add(socket);
    let text = "";
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      playing.delete(socket);
    });
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        const head = text.slice(0, end);
        text = text.slice(end + 4);
        if (head.startsWith("RTSP/")) unread.get(/CSeq: (.*)/.exec(head)?.[1] ?? "")?.();
        else take(socket, head);
      }
    });
  }

  function take(socket: Socket, head: string): void {
    const [startLine = "", ...lines] = head.split("\r\n");
    const [method = "", url = ""] = startLine.split(" ");
    const headers = new Map(
      lines.map((line) => [
        line.slice(0, line.indexOf(":")).toLowerCase(),
        line.slice(line.indexOf(":") + 2),
      ]),
    );
    const request = { method, url, headers };
    requests.push(request);
    const answer = state.answer?.(request) ?? defaultAnswer(request, socket);
    if (answer === "drop") socket.destroy();
    else if (answer !== "mute") {
      socket.write(answer.replace("\r\n", `\r\nCSeq: ${headers.get("cseq")}\r\n`));
      if (method === "PLAY" && answer.startsWith("RTSP/1.0 200")) {
        playing.set(socket, routes.get(socket) ?? overTcp(socket));
      }
    }
  }

  const overTcp =
    (socket: Socket): Send =>
    (channel, bytes) => {
      const head = Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff]);
      socket.write(Buffer.concat([head, bytes]));
    };

  /** The transport that SETUP is answered with; undefined for one that is not spoken here. */
  function setUp(socket: Socket, asked: string): string | undefined {
    const [, rtpPort, rtcpPort] = /client_port=(\d+)-(\d+)/.exec(asked) ?? [];
    if (!rtpPort) return "RTP/AVP/TCP;unicast;interleaved=2-3";
    if (!udp) return undefined;
    const { rtp, rtcp } = udp;
    const address = socket.remoteAddress;
    routes.set(socket, (channel, bytes) => {
      if (state.udp === "mute") return;
      if (channel === 2) rtp.send(bytes, Number(rtpPort), address);
      else rtcp.send(bytes, Number(rtcpPort), address);
    });
    return `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort};server_port=${udp.rtpPort}-${udp.rtcpPort}`;
  }

  function defaultAnswer(request: FakeRequest, socket: Socket): string {
    if (!allowed(request)) return reply("401 Unauthorized", `WWW-Authenticate: ${challenge()}`);
    if (request.method === "OPTIONS") {
      return reply(
        "200 OK",
        `Public: ${state.publicMethods ?? "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER"}`,
      );
    }
    if (request.method === "DESCRIBE") {
      const sdp = state.sdp ?? FAKE_SDP;
      const base = state.contentBase ? [`Content-Base: ${state.contentBase}`] : [];
      return `${reply("200 OK", ...base, `Content-Length: ${sdp.length}`)}${sdp}`;
    }
    if (request.method === "SETUP") {
      const transport = setUp(socket, request.headers.get("transport") ?? "");
      if (transport === undefined) return reply("461 Unsupported Transport");
      return reply("200 OK", `Transport: ${transport}`, `Session: ${state.session ?? "12345;timeout=60"}`);
    }
    return reply("200 OK");
  }

  const nonce = (): string => state.nonces?.[Math.min(nonceIndex, state.nonces.length - 1)] ?? "nonce1";
  function challenge(): string {
    if (state.auth === "basic") return 'Basic realm="fake"';
    const sha = state.auth === "sha256" ? ', algorithm=SHA-256, qop="auth"' : "";
    return `Digest realm="fake", nonce="${nonce()}", stale=${nonceIndex > 0}${sha}`;
  }

  function allowed({ method, headers }: FakeRequest): boolean {
    if (state.user === undefined) return true;
    const given = headers.get("authorization") ?? "";
    if (state.auth === "basic") {
      return given === `Basic ${Buffer.from(`${state.user}:${state.password}`).toString("base64")}`;
    }
    const value = (name: string) => new RegExp(`\\b${name}="?([^",]*)`).exec(given)?.[1] ?? "";
    const hash = (text: string) =>
      createHash(state.auth === "sha256" ? "sha256" : "md5")
        .update(text)
        .digest("hex");
    const secret = hash(`${state.user}:fake:${state.password}`);
    const middle = state.auth === "sha256" ? `${value("nc")}:${value("cnonce")}:auth:` : "";
    const proof = hash(`${secret}:${nonce()}:${middle}${hash(`${method}:${value("uri")}`)}`);
    return value("response") === proof;
  }

  function send(channel: 2 | 3, bytes: Buffer): void {
    for (const route of playing.values()) route(channel, bytes);
  }

  return {
    state,
    port,
    address: (path = "live", user?: string, password?: string) =>
      `rtsp://${user === undefined ? "" : `${user}:${password}@`}${host === "::1" ? "[::1]" : host}:${port}/${path}`,
    requests,
    methods: () => requests.map(({ method }) => method),
    connections: () => connections,
    open: () => sockets.size,
    playing: () => playing.size,
    /** Every later 401 has the next nonce, and old ones are not taken. */
    renewNonce: () => {
      nonceIndex += 1;
    },
    /** One picture; `fill` makes its bytes differ from another's. */
    picture(keyFrame: boolean, { sizeBytes = 400, fill = 0x11 } = {}): void {
      timestamp += 6_000;
      const nal = h264Slice(keyFrame ? 5 : 1, sizeBytes, fill);
      const payloads = sizeBytes > 1_400 ? fuA(nal, 60_000) : [nal];
      for (const [index, payload] of payloads.entries()) {
        const marker = index === payloads.length - 1;
        send(2, rtpPacket({ payload, sequence: sequence++, timestamp, marker }));
      }
    },
    /** Resolves when every reader has taken, and acted on, all that was sent to it over TCP so far. */
    async settled(): Promise<void> {
      const answered = (socket: Socket) =>
        new Promise<void>((resolve) => {
          asked += 1;
          const done = () => {
            socket.off("close", done);
            resolve();
          };
          unread.set(`settled-${asked}`, done);
          socket.on("close", done);
          socket.write(`OPTIONS * RTSP/1.0\r\nCSeq: settled-${asked}\r\n\r\n`);
        });
      await Promise.all([...sockets].map(answered));
    },
    datagrams,
    report: (cameraAtMs: number) => send(3, senderReport(cameraAtMs, timestamp)),
    loseOne: () => {
      sequence += 1;
    },
    raw: (text: string | Buffer) => {
      for (const socket of sockets) socket.write(text);
    },
    drop: () => {
      for (const socket of sockets) socket.destroy();
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      udp?.rtp.close();
      udp?.rtcp.close();
      udp = undefined;
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}
export type FakeCamera = Awaited<ReturnType<typeof startFakeCamera>>;

export function reply(status: string, ...headers: string[]): string {
  return [`RTSP/1.0 ${status}`, ...headers, "", ""].join("\r\n");
}
