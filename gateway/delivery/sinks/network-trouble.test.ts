import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { exchange } from "./exchange.ts";
import { networkTrouble } from "./network-trouble.ts";

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

test.each([
  [coded("ENOTFOUND", "getaddrinfo ENOTFOUND nowhere"), "name_unknown", "getaddrinfo ENOTFOUND nowhere"],
  [coded("EHOSTUNREACH", "connect EHOSTUNREACH 10.0.0.9"), "unreachable", "connect EHOSTUNREACH 10.0.0.9"],
  [coded("CERT_HAS_EXPIRED", "certificate has expired"), "certificate", "CERT_HAS_EXPIRED"],
  [coded("ERR_SSL_WRONG_VERSION_NUMBER", "0:c:wrong:ssl.c:3"), "no_tls", "ERR_SSL_WRONG_VERSION_NUMBER"],
  [coded("EBADF", "bad file"), "no_connection", "EBADF bad file"],
  [new AggregateError([coded("EPIPE", "write EPIPE"), coded("EBADF", "x")]), "broke_off", "write EPIPE"],
])("%s has its code, and the system's word beside it", (error, code, detail) => {
  expect(networkTrouble(error)).toEqual({ code, detail });
});

test("an error that says nothing has no detail", () => {
  expect(networkTrouble(new Error(""))).toEqual({ code: "no_connection" });
});

test("a server that speaks no TLS is told as one", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo; // a TCP server's address is one
  const limits = { timeoutMs: 10_000, answerBytes: 1, signal: new AbortController().signal };
  const ask = { method: "GET", url: new URL(`https://127.0.0.1:${port}/`), headers: {} } as const;
  expect(await exchange(ask, limits)).toMatchObject({ trouble: { code: "no_tls" } });
  await new Promise((closed) => server.close(closed));
});
