import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createControlApi } from "./control-api.ts";

let server: Server | undefined;
afterEach(() => void server?.close());

async function apiThatAnswers(body: unknown) {
  const asked: string[] = [];
  const started = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end(JSON.stringify(body));
  });
  server = started;
  await new Promise<void>((listening) => started.listen(0, "127.0.0.1", listening));
  const { port } = started.address() as AddressInfo; // a TCP server's address is never a string
  return { api: createControlApi(port, { user: "u", password: "p" }), asked };
}

test.each([
  ["1.5", { name: "a_main", ready: true, bytesReceived: 7, readers: [{ type: "webRTCSession", id: "x" }] }],
  [
    "1.20",
    {
      name: "a_main",
      ready: true,
      available: true,
      online: true,
      inboundBytes: 7,
      bytesReceived: 7,
      readers: [{ type: "webRTCSession", id: "x" }],
    },
  ],
  [
    "a later one",
    { name: "a_main", available: true, inboundBytes: 7, readers: [{ type: "webRTCSession" }], other: {} },
  ],
])("how a path is, is understood from MediaMTX %s", async (_version, item) => {
  const { api } = await apiThatAnswers({ itemCount: 1, pageCount: 1, items: [item] });
  expect(await api.listPaths()).toEqual([
    { name: "a_main", isReady: true, receivedBytes: 7, readers: ["webRTCSession"] },
  ]);
});

test("what is not told is not made up, and a path that makes no sense hides no other", async () => {
  const { api, asked } = await apiThatAnswers({ items: [{ name: 3 }, null, { name: "b", readers: null }] });
  expect(await api.listPaths()).toEqual([
    { name: "b", isReady: false, receivedBytes: undefined, readers: [] },
  ]);
  expect(asked).toEqual(["/v3/paths/list?itemsPerPage=10000&page=0"]); // else the answer ends after 100
});
