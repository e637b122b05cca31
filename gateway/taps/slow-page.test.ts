import { once } from "node:events";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { type AccessUnit, parseAccessUnit } from "#contract/access-unit.ts";
import { anId } from "#contract/examples.ts";
import type { TapNotice, TapRequest } from "#contract/taps.ts";
import { silentLogger } from "../kernel/logger.ts";
import { startFakeCamera } from "./rtsp/fake-rtsp-camera.memory.ts";
import { createTaps } from "./taps.ts";

const until = (check: () => unknown) => vi.waitFor(check, { timeout: 15_000, interval: 5 });

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A camera, the tap service on a real WebSocket server, and pages that read it. */
async function aGateway() {
  const camera = await startFakeCamera();
  cleanups.push(camera.stop);
  const taps = createTaps({
    addressOf: async () => camera.address(),
    onState: () => undefined,
    nowMs: Date.now,
    log: silentLogger(),
  });
  cleanups.push(taps.stop);
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
  server.on("connection", taps.handleSocket);
  await once(server, "listening");
  cleanups.push(() => server.close());
  const { port } = server.address() as { port: number }; // a TCP server's address is an object
  const cameraId = anId();

  async function open() {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    cleanups.push(() => socket.terminate());
    const units: AccessUnit[] = [];
    const notices: TapNotice[] = [];
    socket.binaryType = "arraybuffer";
    socket.on("message", (data: ArrayBuffer | Buffer, isBinary) => {
      if (data instanceof ArrayBuffer && isBinary) units.push(parseAccessUnit(data));
      else notices.push(JSON.parse(new TextDecoder().decode(data)));
    });
    await once(socket, "open");
    const request: TapRequest = { type: "subscribe", id: 1, cameraId, stream: "main", frames: "all" };
    socket.send(JSON.stringify(request));
    return { socket, units, notices };
  }
  return { camera, open, server };
}

test("a page that stops reading loses pictures and costs bounded memory, and another loses none", async () => {
  const { camera, open, server } = await aGateway();
  const [fast, slow] = [await open(), await open()];
  await until(() => expect(camera.playing()).toBe(1));
  camera.picture(true);
  await until(() => expect([fast.units.length, slow.units.length]).toEqual([1, 1]));

  slow.socket.pause();
  for (let count = 2; count <= 60; count += 1) {
    camera.picture(count % 10 === 0, { sizeBytes: 500_000, fill: count });
    await until(() => expect(fast.units).toHaveLength(count));
  }
  for (const socket of server.clients) expect(socket.bufferedAmount).toBeLessThan(5_000_000);

  slow.socket.resume();
  await until(() => {
    camera.picture(true);
    expect(slow.notices.some(({ type }) => type === "dropped")).toBe(true);
  });
  await until(() => expect(slow.units.some(({ discontinuity }) => discontinuity)).toBe(true));
  const resumed = slow.units.find(({ discontinuity }) => discontinuity);
  expect(resumed?.keyFrame).toBe(true);
  expect(fast.notices.some(({ type }) => type === "dropped")).toBe(false);
  expect(fast.units.some(({ discontinuity }) => discontinuity)).toBe(false);
});
