import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { aCamera, anEvent, someZones } from "#contract/examples.ts";
import { FeedMessage } from "#contract/feed.ts";
import { createFeed } from "./feed.ts";
import { createBus } from "./kernel/bus.ts";
import { silentLogger } from "./kernel/logger.ts";

/** What the feed uses of a socket. */
function aSocket() {
  const sent: FeedMessage[] = [];
  const socket = Object.assign(new EventEmitter(), {
    readyState: 1,
    bufferedAmount: 0,
    send: (text: string) => void sent.push(FeedMessage.parse(JSON.parse(text))),
    terminate: () => void socket.emit("close"),
  });
  return { socket, sent, asWebSocket: socket as unknown as WebSocket };
}

test("everything on the bus reaches every open page in the contract's form", () => {
  const bus = createBus(silentLogger());
  const feed = createFeed(bus);
  const [one, two] = [aSocket(), aSocket()];
  feed.handleSocket(one.asWebSocket);
  feed.handleSocket(two.asWebSocket);
  const camera = aCamera();
  bus.emit("events.stored", { events: [{ ...anEvent(), received_at: "2026-03-01T12:00:01.000Z" }] });
  bus.emit("camera.changed", { camera });
  bus.emit("camera.state", { cameraId: camera.id, state: { status: "unknown" } });
  bus.emit("camera.removed", { cameraId: camera.id });
  bus.emit("zones.changed", { zones: someZones({ cameraId: camera.id }) });
  bus.emit("shop.changed", { shop: { version: 1, timeZone: "America/Sao_Paulo", hours: [] } });
  bus.emit("media.state", { status: "running" });
  bus.emit("model.state", { id: "yolox-nano", status: "ready" });
  expect(one.sent.map((message) => message.type)).toEqual([
    "events",
    "camera-changed",
    "camera-state",
    "camera-removed",
    "zones-changed",
    "shop-changed",
    "media",
    "model",
  ]);
  expect(two.sent).toEqual(one.sent);
});

test("every page gets a sign of life, whatever happens", () => {
  let beat = () => {};
  const feed = createFeed(createBus(silentLogger()), (work) => {
    beat = work;
  });
  const page = aSocket();
  feed.handleSocket(page.asWebSocket);
  beat();
  expect(page.sent).toEqual([{ type: "alive" }]);
});

test("a page that does not read is cut off and slows nobody", () => {
  const bus = createBus(silentLogger());
  const feed = createFeed(bus);
  const [slow, quick] = [aSocket(), aSocket()];
  feed.handleSocket(slow.asWebSocket);
  feed.handleSocket(quick.asWebSocket);
  slow.socket.bufferedAmount = 2_000_000;
  bus.emit("media.state", { status: "starting" });
  slow.socket.bufferedAmount = 0;
  bus.emit("media.state", { status: "running" });
  expect(slow.sent).toEqual([]);
  expect(quick.sent).toHaveLength(2);
});
