import { WebSocket as Socket, type WebSocket } from "ws";
import { FEED_ALIVE_MS, type FeedMessage } from "#contract/feed.ts";
import type { Bus } from "./kernel/bus.ts";

/** A page that reads so slowly is cut off: it comes back and asks for everything anew. */
const MAX_WAITING_BYTES = 1024 * 1024;

/**
 * Tells every open page what the bus says. A hint, not a promise: what a page missed while away it gets by asking the
 * HTTP paths when it is back.
 */
export function createFeed(bus: Bus, every = everyByTimer) {
  const sockets = new Set<WebSocket>();

  function broadcast(message: FeedMessage): void {
    if (sockets.size === 0) return;
    const text = JSON.stringify(message);
    for (const socket of sockets) {
      if (socket.bufferedAmount > MAX_WAITING_BYTES) socket.terminate();
      else if (socket.readyState === Socket.OPEN) socket.send(text);
    }
  }

  bus.on("events.stored", ({ events }) => broadcast({ type: "events", events }));
  bus.on("camera.changed", ({ camera }) => broadcast({ type: "camera-changed", camera }));
  bus.on("camera.removed", ({ cameraId }) => broadcast({ type: "camera-removed", cameraId }));
  bus.on("camera.state", ({ cameraId, state }) => broadcast({ type: "camera-state", cameraId, state }));
  bus.on("camera.health", (health) => broadcast({ type: "camera-health", health }));
  bus.on("zones.changed", ({ zones }) => broadcast({ type: "zones-changed", zones }));
  bus.on("shop.changed", ({ shop }) => broadcast({ type: "shop-changed", shop }));
  bus.on("plates.changed", () => broadcast({ type: "plates-changed" }));
  bus.on("media.state", (media) => broadcast({ type: "media", media }));
  bus.on("evidence.stored", ({ mediaId }) => broadcast({ type: "evidence-stored", mediaId }));
  bus.on("model.state", (model) => broadcast({ type: "model", model }));
  bus.on("stations.changed", () => broadcast({ type: "stations" }));
  bus.on("models.changed", () => broadcast({ type: "models-changed" }));

  every(() => broadcast({ type: "alive" }), FEED_ALIVE_MS);

  return {
    handleSocket(socket: WebSocket): void {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    },
  };
}

/** Does not keep the process alive: there is nothing to end. */
function everyByTimer(work: () => void, ms: number): void {
  setInterval(work, ms).unref();
}
