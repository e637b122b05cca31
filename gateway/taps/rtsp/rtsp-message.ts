import { CameraFailure } from "../camera-failure.ts";

export const MAX_HEADER_BYTES = 64 * 1024;
export const MAX_BODY_BYTES = 256 * 1024;

/** Names are in lower case; a header that came several times has several values. */
export type RtspHeaders = Map<string, string[]>;
export type RtspMessage =
  | { kind: "response"; status: number; reason: string; headers: RtspHeaders; body: string }
  | { kind: "request"; method: string; headers: RtspHeaders; body: string };
export type RtspResponse = Extract<RtspMessage, { kind: "response" }>;

export const headerOf = (headers: RtspHeaders, name: string): string | undefined => headers.get(name)?.[0];

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const HEADER_END = "\r\n\r\n";

/**
 * Takes a connection's bytes apart into interleaved packets (RFC 2326, 10.12) and messages. Works on whole received
 * chunks, which may be overwritten once `push` returns; `push` throws `CameraFailure` on what is not RTSP. Keeps at
 * most one unfinished packet or message.
 */
export function createRtspParser(deps: {
  /** The packet is `bytes[start..end)`, a view into the chunk. */
  onPacket: (channel: number, bytes: Buffer, start: number, end: number) => void;
  onMessage: (message: RtspMessage) => void;
}) {
  let rest: Buffer | undefined;

  function push(chunk: Buffer): void {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    rest = undefined;
    let at = 0;
    while (at < bytes.length) {
      const next = takeOne(bytes, at);
      if (next === undefined) break;
      at = next;
    }
    if (at === bytes.length) return;
    // what was joined is ours already; else a copy of the tail, not a view of the chunk
    rest = at === 0 && bytes !== chunk ? bytes : Buffer.from(bytes.subarray(at));
  }

  /** The position after it, or undefined where it is not yet whole. */
  function takeOne(bytes: Buffer, at: number): number | undefined {
    const first = bytes[at];
    if (first === DOLLAR) return takePacket(bytes, at);
    if (first === CR || first === LF) return at + 1; // some cameras end messages with a line too many
    return takeMessage(bytes, at);
  }

  function takePacket(bytes: Buffer, at: number): number | undefined {
    if (bytes.length - at < 4) return undefined;
    const start = at + 4;
    const end = start + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return undefined;
    deps.onPacket(bytes.readUInt8(at + 1), bytes, start, end);
    return end;
  }

  function takeMessage(bytes: Buffer, at: number): number | undefined {
    const headEnd = bytes.indexOf(HEADER_END, at, "latin1");
    const headBytes = (headEnd < 0 ? bytes.length : headEnd) - at;
    if (headBytes > MAX_HEADER_BYTES) throw new CameraFailure("protocol", "a message header without an end");
    if (headEnd < 0) {
      refuseNoise(bytes, at);
      return undefined;
    }
    const head = parseHead(bytes.toString("latin1", at, headEnd));
    const bodyStart = headEnd + HEADER_END.length;
    const bodyEnd = bodyStart + bodyLength(head.headers);
    if (bodyEnd > bytes.length) return undefined;
    deps.onMessage({ ...head, body: bytes.toString("utf8", bodyStart, bodyEnd) });
    return bodyEnd;
  }

  return { push, pendingBytes: () => rest?.length ?? 0 };
}

/** Tells noise at once instead of collecting it up to the bound. */
function refuseNoise(bytes: Buffer, at: number): void {
  const start = bytes.toString("latin1", at, Math.min(at + 16, bytes.length));
  if (!/^[A-Za-z_]+(?:$|[ /])/.test(start)) throw new CameraFailure("protocol", "what came is not RTSP");
}

function bodyLength(headers: RtspHeaders): number {
  const text = headerOf(headers, "content-length");
  const length = text === undefined ? 0 : Number(text);
  if (Number.isInteger(length) && length >= 0 && length <= MAX_BODY_BYTES) return length;
  throw new CameraFailure("protocol", "a message body without a sensible length");
}

function parseHead(text: string) {
  const [startLine = "", ...lines] = text.split("\r\n");
  const headers: RtspHeaders = new Map();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  const response = /^RTSP\/\d\.\d (\d{3})(?: (.*))?$/.exec(startLine);
  if (response) {
    return { kind: "response", status: Number(response[1]), reason: response[2] ?? "", headers } as const;
  }
  const request = /^([A-Z_]+) \S+ RTSP\/\d\.\d$/.exec(startLine);
  if (request) return { kind: "request", method: request[1] ?? "", headers } as const;
  throw new CameraFailure("protocol", `not RTSP: ${startLine.slice(0, 40)}`);
}
