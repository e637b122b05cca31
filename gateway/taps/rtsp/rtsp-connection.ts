import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { CameraFailure, failureOfSocket } from "../camera-failure.ts";
import { type RtspAddress, tlsServerName } from "./rtsp-address.ts";
import { createAuthorizer } from "./rtsp-auth.ts";
import {
  createRtspParser,
  headerOf,
  type RtspHeaders,
  type RtspMessage,
  type RtspResponse,
} from "./rtsp-message.ts";

/** A camera that asks and asks but reads no answer is left. */
const MAX_UNSENT_BYTES = 256 * 1024;
const MAX_WAITING = 16;
/** A key frame of a small picture in one or two reads. */
const READ_BYTES = 32 * 1024;
/** Nonces grow old; a camera that says so without end is not believed. */
const MAX_TRIES = 3;
const ANSWERED_REQUESTS = new Set(["OPTIONS", "GET_PARAMETER", "SET_PARAMETER", "ANNOUNCE"]);

type Waiting = { resolve: (response: RtspResponse) => void; reject: (failure: CameraFailure) => void };

/**
 * One connection to a camera: requests matched to answers by CSeq, passwords proven when asked. It ends once, with a
 * reason, told to `onEnded` and to every waiting request.
 */
export function createRtspConnection(deps: {
  address: RtspAddress;
  onConnected: () => void;
  onPacket: (channel: number, bytes: Buffer, start: number, end: number) => void;
  onEnded: (failure: CameraFailure) => void;
}) {
  const { address } = deps;
  const authorizer = createAuthorizer(address);
  const waiting = new Map<number, Waiting>();
  let cseq = 0;
  let sessionId: string | undefined;
  let answered = false;
  let ended = false;

  const parser = createRtspParser({ onPacket: takePacket, onMessage: takeMessage });
  const socket = open(address, deps.onConnected, (chunk) => guard(() => parser.push(chunk)));
  socket.setNoDelay(true);
  socket.on("error", (error) => end(unlessUnanswered(failureOfSocket(error))));
  socket.on("close", closed);
  socket.on("end", closed);

  function closed(): void {
    end(unlessUnanswered(new CameraFailure("dropped", "the camera closed the connection")));
  }
  /** A camera with too many viewers takes the connection and closes it. */
  function unlessUnanswered(failure: CameraFailure): CameraFailure {
    if (answered || failure.fault !== "dropped") return failure;
    return new CameraFailure("refused", "the camera closes the connection without an answer");
  }

  /** Whatever a camera sends, the gateway lives: a fault in reading it ends this connection only. */
  function guard(work: () => void): void {
    if (ended) return;
    try {
      work();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      end(error instanceof CameraFailure ? error : new CameraFailure("protocol", detail, { cause: error }));
    }
  }

  function end(failure: CameraFailure): void {
    if (ended) return;
    ended = true;
    socket.destroy();
    for (const request of waiting.values()) request.reject(failure);
    waiting.clear();
    deps.onEnded(failure);
  }

  /** One chunk holds many packets; taking one may end the connection. */
  function takePacket(channel: number, bytes: Buffer, start: number, end: number): void {
    if (!ended) deps.onPacket(channel, bytes, start, end);
  }

  function takeMessage(message: RtspMessage): void {
    if (message.kind === "request") answer(message.method, message.headers);
    else takeResponse(message);
  }

  function takeResponse(message: RtspResponse): void {
    answered = true;
    const [oldest] = waiting.keys();
    // a camera that leaves CSeq out answers in order
    const number = Number(headerOf(message.headers, "cseq") ?? oldest);
    const request = waiting.get(number);
    if (!request) return;
    waiting.delete(number);
    request.resolve(message);
  }

  function answer(method: string, headers: RtspHeaders): void {
    if (method === "TEARDOWN") end(new CameraFailure("dropped", "the camera ended the session"));
    const status = ANSWERED_REQUESTS.has(method) ? "200 OK" : "501 Not Implemented";
    write(`RTSP/1.0 ${status}\r\nCSeq: ${headerOf(headers, "cseq") ?? "0"}\r\n\r\n`);
  }

  function write(text: string): void {
    if (ended) return;
    socket.write(text);
    if (socket.writableLength > MAX_UNSENT_BYTES) {
      end(new CameraFailure("protocol", "the camera does not read what it is sent"));
    }
  }

  function writeRequest(method: string, url: string, headers: Record<string, string>): number {
    cseq += 1;
    const authorization = authorizer.headerFor(method, url);
    const lines = [
      `${method} ${url} RTSP/1.0`,
      `CSeq: ${cseq}`,
      "User-Agent: Guarita",
      ...(authorization ? [`Authorization: ${authorization}`] : []),
      ...(sessionId ? [`Session: ${sessionId}`] : []),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    write(`${lines.join("\r\n")}\r\n\r\n`);
    return cseq;
  }

  function ask(method: string, url: string, headers: Record<string, string>): Promise<RtspResponse> {
    return new Promise((resolve, reject) => {
      if (ended) return reject(new CameraFailure("dropped", "the connection is closed"));
      const number = writeRequest(method, url, headers);
      if (ended) return reject(new CameraFailure("dropped", "the connection is closed"));
      waiting.set(number, { resolve, reject });
      const [oldest] = waiting.keys();
      if (waiting.size > MAX_WAITING && oldest !== undefined) {
        waiting.get(oldest)?.reject(new CameraFailure("timeout", "the camera does not answer"));
        waiting.delete(oldest);
      }
    });
  }

  /** The answer whatever its status, but for a 401 that a proof of the password may lift. Rejects with `CameraFailure`. */
  async function request(method: string, url: string, headers: Record<string, string> = {}) {
    for (let tries = 1; ; tries += 1) {
      const response = await ask(method, url, headers);
      if (response.status !== 401) {
        if (response.status < 400) authorizer.accepted();
        return response;
      }
      const offers = response.headers.get("www-authenticate") ?? [];
      if (authorizer.challenged(offers) === "refused" || tries === MAX_TRIES) return response;
    }
  }

  return {
    request,
    /** Sent with every later request, without the parameters that came with it. */
    useSession(id: string): void {
      sessionId = id;
    },
    end,
    /** Runs work on what the camera sent by another way: a fault in it ends this connection only. */
    guard,
    /** The camera's own, as soon as it is connected. */
    remoteAddress: (): string => socket.remoteAddress ?? "",
    /** Says goodbye where there is a session, and closes. Nothing is told to `onEnded`. */
    close(url: string): void {
      if (ended) return;
      if (sessionId) writeRequest("TEARDOWN", url, {});
      ended = true;
      const failure = new CameraFailure("dropped", "the connection was closed");
      for (const waiter of waiting.values()) waiter.reject(failure);
      waiting.clear();
      // destroySoon sends what is written and closes without waiting for the camera's side
      if (sessionId) socket.destroySoon();
      else socket.destroy();
    },
  };
}

/** `onChunk` gets a view that is overwritten by the next read. */
function open(address: RtspAddress, onConnected: () => void, onChunk: (chunk: Buffer) => void): Socket {
  const { host, port } = address;
  if (!address.tls) {
    // one buffer a connection, read into again and again: fresh ones cost 17 MB more at 100 cameras
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const callback = (sizeBytes: number) => {
      onChunk(buffer.subarray(0, sizeBytes));
      return true;
    };
    return connectTcp({ host, port, onread: { buffer, callback } }, onConnected);
  }
  // Cameras sign their own certificates: there is no authority to check them against. TLS still keeps the password
  // from those who only listen.
  const servername = tlsServerName(host);
  const socket = connectTls({ host, port, servername, rejectUnauthorized: false }, onConnected);
  return socket.on("data", onChunk);
}
