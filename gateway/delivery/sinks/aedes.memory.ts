import { createServer as createHttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { Aedes, type AedesOptions } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";
import { portOf } from "./brokers.memory.ts";

/** A message as the broker took it in. */
export type Taken = { topic: string; payload: string; retain: boolean; dup: boolean };

const allowAll: NonNullable<AedesOptions["authorizePublish"]> = (_client, _packet, callback) =>
  callback(null);

/** A broker of MQTT 3.1.1 in this process, so that MQTT is tested where mosquitto is not installed. */
export async function startAedes(options: AedesOptions & { tls?: TlsOptions; overWebSocket?: true } = {}) {
  const { tls, overWebSocket, authorizePublish = allowAll, ...rest } = options;
  const taken: Taken[] = [];
  const broker = await Aedes.createBroker({
    ...rest,
    // noted here, since aedes tells of a message by an event only after it has acknowledged it
    authorizePublish: (client, packet, callback) =>
      authorizePublish(client, packet, (error) => {
        const { topic, payload, retain, dup } = packet;
        if (!error) taken.push({ topic, payload: payload.toString(), retain, dup });
        callback(error);
      }),
  });
  const sockets = new Set<Socket>();
  const server: Server = overWebSocket ? createHttpServer() : tls ? createTlsServer(tls) : createServer();
  if (overWebSocket) {
    new WebSocketServer({ server: server as ReturnType<typeof createHttpServer> }).on(
      "connection",
      (socket) => {
        broker.handle(createWebSocketStream(socket));
      },
    );
  } else {
    server.on(tls ? "secureConnection" : "connection", (socket) => broker.handle(socket));
  }
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  const port = await portOf(server);
  return {
    broker,
    port,
    url: `${overWebSocket ? "ws" : tls ? "mqtts" : "mqtt"}://127.0.0.1:${port}`,
    taken,
    /** Breaks every connection, without a goodbye. */
    hangUp: () => {
      for (const socket of sockets) socket.destroy();
    },
    /** What is retained under a topic; undefined when nothing is. */
    retained: (topic: string): string | undefined =>
      taken.findLast((message) => message.topic === topic && message.retain)?.payload || undefined,
    async end(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
      await new Promise<void>((closed) => broker.close(closed));
    },
  };
}
