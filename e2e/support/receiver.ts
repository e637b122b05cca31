import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import type { NewSink } from "#contract/sinks.ts";

/** How a receiving end treats each batch. All but `status` and `gone` take it in. */
export type ReceiverMode =
  | { kind: "takes" }
  | { kind: "status"; status: number; retryAfterS?: number }
  | { kind: "slow"; ms: number }
  | { kind: "half_reply" }
  | { kind: "lost_answer" }
  /** Every connection breaks, and no new one comes about. */
  | { kind: "gone" };

/** Where a gateway's events go, outside of it; faults on command. */
export type Receiver = {
  /** What `POST /api/sinks` is told. */
  sink: NewSink;
  setMode(mode: ReceiverMode): void;
  /** Receipts it took in. */
  taken(): ReadonlySet<string>;
  /** Receipts that came again although their answer had gone out whole, and nothing excuses it. */
  twice(): ReadonlySet<string>;
  /**
   * The gateway ends, or cannot write: from a moment ago until the returned function is called, it may forget what it
   * was answered.
   */
  excuse(): () => void;
  stop(): Promise<void>;
};

/** An answer that went out so shortly before the gateway's end may not be on its disk yet. */
const MOMENT_MS = 2_000;

const Batch = z.object({ events: z.array(z.object({ receipt_id: z.string() })) });

/** An HTTP end that knows an event by its receipt. */
export async function startHttpReceiver(): Promise<Receiver> {
  const taken = new Set<string>();
  const twice = new Set<string>();
  const answeredAtMs = new Map<string, number>();
  const excuses: { fromMs: number; toMs: number }[] = [];
  const sockets = new Set<Socket>();
  let mode: ReceiverMode = { kind: "takes" };

  const isExcused = (atMs: number): boolean =>
    excuses.some(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs);

  function take(body: Buffer): string[] {
    const receipts = Batch.parse(JSON.parse(body.toString())).events.map(({ receipt_id }) => receipt_id);
    for (const receipt of receipts) {
      taken.add(receipt);
      const atMs = answeredAtMs.get(receipt);
      if (atMs !== undefined && !isExcused(atMs)) twice.add(receipt);
    }
    return receipts;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const treated = mode;
    if (treated.kind === "status") {
      const headers = treated.retryAfterS === undefined ? {} : { "retry-after": String(treated.retryAfterS) };
      return void response.writeHead(treated.status, headers).end();
    }
    const receipts = take(request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent);
    if (treated.kind === "slow") await new Promise((resolve) => setTimeout(resolve, treated.ms));
    if (treated.kind === "lost_answer") return void response.destroy();
    const body = JSON.stringify({ ok: true });
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    if (treated.kind === "half_reply") return void response.write(body.slice(0, 4), () => response.destroy());
    response.end(body, () => {
      for (const receipt of receipts) answeredAtMs.set(receipt, performance.now());
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy()); // the gateway broke off
  });
  server.on("connection", (socket) => {
    if (mode.kind === "gone") return void socket.destroy();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    sink: {
      name: "Receiver",
      everyMs: 0,
      target: { kind: "http", url: `http://127.0.0.1:${port}/events` },
    },
    setMode(next) {
      mode = next;
      if (mode.kind === "gone") for (const socket of sockets) socket.destroy();
    },
    taken: () => taken,
    twice: () => twice,
    excuse() {
      const excuse = { fromMs: performance.now() - MOMENT_MS, toMs: Number.POSITIVE_INFINITY };
      excuses.push(excuse);
      return () => {
        excuse.toMs = performance.now();
      };
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
