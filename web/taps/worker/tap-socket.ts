import { type BackoffPolicy, backoffMs } from "../../lib/backoff.ts";

/** What is used of a WebSocket. */
export type SocketLike = {
  binaryType: string;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
};

const BACKOFF: BackoffPolicy = { firstMs: 300, maxMs: 2_000, jitterFraction: 0.2 };
/** A silent socket is asked after this long, and given up after as long again. Why so short: README.md. */
const SILENCE_MS = 2_000;
const CONNECT_TIMEOUT_MS = 4_000;

type TapSocketDeps = {
  openSocket: () => SocketLike;
  random?: () => number;
  onLink(connected: boolean): void;
  onText(text: string): void;
  onBytes(buffer: ArrayBuffer): void;
};

/** A socket that comes back: with backoff after a loss, and noticed as lost when it only seems to be there. */
export function createTapSocket({ openSocket, random, onLink, onText, onBytes }: TapSocketDeps) {
  let socket: SocketLike | null = null;
  let connected = false;
  let failures = 0;
  let heard = true;
  let asked = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function connect(): void {
    const opened = openSocket();
    socket = opened;
    opened.binaryType = "arraybuffer";
    opened.onopen = () => {
      connected = true;
      failures = 0;
      heard = true;
      wait(SILENCE_MS, checkAlive);
      onLink(true);
    };
    opened.onmessage = ({ data }) => {
      heard = true;
      if (typeof data === "string") onText(data);
      else onBytes(data);
    };
    opened.onclose = lose;
    wait(CONNECT_TIMEOUT_MS, lose);
  }

  function wait(ms: number, then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  }

  function checkAlive(): void {
    if (!heard && asked) {
      lose();
      return;
    }
    asked = !heard;
    if (asked) socket?.send(JSON.stringify({ type: "ping", sentAtMs: Date.now() }));
    heard = false;
    wait(SILENCE_MS, checkAlive);
  }

  function lose(): void {
    drop();
    wait(backoffMs(BACKOFF, failures, random), connect);
    failures += 1;
    if (!connected) return;
    connected = false;
    onLink(false);
  }

  function drop(): void {
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
  }

  connect();
  return {
    connected: () => connected,
    /** False where there is no link: the text is not kept. */
    send(text: string): boolean {
      if (connected) socket?.send(text);
      return connected;
    },
    retryNow(): void {
      if (connected) return;
      failures = 0;
      drop();
      connect();
    },
    stop(): void {
      clearTimeout(timer);
      drop();
    },
  };
}
