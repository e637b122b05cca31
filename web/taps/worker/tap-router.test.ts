import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { encodeAccessUnit, parseAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import type { TapRequest } from "#contract/taps.ts";
import { createTapRouter, type PortLike } from "./tap-router.ts";
import type { SocketLike } from "./tap-socket.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The gateway's end of every socket the router opened. */
function aGateway() {
  const sockets: (SocketLike & { sent: Record<string, unknown>[]; closed: boolean })[] = [];
  function openSocket(): SocketLike {
    const socket = {
      binaryType: "blob",
      onopen: null,
      onmessage: null,
      onclose: null,
      sent: [] as Record<string, unknown>[],
      closed: false,
      send: (text: string) => socket.sent.push(JSON.parse(text)),
      close: () => {
        socket.closed = true;
      },
    };
    sockets.push(socket);
    return socket;
  }
  function last() {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no socket");
    return socket;
  }
  return {
    openSocket,
    sockets,
    accept: () => last().onopen?.(new Event("open")),
    hangUp: () => last().onclose?.(new Event("close") as CloseEvent),
    tell: (notice: unknown) =>
      last().onmessage?.(new MessageEvent("message", { data: JSON.stringify(notice) })),
    picture: (subscriptionId: number) =>
      last().onmessage?.(new MessageEvent("message", { data: aUnit(subscriptionId) })),
    /** What the page asked for, pings apart. */
    asked: () => last().sent.filter((request) => request.type !== "ping"),
    pings: () => last().sent.filter((request) => request.type === "ping"),
  };
}

function aUnit(subscriptionId: number): ArrayBuffer {
  const unit = {
    keyFrame: true,
    discontinuity: false,
    replayed: false,
    ptsUs: 5,
    cameraAtMs: 0,
    receivedAtMs: 9,
  };
  return encodeAccessUnit({ ...unit, subscriptionId, data: new Uint8Array([1, 2, 3]) }).buffer;
}

function aPort() {
  const got: unknown[] = [];
  const port: PortLike & { closed?: boolean } = {
    onmessage: null,
    postMessage: (message) => got.push(message),
    close: () => {
      port.closed = true;
    },
  };
  const ask = (request: TapRequest | { type: "close" }) =>
    port.onmessage?.(new MessageEvent("message", { data: request }));
  return { port, got, ask };
}

const cameraId = anId();
const subscribe = (id: number) =>
  ({ type: "subscribe", id, cameraId, stream: "sub", frames: "all" }) as const;

function start() {
  const gateway = aGateway();
  const router = createTapRouter({ openSocket: gateway.openSocket, random: () => 0 });
  return { gateway, router };
}

test("two ports may use the same id and each gets its own pictures and notices under it", () => {
  const { gateway, router } = start();
  const [left, right] = [aPort(), aPort()];
  gateway.accept();
  router.addPort(left.port);
  router.addPort(right.port);
  left.ask(subscribe(7));
  right.ask(subscribe(7));
  const ids = gateway.asked().map((request) => request.id as number);
  expect(new Set(ids).size).toBe(2);

  gateway.picture(ids[1] ?? -1);
  gateway.tell({ type: "dropped", id: ids[0], frames: 4 });

  const pictures = right.got.filter((message) => message instanceof ArrayBuffer);
  expect(pictures.map((buffer) => parseAccessUnit(buffer).subscriptionId)).toEqual([7]);
  expect(left.got).toEqual([
    { type: "link", connected: true },
    { type: "dropped", id: 7, frames: 4 },
  ]);
});

test("what was asked for before the link is there is asked for once it is", () => {
  const { gateway, router } = start();
  const { port, got, ask } = aPort();
  router.addPort(port);
  ask(subscribe(1));
  expect(gateway.asked()).toEqual([]);

  gateway.accept();
  expect(gateway.asked()).toMatchObject([{ type: "subscribe", cameraId }]);
  expect(got).toEqual([
    { type: "link", connected: false },
    { type: "link", connected: true },
  ]);
});

test("after a loss the hub connects again, waiting longer each time, and subscribes again to what is still wanted", () => {
  const { gateway, router } = start();
  const { port, got, ask } = aPort();
  gateway.accept();
  router.addPort(port);
  ask(subscribe(1));
  ask(subscribe(2));
  gateway.hangUp();
  ask({ type: "unsubscribe", id: 1 });
  expect(got.at(-1)).toEqual({ type: "link", connected: false });

  vi.advanceTimersByTime(299);
  expect(gateway.sockets).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(gateway.sockets).toHaveLength(2);
  gateway.hangUp();
  vi.advanceTimersByTime(599);
  expect(gateway.sockets).toHaveLength(2);
  vi.advanceTimersByTime(1);
  gateway.accept();

  expect(gateway.asked()).toMatchObject([{ type: "subscribe", id: 2 }]);
  expect(got.at(-1)).toEqual({ type: "link", connected: true });
});

test("when the browser says it is online the hub tries at once", () => {
  const { gateway, router } = start();
  gateway.hangUp();
  router.retryNow();
  expect(gateway.sockets).toHaveLength(2);
  gateway.accept();
  router.retryNow();
  expect(gateway.sockets).toHaveLength(2);
});

test("a silent link is asked, kept while it answers, and given up when it does not", () => {
  const { gateway } = start();
  gateway.accept();
  vi.advanceTimersByTime(2_000);
  const before = gateway.pings().length; // those for the clock
  vi.advanceTimersByTime(2_000);
  expect(gateway.pings()).toHaveLength(before + 1);
  gateway.tell({ type: "pong", sentAtMs: 0, gatewayAtMs: 0 });
  vi.advanceTimersByTime(4_000);
  expect(gateway.pings()).toHaveLength(before + 2);
  expect(gateway.sockets).toHaveLength(1);

  vi.advanceTimersByTime(2_300);
  expect(gateway.sockets[0]?.closed).toBe(true);
  expect(gateway.sockets).toHaveLength(2);
});

test("a connection that never opens is given up", () => {
  const { gateway } = start();
  vi.advanceTimersByTime(4_300);
  expect(gateway.sockets[0]?.closed).toBe(true);
  expect(gateway.sockets).toHaveLength(2);
});

test("a pong goes to the port that asked", () => {
  const { gateway, router } = start();
  const [left, right] = [aPort(), aPort()];
  gateway.accept();
  router.addPort(left.port);
  router.addPort(right.port);
  right.ask({ type: "ping", sentAtMs: 41 });
  gateway.tell({ type: "pong", sentAtMs: 41, gatewayAtMs: 99 });

  expect(right.got.at(-1)).toEqual({ type: "pong", sentAtMs: 41, gatewayAtMs: 99 });
  expect(left.got).toHaveLength(1);
});

test("a refusal reaches the port and is not asked for again", () => {
  const { gateway, router } = start();
  const { port, got, ask } = aPort();
  gateway.accept();
  router.addPort(port);
  ask(subscribe(3));
  gateway.tell({
    type: "refused",
    id: gateway.asked()[0]?.id,
    code: "not_found",
    message: "no such camera",
  });
  expect(got.at(-1)).toMatchObject({ type: "refused", id: 3 });

  gateway.hangUp();
  vi.advanceTimersByTime(300);
  gateway.accept();
  expect(gateway.asked()).toEqual([]);
});

test("subscribing again under the same id replaces the old subscription", () => {
  const { gateway, router } = start();
  const { port, ask } = aPort();
  gateway.accept();
  router.addPort(port);
  ask(subscribe(1));
  ask({ ...subscribe(1), frames: "key" });
  expect(gateway.asked()).toMatchObject([
    { type: "subscribe", id: 1, frames: "all" },
    { type: "unsubscribe", id: 1 },
    { type: "subscribe", id: 2, frames: "key" },
  ]);
});

test("a port that closes ends its subscriptions, and what still arrives for it is dropped", () => {
  const { gateway, router } = start();
  const { port, got, ask } = aPort();
  gateway.accept();
  router.addPort(port);
  ask(subscribe(1));
  ask({ type: "close" });
  expect(gateway.asked().at(-1)).toEqual({ type: "unsubscribe", id: 1 });

  gateway.picture(1);
  gateway.tell({ type: "dropped", id: 1, frames: 1 });
  expect(got).toHaveLength(1);
});

test("a notice of a newer gateway is passed over", () => {
  const { gateway } = start();
  gateway.accept();
  expect(() => gateway.tell({ type: "weather", id: 1 })).not.toThrow();
});

test("every port is told the gateway's clock, a late one at once", () => {
  const { gateway, router } = start();
  const [early, late] = [aPort(), aPort()];
  router.addPort(early.port);
  gateway.accept();
  const [ping] = gateway.pings();
  vi.advanceTimersByTime(6);
  gateway.tell({ type: "pong", sentAtMs: ping?.sentAtMs, gatewayAtMs: Number(ping?.sentAtMs) + 3 + 60_000 });
  const clock = { type: "clock", offsetMs: 60_000, roundTripMs: 6 };
  expect(early.got.at(-1)).toEqual(clock);
  router.addPort(late.port);
  expect(late.got).toEqual([{ type: "link", connected: true }, clock]);
});

test("the clock is asked for several times at the start, then seldom, and again after a loss", () => {
  const { gateway } = start();
  gateway.accept();
  /** Keeps the link from being silent, so that no ping but those for the clock is sent. */
  const passHeard = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 200) {
      vi.advanceTimersByTime(200);
      gateway.tell({ type: "state" });
    }
  };
  passHeard(3_000);
  expect(gateway.pings()).toHaveLength(5);
  passHeard(10_000);
  expect(gateway.pings()).toHaveLength(5);
  passHeard(5_000);
  expect(gateway.pings()).toHaveLength(6);
  gateway.hangUp();
  vi.advanceTimersByTime(300);
  gateway.accept();
  expect(gateway.pings()).toHaveLength(1);
});
