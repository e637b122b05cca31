import { createServer, type Socket } from "node:net";
import { portOf } from "./brokers.memory.ts";

const [CONNECT, PUBLISH] = [1, 3];

export type Script = {
  /** Properties of the CONNACK, in the bytes of MQTT 5 (2.2.2). */
  greeting?: number[];
  /** Hangs up instead of a greeting when the client speaks this version; 5 is MQTT 5. */
  deafTo?: number;
  /** Each PUBLISH; without an answer it stays under way. */
  onPublish(
    topic: string,
    answer: { acknowledge(reasonCode?: number): void; disconnect(reasonCode: number): void },
  ): void;
};

/** A broker of MQTT 5 that says what a test wants, for what real ones say seldom. It passes nothing on. */
export async function startScriptedMqtt({ greeting = [], deafTo, onPublish }: Script) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    let version = 5;
    onPackets(socket, (kind, body) => {
      if (kind === CONNECT) {
        version = body[6] ?? 0; // after the length and the four letters of the protocol's name
        if (version === deafTo) socket.destroy();
        else if (version === 5) socket.write(packet(2, [0, 0, greeting.length, ...greeting]));
        else socket.write(packet(2, [0, 0]));
      }
      if (kind !== PUBLISH) return;
      const topicBytes = body.readUInt16BE(0);
      const id = [...body.subarray(2 + topicBytes, 4 + topicBytes)];
      onPublish(body.toString("utf8", 2, 2 + topicBytes), {
        acknowledge: (reasonCode = 0) => socket.write(packet(4, version === 5 ? [...id, reasonCode] : id)),
        disconnect: (reasonCode) => socket.end(packet(14, [reasonCode])),
      });
    });
  });
  server.listen(0, "127.0.0.1");
  return {
    url: `mqtt://127.0.0.1:${await portOf(server)}`,
    async end(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const packet = (kind: number, body: number[]): Buffer => Buffer.from([kind << 4, body.length, ...body]);

function onPackets(socket: Socket, take: (kind: number, body: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let size = sizeOf(rest); size && rest.length >= size.head + size.body; size = sizeOf(rest)) {
      const whole = size.head + size.body;
      take((rest[0] ?? 0) >> 4, rest.subarray(size.head, whole));
      rest = rest.subarray(whole);
    }
  });
}

/** Of the first packet: a length of 7 bits a byte follows the first byte (MQTT 5, 1.5.5). */
function sizeOf(bytes: Buffer): { head: number; body: number } | null {
  let body = 0;
  for (let at = 1; at < bytes.length && at <= 4; at += 1) {
    const byte = bytes[at] ?? 0;
    body += (byte & 127) << (7 * (at - 1));
    if (byte < 128) return { head: at + 1, body };
  }
  return null;
}
