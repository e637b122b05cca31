import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isOwnOrigin } from "./http.ts";

export type SocketHandler = (socket: WebSocket, request: IncomingMessage) => void;

/**
 * Answers WebSocket upgrades on the given paths (exact), for pages of the own origin only. `stop` closes every
 * socket with 1001.
 */
export function attachSockets(server: Server, handlers: Record<string, SocketHandler>) {
  const door = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = new URL(request.url ?? "/", "http://gateway").pathname;
    const handler = Object.hasOwn(handlers, path) ? handlers[path] : undefined;
    if (!handler) return refuse(stream, "404 Not Found");
    if (!isOwnOrigin(request)) return refuse(stream, "403 Forbidden");
    door.handleUpgrade(request, stream, head, (socket) => {
      socket.on("error", () => socket.terminate());
      handler(socket, request);
    });
  });
  return {
    stop() {
      for (const socket of door.clients) socket.close(1001);
      setTimeout(() => {
        for (const socket of door.clients) socket.terminate();
      }, 500).unref();
    },
  };
}

function refuse(stream: Duplex, status: string): void {
  stream.on("error", () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
