import { parseAccessUnit, retagAccessUnit } from "#contract/access-unit.ts";
import type { TapLink, TapRequest } from "#contract/taps.ts";
import { createAskClock } from "./ask-clock.ts";
import { isPong, readNotice } from "./tap-notice.ts";
import { createTapSocket, type SocketLike } from "./tap-socket.ts";

/** What the router needs of a MessagePort. */
export type PortLike = {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  close(): void;
};

export type PortRequest = TapRequest | { type: "close" };
type Subscribe = Extract<TapRequest, { type: "subscribe" }>;
/** One subscription of one port: `request` carries the port's own id. */
type Route = { port: PortLike; request: Subscribe };

/** Who waits for the answer to a ping; null is the hub itself, which reads the gateway's clock. */
type Ping = { port: PortLike | null; sentAtMs: number };

type TapRouterDeps = { openSocket: () => SocketLike; random?: () => number; nowMs?: () => number };

/** Joins many ports to one socket: maps ids, answers every port with what is its own, subscribes again after a loss. */
export function createTapRouter({ openSocket, random, nowMs = Date.now }: TapRouterDeps) {
  const ports = new Set<PortLike>();
  const routes = new Map<number, Route>();
  let pings: Ping[] = [];
  let lastId = 0;
  const clock = createAskClock({
    ask: (sentAtMs) => ping(null, sentAtMs),
    onClock(reading) {
      for (const port of ports) port.postMessage(reading);
    },
    nowMs,
  });

  const socket = createTapSocket({
    openSocket,
    ...(random && { random }),
    onLink(connected) {
      pings = [];
      for (const port of ports) port.postMessage({ type: "link", connected } satisfies TapLink);
      if (!connected) return clock.stop();
      for (const [id, route] of routes) send({ ...route.request, id });
      clock.start();
    },
    onText: passNotice,
    onBytes: passAccessUnit,
  });

  function send(request: TapRequest): void {
    socket.send(JSON.stringify(request));
  }

  function idOf(port: PortLike, portId: number): number | undefined {
    for (const [id, route] of routes) if (route.port === port && route.request.id === portId) return id;
    return undefined;
  }

  function unsubscribe(id: number): void {
    routes.delete(id);
    send({ type: "unsubscribe", id });
  }

  function take(port: PortLike, request: PortRequest): void {
    if (request.type === "close") removePort(port);
    else if (request.type === "ping") ping(port, request.sentAtMs);
    else route(port, request);
  }

  function ping(port: PortLike | null, sentAtMs: number): boolean {
    const isSent = socket.send(JSON.stringify({ type: "ping", sentAtMs } satisfies TapRequest));
    if (isSent) pings.push({ port, sentAtMs });
    return isSent;
  }

  function route(port: PortLike, request: Exclude<TapRequest, { type: "ping" }>): void {
    const known = idOf(port, request.id);
    if (known !== undefined) unsubscribe(known);
    if (request.type === "unsubscribe") return;
    lastId = (lastId % 0xffffffff) + 1;
    routes.set(lastId, { port, request });
    send({ ...request, id: lastId });
  }

  function passNotice(text: string): void {
    const notice = readNotice(text);
    if (notice === null) return;
    if (isPong(notice)) {
      const at = pings.findIndex((ping) => ping.sentAtMs === notice.sentAtMs);
      const [ping] = at < 0 ? [] : pings.splice(at, 1);
      if (ping?.port) ping.port.postMessage(notice);
      else if (ping) clock.hear(notice.sentAtMs, notice.gatewayAtMs);
      return;
    }
    const route = routes.get(notice.id);
    if (!route) return; // on its way when the port left
    if (notice.type === "refused") routes.delete(notice.id);
    route.port.postMessage({ ...notice, id: route.request.id });
  }

  function passAccessUnit(buffer: ArrayBuffer): void {
    const route = routes.get(parseAccessUnit(buffer).subscriptionId);
    if (!route) return;
    retagAccessUnit(buffer, route.request.id);
    route.port.postMessage(buffer, [buffer]);
  }

  function removePort(port: PortLike): void {
    for (const [id, route] of routes) if (route.port === port) unsubscribe(id);
    ports.delete(port);
    port.close();
  }

  return {
    addPort(port: PortLike): void {
      ports.add(port);
      port.postMessage({ type: "link", connected: socket.connected() } satisfies TapLink);
      const known = clock.clock();
      if (known) port.postMessage(known);
      port.onmessage = ({ data }) => take(port, data);
    },
    removePort,
    /** The network is back: do not wait for the next try. */
    retryNow: socket.retryNow,
    stop(): void {
      clock.stop();
      socket.stop();
      for (const port of ports) port.close();
    },
  };
}
export type TapRouter = ReturnType<typeof createTapRouter>;
