import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { Fault } from "./faults.ts";
import type { SimulatedCameras } from "./simulated-cameras.ts";

type Answer = { status: number; body: unknown };

const Listening = z.strictObject({ listening: z.boolean() });

/** Faults and status over HTTP on loopback, for tests and benches that run the cameras in another process. */
export function createControlServer(deps: { cameras: SimulatedCameras; rtspPort: number; rtspHost: string }) {
  const { cameras, rtspPort, rtspHost } = deps;
  let isListening = true;

  async function setListening(listening: boolean): Promise<void> {
    if (listening && !isListening) await cameras.start(rtspPort, rtspHost);
    if (!listening && isListening) await cameras.stop();
    isListening = listening;
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const [, what, path = ""] = (request.url ?? "").split("/").map(decodeURIComponent);
    const route = `${request.method} ${what}`;
    if (route === "GET status") {
      return { status: 200, body: { rtspPort, listening: isListening, cameras: cameras.status() } };
    }
    if (route === "PUT faults") cameras.setFault(path, Fault.parse(await readJson(request)));
    else if (route === "DELETE faults") cameras.clearFault(path);
    else if (route === "PUT listening")
      await setListening(Listening.parse(await readJson(request)).listening);
    else return { status: 404, body: { message: `nothing answers ${request.method} ${request.url}` } };
    return { status: 200, body: { done: true } };
  }

  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request).catch(
      (error: unknown): Answer => ({ status: 400, body: { message: String(error) } }),
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });

  return {
    start: (port = 0): Promise<{ port: number }> =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        // a listening TCP server always has an address of this form
        server.listen(port, "127.0.0.1", () => resolve({ port: (server.address() as AddressInfo).port }));
      }),
    stop(): Promise<void> {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}
