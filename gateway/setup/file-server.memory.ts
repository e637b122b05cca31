import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type FileServer = Awaited<ReturnType<typeof startFileServer>>;

/** A server of one file on loopback, for tests, with the faults that downloads meet in the field. */
export async function startFileServer(content: Buffer) {
  const state = {
    content,
    /** Sends so many bytes, then nothing more. */
    stallAfterBytes: undefined as number | undefined,
    status: undefined as number | undefined,
    knowsRanges: true,
  };
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    if (state.status) return void response.writeHead(state.status).end();
    const from = state.knowsRanges ? Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
    if (from >= state.content.length) return void response.writeHead(416).end();
    const rest = state.content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": rest.length,
      ...(from > 0 && {
        "content-range": `bytes ${from}-${state.content.length - 1}/${state.content.length}`,
      }),
    });
    send(response, rest, state.stallAfterBytes);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  return {
    state,
    ranges,
    address: `http://127.0.0.1:${port}/file`,
    /** Breaks every connection, in the middle of an answer too. */
    hangUp: () => server.closeAllConnections(),
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function send(response: ServerResponse, rest: Buffer, stallAfterBytes: number | undefined): void {
  if (stallAfterBytes === undefined) response.end(rest);
  else response.write(rest.subarray(0, stallAfterBytes));
}
