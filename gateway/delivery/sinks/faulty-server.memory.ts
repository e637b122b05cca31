import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export type Asked = { method: string; url: URL; headers: IncomingHttpHeaders; body: Buffer };
export type Reply = { status: number; body?: string; headers?: Record<string, string> };

/** What a request meets. `delay` goes on as usual afterwards. */
export type Fault =
  | { kind: "delay"; ms: number }
  /** Answered so, and nothing was done. */
  | { kind: "status"; status: number; headers?: Record<string, string>; body?: string }
  /** Cut before anything was done. */
  | { kind: "closed_socket" }
  /** Done, and cut in the middle of the answer. */
  | { kind: "half_reply" }
  /** Done, and cut before the answer. */
  | { kind: "answer_lost" };

export type FaultyServer = {
  url: string;
  /** Asked before each request is handled; null: no fault. */
  misbehave(choose: (asked: Asked) => Fault | null): void;
  /** Every connection is cut and nobody listens any more. */
  kill(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
};

/** A real HTTP server on the loopback that does wrong on command. */
export async function startFaultyServer(
  handle: (asked: Asked) => Reply | Promise<Reply>,
): Promise<FaultyServer> {
  let choose: (asked: Asked) => Fault | null = () => null;
  let server: Server | null = null;
  let port = 0;

  async function serve(asked: Asked, response: ServerResponse): Promise<void> {
    const fault = choose(asked);
    if (fault?.kind === "status") {
      return reply(response, { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? "" });
    }
    if (fault?.kind === "closed_socket") return void response.destroy();
    if (fault?.kind === "delay") await new Promise((later) => setTimeout(later, fault.ms));
    const done = await handle(asked);
    if (fault?.kind === "answer_lost") return void response.destroy();
    if (fault?.kind === "half_reply") return replyByHalf(response, done);
    reply(response, done);
  }

  async function start(): Promise<void> {
    const started = createServer(async (request, response) => {
      try {
        const body = await buffer(request);
        const url = new URL(request.url ?? "/", "http://receiver");
        await serve({ method: request.method ?? "", url, headers: request.headers, body }, response);
      } catch {
        response.destroy(); // the sender is gone
      }
    });
    started.listen(port, "127.0.0.1");
    await new Promise((listening, failed) => started.once("listening", listening).once("error", failed));
    port = (started.address() as AddressInfo).port; // a TCP server's address is one
    server = started;
  }

  async function kill(): Promise<void> {
    const ending = server;
    server = null;
    if (!ending) return;
    const closed = new Promise((done) => ending.close(done));
    ending.closeAllConnections();
    await closed;
  }

  await start();
  return { url: `http://127.0.0.1:${port}`, misbehave: (chosen) => (choose = chosen), kill, start };
}

function reply(response: ServerResponse, { status, body = "", headers = {} }: Reply): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body);
}

function replyByHalf(response: ServerResponse, { status, body = "" }: Reply): void {
  const whole = Buffer.from(body.padEnd(8));
  response.writeHead(status, { "content-type": "application/json", "content-length": whole.length });
  response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
}
