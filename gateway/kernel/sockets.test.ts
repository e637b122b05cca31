import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { attachSockets } from "./sockets.ts";

let server: Server;
let sockets: ReturnType<typeof attachSockets>;
let port: number;

beforeEach(async () => {
  server = createServer();
  sockets = attachSockets(server, { "/api/feed": (socket) => socket.send("hello") });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port; // a TCP server's address is one
});
afterEach(() => server.close());

/** What came of it: the first message, or the refusal's status. */
function open(path: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  return new Promise<string>((resolve, reject) => {
    socket.on("message", (text) => {
      resolve(String(text));
      socket.terminate();
    });
    socket.on("unexpected-response", (_request, response) => resolve(String(response.statusCode)));
    socket.on("error", reject);
  });
}

test("the own page and a program without an origin get the handler of the exact path", async () => {
  expect(await open("/api/feed")).toBe("hello");
  expect(await open("/api/feed?x=1", { origin: `http://127.0.0.1:${port}` })).toBe("hello");
  expect(await open("/api/feed/more")).toBe("404");
  expect(await open("/constructor")).toBe("404");
});

test("another site's page, and a foreign name for this computer, are refused", async () => {
  expect(await open("/api/feed", { origin: "http://evil.example" })).toBe("403");
  expect(await open("/api/feed", { host: "evil.example", origin: "http://evil.example" })).toBe("403");
});

test("stop closes what is open with code 1001", async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/feed`);
  await new Promise((resolve) => socket.once("message", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  sockets.stop();
  expect(await closed).toBe(1001);
});
