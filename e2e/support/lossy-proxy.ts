import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * How the way between page and gateway is. `cut`: every connection breaks, and no new one comes about. `lost_answers`,
 * `half_answers`: a batch of events reaches the gateway, which answers after its commit; of the answer nothing, or
 * half, arrives.
 */
export type ProxyMode = "whole" | "cut" | "lost_answers" | "half_answers";

export type LossyProxy = {
  /** The page's address; everything else goes through untouched. */
  url: string;
  setMode(mode: ProxyMode): void;
  /** Answers that were kept back, whole or half. */
  spoiledAnswers(): number;
  /** How often the gateway answered so to requests whose answers may be lost. */
  statuses(): ReadonlyMap<number, number>;
  stop(): Promise<void>;
};

type LossyProxyOptions = {
  /** The gateway's address. It may come and go. */
  target: string;
  /** Requests whose answers may be lost. */
  spoils: (request: IncomingMessage) => boolean;
};

/** A way to the gateway that breaks on command. */
export async function startLossyProxy({ target, spoils }: LossyProxyOptions): Promise<LossyProxy> {
  const port = Number(new URL(target).port);
  const host = "127.0.0.1";
  const sockets = new Set<Duplex>();
  let mode: ProxyMode = "whole";
  let spoiled = 0;
  const statuses = new Map<number, number>();

  /** The gateway's answer, whole, and then not, or half, passed on. */
  async function spoil(answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const kept = mode;
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    spoiled += 1;
    const body = Buffer.concat(chunks);
    if (kept === "lost_answers") return void response.destroy();
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, "content-length": body.length });
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }

  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const onward = request({ host, port, method, path: url, headers, agent: false }, (answer) => {
      const status = answer.statusCode ?? 502;
      if (spoils(incoming)) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (mode !== "whole") return void spoil(answer, response).catch(() => response.destroy());
      }
      response.writeHead(status, answer.rawHeaders);
      answer.once("error", () => response.destroy()).pipe(response);
    });
    onward.once("error", () => response.destroy()); // the gateway is away: the page sees what it would see without us
    response.once("close", () => onward.destroy());
    incoming.pipe(onward);
  });

  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const onward: Socket = connect({ host, port }, () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
        lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
      }
      onward.write(`${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const [one, other] of [[onward, socket] as const, [socket, onward] as const]) {
      one.once("error", () => other.destroy()).once("close", () => other.destroy());
    }
  });

  server.on("connection", (socket) => {
    if (mode === "cut") return void socket.destroy();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`, // it listens on a port
    setMode(next) {
      mode = next;
      if (mode === "cut") for (const socket of sockets) socket.destroy();
    },
    spoiledAnswers: () => spoiled,
    statuses: () => statuses,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
