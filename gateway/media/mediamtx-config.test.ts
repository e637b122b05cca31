import { expect, test } from "vitest";
import { parseLine } from "./mediamtx-child.ts";
import { mediamtxConfig } from "./mediamtx-config.ts";
import { isSince, parseVersion } from "./mediamtx-version.ts";

const ports = { api: 1, rtsp: 2, hls: 3, webrtc: 4, media: 8189 };
const configOf = (version: string, host = "127.0.0.1", additionalHosts: string[] = []) =>
  mediamtxConfig({
    version: parseVersion(version),
    ports,
    credentials: { user: "guarita", password: "secret" },
    host,
    additionalHosts,
  });

test("each version is told only what it knows", () => {
  const old = configOf("v1.5.0");
  expect(old).not.toHaveProperty("moq");
  expect(old).not.toHaveProperty("authInternalUsers");
  expect(old).not.toHaveProperty("hlsMuxerCloseAfter");
  expect(old).toMatchObject({
    protocols: ["tcp"],
    pathDefaults: { readUser: "guarita", readPass: "secret" },
  });
  const newest = configOf("v1.21.1");
  expect(newest).not.toHaveProperty("protocols");
  expect(newest).toMatchObject({ moq: false, rtspTransports: ["tcp"], hlsMuxerCloseAfter: "20s" });
  expect(configOf("v1.18.2")).not.toHaveProperty("moq");
});

test("only our user may read and use the API, and nobody may publish", () => {
  const { authInternalUsers } = configOf("v1.21.1") as { authInternalUsers: unknown[] };
  expect(authInternalUsers).toEqual([
    {
      user: "guarita",
      pass: "secret",
      ips: ["127.0.0.1", "::1"],
      permissions: [{ action: "read" }, { action: "api" }],
    },
  ]);
});

test.each(["127.0.0.1", "0.0.0.0", "192.168.0.9"])(
  "on host %s all but the media port is on loopback",
  (host) => {
    const config = configOf("v1.21.1", host);
    for (const name of ["apiAddress", "rtspAddress", "hlsAddress", "webrtcAddress"]) {
      expect(config[name]).toMatch(/^127\.0\.0\.1:\d+$/);
    }
    expect(config).toMatchObject({ rtmp: false, srt: false });
  },
);

test("the media port listens where the gateway does, and browsers are told that address", () => {
  expect(configOf("v1.21.1", "localhost")).toMatchObject({
    webrtcLocalUDPAddress: "127.0.0.1:8189",
    webrtcLocalTCPAddress: "127.0.0.1:8189",
    webrtcIPsFromInterfaces: false,
    webrtcAdditionalHosts: ["127.0.0.1"],
  });
  expect(configOf("v1.21.1", "0.0.0.0", ["shop.lan"])).toMatchObject({
    webrtcLocalUDPAddress: ":8189",
    webrtcIPsFromInterfaces: true,
    webrtcAdditionalHosts: ["shop.lan"],
  });
  expect(configOf("v1.21.1", "::1")).toMatchObject({ webrtcLocalTCPAddress: "[::1]:8189" });
});

test("versions are compared by number, and a build without one counts as new", () => {
  expect(isSince(parseVersion("v1.5.0\n"), 6)).toBe(false);
  expect(isSince(parseVersion("v1.11.0"), 6)).toBe(true);
  expect(isSince(parseVersion("v2.0.0"), 19)).toBe(true);
  expect(isSince(parseVersion("v0.0.0"), 19)).toBe(true);
  expect(isSince(parseVersion("v0.23.0"), 5)).toBe(false);
  expect(parseVersion("v1.20.1-3-gabc")).toMatchObject({ text: "1.20.1-3-gabc", minor: 20 });
});

test("lines of the log are told apart by their level", () => {
  expect(parseLine("2026/11/21 10:21:12 ERR [path a] [RTSP source] EOF")).toEqual({
    level: "error",
    text: "[path a] [RTSP source] EOF",
  });
  expect(parseLine("ERR: listen udp :8189: bind: address already in use")).toEqual({
    level: "error",
    text: "listen udp :8189: bind: address already in use",
  });
  expect(parseLine(", linux, amd64")).toEqual({ level: "debug", text: ", linux, amd64" });
});
