import { FEED_ALIVE_MS, FeedMessage } from "#contract/feed.ts";
import { type BackoffPolicy, backoffMs } from "../lib/backoff.ts";
import { type Later, laterByTimer } from "../lib/later.ts";

/** `lost` is also the state before the first connection came about. */
export type FeedStatus = "stopped" | "lost" | "connected";

/** The part of WebSocket that the feed uses. */
export type FeedSocket = {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  close(): void;
};

type FeedDeps = {
  connect: () => FeedSocket;
  later?: Later;
  random?: () => number;
};

/** First wait 500 ms, doubling to 4 s, each with 0..20 % jitter: a shop's gateway is back within seconds. */
const BACKOFF: BackoffPolicy = { firstMs: 500, maxMs: 4_000, jitterFraction: 0.2 };

/** So many signs of life missing, and the gateway counts as gone, whatever the socket says. */
const SILENCE_MS = 2.5 * FEED_ALIVE_MS;

/**
 * The gateway's live messages over one WebSocket that comes back by itself. What was told while it was lost is not
 * told again: on `connected` a listener fetches afresh.
 */
export function createFeed({ connect, later = laterByTimer, random = Math.random }: FeedDeps) {
  const messageListeners = new Set<(message: FeedMessage) => void>();
  const statusListeners = new Set<(status: FeedStatus) => void>();
  let status: FeedStatus = "stopped";
  let socket: FeedSocket | null = null;
  let cancelRetry = () => {};
  let cancelSilence = () => {};
  let failures = 0;

  function become(next: FeedStatus) {
    if (next === status) return;
    status = next;
    for (const listener of statusListeners) listener(next);
  }

  function open() {
    cancelRetry();
    const opened = connect();
    socket = opened;
    const lose = () => {
      if (socket !== opened) return;
      retryLater();
      opened.close();
    };
    const hear = () => {
      if (socket !== opened) return;
      cancelSilence();
      cancelSilence = later(lose, SILENCE_MS);
    };
    hear();
    opened.onopen = () => {
      hear();
      failures = 0;
      become("connected");
    };
    opened.onmessage = ({ data }) => {
      hear();
      const message = tryParseMessage(data);
      if (message) for (const listener of messageListeners) listener(message);
    };
    opened.onclose = lose;
  }

  function retryLater() {
    cancelSilence();
    socket = null;
    become("lost");
    cancelRetry = later(open, backoffMs(BACKOFF, failures, random));
    failures += 1;
  }

  function start() {
    if (status !== "stopped") return;
    become("lost");
    open();
  }

  function stop() {
    cancelRetry();
    cancelSilence();
    const closing = socket;
    socket = null; // first, so that its close does not count as a loss
    closing?.close();
    become("stopped");
  }

  return {
    start,
    stop,
    /** Tries at once when nothing is connected: the network came back, or a person looks again. */
    retryNow() {
      if (status === "lost" && socket === null) open();
    },
    status: () => status,
    onStatus: (listener: (status: FeedStatus) => void) => subscription(statusListeners, listener),
    onMessage: (listener: (message: FeedMessage) => void) => subscription(messageListeners, listener),
  };
}
export type Feed = ReturnType<typeof createFeed>;

function subscription<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** A message this page does not know (a newer gateway's) is left out; the page fetches what it needs anyway. */
function tryParseMessage(data: unknown): FeedMessage | null {
  if (typeof data !== "string") return null;
  try {
    return FeedMessage.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}
