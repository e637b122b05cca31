import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A page of as many frames as there are addresses, in a square that fills the window. It comes from a server of this
 * machine: a blank page counts as a public one, which may not load anything from here.
 */
export async function serveFrames(addresses: string[]): Promise<{ url: string; stop(): void }> {
  const side = Math.ceil(Math.sqrt(addresses.length));
  const shape = `repeat(${side}, 1fr) / repeat(${side}, 1fr)`;
  const html = [
    "<!doctype html><meta charset=utf-8><title>frames</title>",
    `<style>body { margin: 0; height: 100vh; display: grid; grid: ${shape} }`,
    "iframe { border: 0; width: 100%; height: 100% }</style>",
    ...addresses.map((address) => `<iframe src="${address}"></iframe>`),
  ].join("\n");
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(html);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // a listening TCP server always has an address of this form
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
