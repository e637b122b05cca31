import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { fuA, H264_640x360, h264Slice, rtpPacket, senderReport } from "../rtp/rtp-samples.memory.ts";

export type FakeRequest = { method: string; url: string; headers: Map<string, string> };
/** What to answer instead of what a camera would: a whole message, or nothing at all. */
export type FakeAnswer = string | "mute" | "drop" | undefined;

export type FakeCameraOptions = {
  server?: Server;
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

/** An RTSP server that does what a test tells it, on a free port of loopback. */
export async function startFakeCamera(options: FakeCameraOptions = {}) {
  const requests: FakeRequest[] = [];
  const sockets = new Set<Socket>();
  const playing = new Set<Socket>();
  const state = { ...options };
  let connections = 0;
  let sequence = 0;
  let timestamp = 0;
  let nonceIndex = 0;
  const server = options.server ?? createServer();
  server.on(options.server ? "secureConnection" : "connection", serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
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
        if (!head.startsWith("RTSP/")) take(socket, head);
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
    const answer = state.answer?.(request) ?? defaultAnswer(request);
    if (answer === "drop") socket.destroy();
    else if (answer !== "mute") {
      socket.write(answer.replace("\r\n", `\r\nCSeq: ${headers.get("cseq")}\r\n`));
      if (method === "PLAY" && answer.startsWith("RTSP/1.0 200")) playing.add(socket);
    }
  }

  function defaultAnswer(request: FakeRequest): string {
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
      const transport = "Transport: RTP/AVP/TCP;unicast;interleaved=2-3";
      return reply("200 OK", transport, `Session: ${state.session ?? "12345;timeout=60"}`);
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

  function interleaved(channel: number, bytes: Buffer): void {
    const head = Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff]);
    for (const socket of playing) socket.write(Buffer.concat([head, bytes]));
  }

  return {
    state,
    port,
    address: (path = "live", user?: string, password?: string) =>
      `rtsp://${user === undefined ? "" : `${user}:${password}@`}127.0.0.1:${port}/${path}`,
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
        interleaved(2, rtpPacket({ payload, sequence: sequence++, timestamp, marker }));
      }
    },
    report: (cameraAtMs: number) => interleaved(3, senderReport(cameraAtMs, timestamp)),
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
      server.close();
      await once(server, "close");
    },
  };
}
export type FakeCamera = Awaited<ReturnType<typeof startFakeCamera>>;

export function reply(status: string, ...headers: string[]): string {
  return [`RTSP/1.0 ${status}`, ...headers, "", ""].join("\r\n");
}
