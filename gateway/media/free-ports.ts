import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { isEverywhere, plainHost } from "./mediamtx-config.ts";

/** Different TCP ports that were free on loopback a moment ago. */
export async function freeLoopbackPorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => holdTcp("127.0.0.1", 0)));
  const ports = held.map(({ port }) => port);
  await Promise.all(held.map(({ release }) => release()));
  return ports;
}

/** `wanted` if it is free on `host` for UDP and TCP, else another port that is. */
export async function freeMediaPort(host: string, wanted: number): Promise<number> {
  const address = isEverywhere(host) ? undefined : plainHost(host);
  for (const port of [wanted, ...Array<number>(20).fill(0)]) {
    try {
      const udp = await holdUdp(address, port);
      const tcp = await holdTcp(address, udp.port).finally(udp.release);
      await tcp.release();
      return udp.port;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error(`No port is free for WebRTC on ${host}.`);
}

/** Windows says EACCES of a port that it keeps for itself. */
function isTaken(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return code === "EADDRINUSE" || code === "EACCES";
}

type Held = { port: number; release(): Promise<void> };

function holdTcp(host: string | undefined, port: number): Promise<Held> {
  const server = createServer();
  return new Promise((held, refused) => {
    server.once("error", refused);
    server.listen({ host, port, exclusive: true }, () => {
      const { port: got } = server.address() as AddressInfo; // a TCP server's address is never a string
      held({ port: got, release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

function holdUdp(host: string | undefined, port: number): Promise<Held> {
  const socket = createSocket(host?.includes(":") ? "udp6" : "udp4");
  return new Promise((held, refused) => {
    socket.once("error", refused);
    socket.bind({ address: host, port, exclusive: true }, () => {
      held({ port: socket.address().port, release: () => new Promise((done) => socket.close(() => done())) });
    });
  });
}
