import { parseAccessUnit, retagAccessUnit } from "#contract/access-unit.ts";
import { type TapLink, TapNotice, type TapRequest } from "#contract/taps.ts";
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

type TapRouterDeps = { openSocket: () => SocketLike; random?: () => number };

/** Joins many ports to one socket: maps ids, answers every port with what is its own, subscribes again after a loss. */
export function createTapRouter({ openSocket, random }: TapRouterDeps) {
  const ports = new Set<PortLike>();
  const routes = new Map<number, Route>();
  let pings: { port: PortLike; sentAtMs: number }[] = [];
  let lastId = 0;

  const socket = createTapSocket({
    openSocket,
    ...(random && { random }),
    onLink(connected) {
      pings = [];
      for (const port of ports) port.postMessage({ type: "link", connected } satisfies TapLink);
      if (connected) for (const [id, route] of routes) send({ ...route.request, id });
    },
    onText(text) {
      const notice = TapNotice.safeParse(JSON.parse(text));
      if (notice.success) passNotice(notice.data); // a newer gateway may tell more than this page knows
    },
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
    else if (request.type === "ping") passPing(port, request);
    else route(port, request);
  }

  function passPing(port: PortLike, ping: Extract<TapRequest, { type: "ping" }>): void {
    if (socket.send(JSON.stringify(ping))) pings.push({ port, sentAtMs: ping.sentAtMs });
  }

  function route(port: PortLike, request: Exclude<TapRequest, { type: "ping" }>): void {
    const known = idOf(port, request.id);
    if (known !== undefined) unsubscribe(known);
    if (request.type === "unsubscribe") return;
    lastId = (lastId % 0xffffffff) + 1;
    routes.set(lastId, { port, request });
    send({ ...request, id: lastId });
  }

  function passNotice(notice: TapNotice): void {
    if (notice.type === "pong") {
      const at = pings.findIndex((ping) => ping.sentAtMs === notice.sentAtMs);
      if (at >= 0) pings.splice(at, 1)[0]?.port.postMessage(notice);
      return;
    }
    const route = notice.id === null ? undefined : routes.get(notice.id);
    if (!route || notice.id === null) return; // on its way when the port left
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
      port.onmessage = ({ data }) => take(port, data);
    },
    removePort,
    /** The network is back: do not wait for the next try. */
    retryNow: socket.retryNow,
    stop(): void {
      socket.stop();
      for (const port of ports) port.close();
    },
  };
}
export type TapRouter = ReturnType<typeof createTapRouter>;
