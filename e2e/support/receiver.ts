import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { EventRecord } from "#contract/events.ts";
import type { NewSink } from "#contract/sinks.ts";

/** How a receiving end treats each batch. All but `status`, `refuses` and `gone` take it in. */
export type ReceiverMode =
  | { kind: "takes" }
  | { kind: "status"; status: number; retryAfterS?: number }
  /** 400 to a batch in which it will not take an event, with why. */
  | { kind: "refuses"; why: (event: EventRecord) => string | null }
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
  /** What it took in, as it came last, by receipt. */
  taken(): ReadonlyMap<string, EventRecord>;
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

const Batch = z.object({ events: z.array(EventRecord) });

/** An HTTP end that knows an event by its receipt. With `hmacKey` it takes nothing that is not signed with it. */
export async function startHttpReceiver({ hmacKey }: { hmacKey?: string } = {}): Promise<Receiver> {
  const taken = new Map<string, EventRecord>();
  const twice = new Set<string>();
  const answeredAtMs = new Map<string, number>();
  const excuses: { fromMs: number; toMs: number }[] = [];
  const sockets = new Set<Socket>();
  let mode: ReceiverMode = { kind: "takes" };

  const isExcused = (atMs: number): boolean =>
    excuses.some(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs);

  function take(events: EventRecord[]): void {
    for (const event of events) {
      taken.set(event.receipt_id, event);
      const atMs = answeredAtMs.get(event.receipt_id);
      if (atMs !== undefined && !isExcused(atMs)) twice.add(event.receipt_id);
    }
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
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    const signature = String(request.headers["x-guarita-signature"] ?? "");
    if (hmacKey !== undefined && !isSigned(signature, body, hmacKey))
      return void response.writeHead(401).end();
    const { events } = Batch.parse(JSON.parse(body.toString()));
    const why = treated.kind === "refuses" ? events.map(treated.why).find((one) => one !== null) : undefined;
    if (why !== undefined) return void response.writeHead(400).end(JSON.stringify({ error: why }));
    take(events);
    if (treated.kind === "slow") await new Promise((resolve) => setTimeout(resolve, treated.ms));
    if (treated.kind === "lost_answer") return void response.destroy();
    const reply = JSON.stringify({ ok: true });
    response.writeHead(200, { "content-type": "application/json", "content-length": reply.length });
    if (treated.kind === "half_reply")
      return void response.write(reply.slice(0, 4), () => response.destroy());
    response.end(reply, () => {
      for (const { receipt_id } of events) answeredAtMs.set(receipt_id, performance.now());
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

/** As gateway/delivery/sinks/receivers.md tells whoever receives. */
function isSigned(header: string, body: Buffer, key: string): boolean {
  const { t = "", v1 = "" } = Object.fromEntries(header.split(",").map((pair) => pair.split("=")));
  const expected = createHmac("sha256", key).update(`${t}.`).update(body).digest();
  const given = Buffer.from(v1, "hex");
  const isFresh = Math.abs(Date.now() / 1_000 - Number(t)) < 300;
  return isFresh && given.length === expected.length && timingSafeEqual(given, expected);
}
