import type { RawData, WebSocket } from "ws";
import { encodeAccessUnit } from "#contract/access-unit.ts";
import type { ErrorCode } from "#contract/errors.ts";
import { type TapNotice, TapRequest } from "#contract/taps.ts";
import type { Clock } from "./clock.ts";
import type { TappedUnit, TapReader, TapSource } from "./tap.ts";

const MAX_SUBSCRIPTIONS = 256;
/** Pictures wait in memory up to this for a page that reads slowly, then are left out until half of it is read. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
/** Notices are small and always sent; a page that lets even those pile up is gone. */
const MAX_UNSENT_WITH_NOTICES_BYTES = 2 * MAX_UNSENT_BYTES;
/** A tablet carried out of reach closes nothing: without a sign of life its taps would stay open for minutes. */
const HEARTBEAT_MS = 15_000;

type Deps = {
  socket: WebSocket;
  subscribe: (source: TapSource, reader: TapReader) => () => void;
  clock: Clock;
};

/** Serves the tap protocol (`#contract/taps.ts`) to one page until its socket closes. */
export function serveTapSocket({ socket, subscribe, clock }: Deps): void {
  const subscriptions = new Map<number, () => void>();

  function notify(notice: TapNotice): void {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(notice));
    if (socket.bufferedAmount > MAX_UNSENT_WITH_NOTICES_BYTES) socket.terminate();
  }
  function refuse(id: number | null, code: ErrorCode, message: string): void {
    notify({ type: "refused", id, code, message });
  }

  function take(data: RawData, isBinary: boolean): void {
    const raw = isBinary ? undefined : tryParseJson(data.toString());
    const request = TapRequest.safeParse(raw);
    if (request.success) serve(request.data);
    else refuse(idIn(raw), "bad_request", "The message is not a tap request.");
  }

  function serve(request: TapRequest): void {
    if (request.type === "ping") {
      notify({ type: "pong", sentAtMs: request.sentAtMs, gatewayAtMs: clock.nowMs() });
    } else if (request.type === "unsubscribe") {
      subscriptions.get(request.id)?.();
      subscriptions.delete(request.id);
    } else open(request);
  }

  function open({ id, cameraId, stream, frames }: Extract<TapRequest, { type: "subscribe" }>) {
    if (subscriptions.has(id)) return refuse(id, "conflict", "The subscription's id is taken.");
    if (subscriptions.size >= MAX_SUBSCRIPTIONS) {
      return refuse(id, "conflict", `A socket has at most ${MAX_SUBSCRIPTIONS} subscriptions.`);
    }
    const source = { cameraId: cameraId.toLowerCase(), stream };
    const end = subscribe(source, {
      frames,
      onState: (state) => notify({ type: "state", id, state }),
      onFormat: (format) => notify({ type: "format", id, format }),
      onUnit: createSender(socket, id, notify),
      onGone() {
        subscriptions.delete(id);
        refuse(id, "not_found", "There is no such camera.");
      },
    });
    subscriptions.set(id, end);
  }

  const stopHeartbeat = startHeartbeat(socket, clock);
  socket.on("message", take);
  socket.on("close", () => {
    stopHeartbeat();
    for (const end of subscriptions.values()) end();
    subscriptions.clear();
  });
}

/** Sends one subscription's pictures; while the page reads too slowly they are left out, and counted. */
function createSender(socket: WebSocket, id: number, notify: (notice: TapNotice) => void) {
  let dropped = 0;

  function mayResume(unit: TappedUnit): boolean {
    return unit.keyFrame && socket.bufferedAmount <= MAX_UNSENT_BYTES / 2;
  }

  return function send(unit: TappedUnit): void {
    if (socket.readyState !== socket.OPEN) return;
    const resumes = dropped > 0 && mayResume(unit);
    if (!resumes && (dropped > 0 || socket.bufferedAmount > MAX_UNSENT_BYTES)) {
      dropped += 1;
      return;
    }
    if (resumes) {
      notify({ type: "dropped", id, frames: dropped });
      dropped = 0;
    }
    const discontinuity = unit.discontinuity || resumes;
    socket.send(encodeAccessUnit({ ...unit, discontinuity, subscriptionId: id }));
  };
}

/** Ends a socket whose other side went away without closing it. */
function startHeartbeat(socket: WebSocket, clock: Clock): () => void {
  let alive = true;
  let cancel = clock.setTimer(beat, HEARTBEAT_MS);
  socket.on("pong", () => {
    alive = true;
  });
  function beat() {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
    cancel = clock.setTimer(beat, HEARTBEAT_MS);
  }
  return () => cancel();
}

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** So that a page can tell which of its requests was refused. */
function idIn(raw: unknown): number | null {
  const id = typeof raw === "object" && raw !== null && "id" in raw ? raw.id : undefined;
  return typeof id === "number" && Number.isSafeInteger(id) ? id : null;
}
