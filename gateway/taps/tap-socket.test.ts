import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { type AccessUnit, parseAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import { TapNotice } from "#contract/taps.ts";
import { manualClock } from "./manual-clock.memory.ts";
import type { TappedUnit, TapReader, TapSource } from "./tap.ts";
import { serveTapSocket } from "./tap-socket.ts";

/** The part of a `ws` socket that is used, with a buffer that the test fills and empties. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  pings = 0;
  notices: TapNotice[] = [];
  units: AccessUnit[] = [];
  send(data: string | Uint8Array<ArrayBuffer>) {
    this.bufferedAmount += data.length;
    if (typeof data === "string") this.notices.push(TapNotice.parse(JSON.parse(data)));
    else this.units.push(parseAccessUnit(data.buffer));
  }
  ping() {
    this.pings += 1;
  }
  terminate() {
    this.readyState = 3;
    this.emit("close");
  }
  receive(message: unknown) {
    this.emit("message", Buffer.from(typeof message === "string" ? message : JSON.stringify(message)), false);
  }
}

function aPage() {
  const socket = new FakeSocket();
  const time = manualClock();
  const readers: { source: TapSource; reader: TapReader; ended: boolean }[] = [];
  serveTapSocket({
    // the handler uses only what the fake has
    socket: socket as unknown as WebSocket,
    clock: time.clock,
    subscribe(source, reader) {
      const subscription = { source, reader, ended: false };
      readers.push(subscription);
      return () => {
        subscription.ended = true;
      };
    },
  });
  return { socket, time, readers };
}
const subscribe = (id: number, frames = "all") => ({
  type: "subscribe",
  id,
  cameraId: anId(),
  stream: "sub",
  frames,
});
const aUnit = (overrides: Partial<TappedUnit> = {}): TappedUnit => ({
  keyFrame: true,
  discontinuity: false,
  replayed: false,
  ptsUs: 1_000,
  cameraAtMs: 0,
  receivedAtMs: 5,
  data: Buffer.alloc(1_000_000, 1),
  ...overrides,
});

test("a subscription gets notices and pictures under its id, until it ends", () => {
  const { socket, readers } = aPage();
  socket.receive(subscribe(7, "key"));
  expect(readers[0]).toMatchObject({ source: { stream: "sub" }, reader: { frames: "key" } });
  readers[0]?.reader.onState({ status: "unknown" });
  readers[0]?.reader.onUnit(aUnit({ ptsUs: 42, replayed: true, data: Buffer.from([1, 2, 3]) }));
  expect(socket.notices).toEqual([{ type: "state", id: 7, state: { status: "unknown" } }]);
  expect(socket.units).toMatchObject([{ subscriptionId: 7, ptsUs: 42, replayed: true, keyFrame: true }]);
  expect([...(socket.units[0]?.data ?? [])]).toEqual([1, 2, 3]);
  socket.receive({ type: "unsubscribe", id: 7 });
  expect(readers[0]?.ended).toBe(true);
});

test("a ping is answered with the gateway's clock", () => {
  const { socket, time } = aPage();
  socket.receive({ type: "ping", sentAtMs: 12.5 });
  expect(socket.notices).toEqual([{ type: "pong", sentAtMs: 12.5, gatewayAtMs: time.clock.nowMs() }]);
});

test.each([
  ["{", null],
  [{ type: "subscribe", id: 3 }, 3],
  [{ type: "unknown", id: "x" }, null],
  ["null", null],
  [{ ...subscribe(4), extra: 1 }, 4],
])("a malformed message is refused and changes nothing: %j", (message, id) => {
  const { socket, readers } = aPage();
  socket.receive(message);
  expect(socket.notices).toMatchObject([{ type: "refused", id, code: "bad_request" }]);
  expect(readers).toEqual([]);
});

test("binary messages are refused", () => {
  const { socket } = aPage();
  socket.emit("message", Buffer.from(JSON.stringify(subscribe(1))), true);
  expect(socket.notices).toMatchObject([{ type: "refused", code: "bad_request" }]);
});

test("an id that is taken, and a 257th subscription, are refused", () => {
  const { socket, readers } = aPage();
  for (let id = 0; id < 256; id += 1) socket.receive(subscribe(id));
  socket.receive(subscribe(0));
  socket.receive(subscribe(256));
  expect(readers).toHaveLength(256);
  expect(socket.notices).toMatchObject([
    { type: "refused", id: 0, code: "conflict" },
    { type: "refused", id: 256, code: "conflict" },
  ]);
});

test("a removed camera's subscription is refused, and its id is free again", () => {
  const { socket, readers } = aPage();
  socket.receive(subscribe(1));
  readers[0]?.reader.onGone();
  expect(socket.notices).toMatchObject([{ type: "refused", id: 1, code: "not_found" }]);
  socket.receive(subscribe(1));
  expect(readers).toHaveLength(2);
});

test("a page that reads too slowly loses pictures, is told how many, and goes on from a key frame", () => {
  const { socket, readers } = aPage();
  socket.receive(subscribe(1));
  const send = (keyFrame: boolean) => readers[0]?.reader.onUnit(aUnit({ keyFrame }));
  for (let count = 0; count < 20; count += 1) send(count === 0);
  expect(socket.bufferedAmount).toBeLessThan(6_000_000);
  const sent = socket.units.length;
  expect(sent).toBeLessThan(6);

  socket.bufferedAmount = 3_000_000;
  send(true);
  socket.bufferedAmount = 0;
  send(false);
  expect(socket.units).toHaveLength(sent);
  send(true);
  send(false);
  expect(socket.notices).toEqual([{ type: "dropped", id: 1, frames: 22 - sent }]);
  expect(socket.units.slice(sent).map(({ keyFrame, discontinuity }) => [keyFrame, discontinuity])).toEqual([
    [true, true],
    [false, false],
  ]);
});

test("a page that asks on and on and reads nothing is left", () => {
  const { socket, readers } = aPage();
  socket.receive(subscribe(1));
  for (let count = 0; count < 300_000 && socket.readyState === 1; count += 1) {
    socket.receive({ type: "ping", sentAtMs: count });
  }
  expect(socket.readyState).toBe(3);
  expect(socket.bufferedAmount).toBeLessThan(9_000_000);
  expect(readers[0]?.ended).toBe(true);
});

test("a socket whose other side went away silently is closed within 30 s, one that lives is kept", () => {
  const { socket, time, readers } = aPage();
  socket.receive(subscribe(1));
  for (let beat = 0; beat < 4; beat += 1) {
    time.advance(15_000);
    socket.emit("pong");
  }
  expect(socket.readyState).toBe(1);
  time.advance(30_000);
  expect(socket.readyState).toBe(3);
  expect(readers[0]?.ended).toBe(true);
  expect(time.pending()).toBe(0);
});
