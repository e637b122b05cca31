import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { isLoopbackHost, isOwnOrigin } from "./http.ts";

/** Only the headers are read. */
const aRequest = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

test.each(["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1", "127.8.9.1:80", "[::1]", "[::1]:8080"])(
  "%s is this computer",
  (host) => expect(isLoopbackHost(host)).toBe(true),
);

test.each([
  undefined,
  "",
  "evil.example",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "192.168.0.7:8080",
  "0.0.0.0",
  "[::]",
  "localhost:99999",
])("%s is not this computer", (host) => expect(isLoopbackHost(host)).toBe(false));

describe("an origin is the gateway's own", () => {
  const host = "localhost:8080";
  test.each<[boolean, Record<string, string>]>([
    [true, { host }],
    [true, { host, origin: "http://localhost:8080" }],
    [true, { host: "LocalHost:8080", origin: "http://localhost:8080" }],
    [false, { host, origin: "http://localhost:8081" }],
    [false, { host, origin: "http://evil.example" }],
    [false, { host, origin: "null" }],
    [false, { host, origin: "" }],
    [false, { host: "evil.example", origin: "http://evil.example" }],
    [false, {}],
  ])("%s for %j", (own, headers) => expect(isOwnOrigin(aRequest(headers))).toBe(own));
});
