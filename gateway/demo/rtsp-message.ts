/** RTSP 1.0 (RFC 2326), the server's side of the text. */
export type RtspRequest = {
  method: string;
  uri: string;
  /** Names in lower case. */
  headers: Map<string, string>;
};

export type RtspAnswer = { status: number; headers?: [name: string, value: string][]; body?: string };

const REASONS: Record<number, string> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  454: "Session Not Found",
  455: "Method Not Valid in This State",
  461: "Unsupported Transport",
  500: "Internal Server Error",
  501: "Not Implemented",
};

/** More without an end of the headers is not RTSP. */
const MAX_REQUEST_BYTES = 64 * 1024;
const INTERLEAVED = 0x24;

export type RequestReader = {
  /** Requests completed by these bytes. `broken`: they can no longer be told apart, the connection is to be closed. */
  push(bytes: Buffer): RtspRequest[] | "broken";
};

/** Packets the client sends on the same connection (its RTCP reports) are passed over. */
export function createRequestReader(): RequestReader {
  let pending: Buffer = Buffer.alloc(0);

  /** The next request, `null` for a packet passed over, `undefined` when more bytes are needed. */
  function takeOne(): RtspRequest | null | undefined {
    if (pending[0] === INTERLEAVED) {
      if (pending.length < 4 || pending.length < 4 + pending.readUInt16BE(2)) return undefined;
      pending = pending.subarray(4 + pending.readUInt16BE(2));
      return null;
    }
    const headEnd = pending.indexOf("\r\n\r\n");
    if (headEnd < 0) return undefined;
    const request = parseHead(pending.toString("utf8", 0, headEnd));
    const bodyBytes = /^\d{1,5}$/.exec(request.headers.get("content-length") ?? "")?.[0] ?? "0";
    const end = headEnd + 4 + Number(bodyBytes);
    if (pending.length < end) return undefined;
    pending = pending.subarray(end);
    return request;
  }

  return {
    push(bytes) {
      pending = pending.length > 0 ? Buffer.concat([pending, bytes]) : bytes;
      const requests: RtspRequest[] = [];
      while (pending.length > 0) {
        const taken = takeOne();
        if (taken === undefined) break;
        if (taken !== null) requests.push(taken);
      }
      return pending.length > MAX_REQUEST_BYTES ? "broken" : requests;
    },
  };
}

function parseHead(head: string): RtspRequest {
  const [requestLine = "", ...lines] = head.split("\r\n");
  const [method = "", uri = ""] = requestLine.trim().split(" ");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method, uri, headers };
}

export function formatAnswer(request: RtspRequest, answer: RtspAnswer): string {
  const lines = [
    `RTSP/1.0 ${answer.status} ${REASONS[answer.status] ?? "Error"}`,
    `CSeq: ${request.headers.get("cseq") ?? "0"}`,
    ...(answer.headers ?? []).map(([name, value]) => `${name}: ${value}`),
  ];
  if (answer.body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(answer.body)}`);
  return `${lines.join("\r\n")}\r\n\r\n${answer.body ?? ""}`;
}

/** `rtsp://host/a/b/trackID=0?x` names the camera `a/b` and its track 0. Undefined for what is no address. */
export function cameraPathOf(uri: string): { path: string; track: number | undefined } | undefined {
  if (!URL.canParse(uri)) return undefined;
  const whole = decodeSafely(new URL(uri).pathname).replace(/^\/+|\/+$/g, "");
  const track = /^(.*?)\/?trackID=(\d+)$/.exec(whole);
  return track ? { path: track[1] ?? "", track: Number(track[2]) } : { path: whole, track: undefined };
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is part of a name nobody has
  }
}
