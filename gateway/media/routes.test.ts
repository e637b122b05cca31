import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ErrorAnswer } from "#contract/errors.ts";
import { errorHandler } from "../kernel/http.ts";
import { silentLogger } from "../kernel/logger.ts";
import { type Harness, startHarness } from "./media-harness.memory.ts";
import { mediaRoutes } from "./routes.ts";

const CAMERA = "3a0c6c1e-0000-4000-8000-000000000001";
const AWAY = "3a0c6c1e-0000-4000-8000-000000000002";
const LOCKED = "3a0c6c1e-0000-4000-8000-000000000003";
const UNKNOWN = "3a0c6c1e-0000-4000-8000-00000000000f";
const ADDRESSES: Record<string, string> = {
  [CAMERA]: "rtsp://cam/stream",
  [AWAY]: "rtsp://cam/refused",
  [LOCKED]: "rtsp://u:p@cam/locked",
};
const OFFER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:abcd\r\n";

let harness: Harness;
let server: Server;
let base: string;

beforeAll(async () => {
  harness = await startHarness();
  harness.media.start();
  await harness.until("running");
  const app = express();
  app.use(mediaRoutes({ media: harness.media, addressOf: async (id) => ADDRESSES[id] }));
  app.use(errorHandler(silentLogger()));
  server = await new Promise<Server>((listening) => {
    const started = app.listen(0, "127.0.0.1", () => listening(started));
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media`; // a TCP server's address is never a string
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await harness.end();
});

const whep = (id: string, body = OFFER, headers: Record<string, string> = {}) =>
  fetch(`${base}/${id}/main/whep`, {
    method: "POST",
    headers: { "content-type": "application/sdp", ...headers },
    body,
  });
const codeOf = async (response: Response) => ErrorAnswer.parse(await response.json()).error.code;

test("an offer reaches MediaMTX, and its session is named below the page's own origin", async () => {
  const response = await whep(CAMERA);
  expect(response.status).toBe(201);
  expect(response.headers.get("content-type")).toContain("application/sdp");
  expect(response.headers.get("location")).toBe(`/media/${CAMERA}/main/whep/0653a06c-648e`);
  expect(await response.text()).toContain("s=answer from");
});

test("candidates are passed on, and a session that is over says so", async () => {
  const patch = (session: string) =>
    fetch(`${base}/${CAMERA}/main/whep/${session}`, {
      method: "PATCH",
      headers: { "content-type": "application/trickle-ice-sdpfrag" },
      body: "a=ice-ufrag:abcd\r\n",
    });
  expect((await patch("s1")).status).toBe(204);
  expect(await codeOf(await patch("gone"))).toBe("not_found");
});

test.each(["s1", "gone"])("ending the session %s is never an error", async (session) => {
  expect((await fetch(`${base}/${CAMERA}/main/whep/${session}`, { method: "DELETE" })).status).toBe(204);
});

test("the HLS playlist comes without a redirect, and what it names is found with its query", async () => {
  const response = await fetch(`${base}/${CAMERA}/main/hls/index.m3u8`, { redirect: "error" });
  expect(response.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
  const [, named] = (await response.text()).split("\n");
  const playlist = await fetch(`${base}/${CAMERA}/main/hls/${named}&_HLS_msn=3`);
  expect(await playlist.text()).toBe(`${CAMERA} ?session=s1&_HLS_msn=3`);
});

test("an HLS session that is over is not found", async () => {
  expect(await codeOf(await fetch(`${base}/${CAMERA}/main/hls/part.mp4?session=old`))).toBe("not_found");
});

test.each(["..%2f..%2fpublish", "index.html", "hls.min.js", "a%2fb.mp4", "whip"])(
  "the file %s is no part of a stream",
  async (file) => {
    expect((await fetch(`${base}/${CAMERA}/main/hls/${file}`)).status).toBe(404);
  },
);

test("a camera that is away is told with the reason, at once and at every try", async () => {
  const beganAtMs = Date.now();
  for (const response of [
    await whep(AWAY),
    await fetch(`${base}/${AWAY}/main/hls/index.m3u8`),
    await whep(AWAY),
  ]) {
    const { error } = ErrorAnswer.parse(await response.json());
    expect([response.status, error.code]).toEqual([502, "camera_unreachable"]);
    expect(error.message).toBe("The camera gives no picture: dial tcp: connection refused");
  }
  expect(Date.now() - beganAtMs).toBeLessThan(4_000);
});

test("a camera that refuses the password is asked once", async () => {
  expect(await codeOf(await whep(LOCKED))).toBe("camera_unreachable");
  expect(ErrorAnswer.parse(await (await whep(LOCKED)).json()).error.message).toContain("401");
});

test("an unknown camera is not found", async () => {
  expect(await codeOf(await whep(UNKNOWN))).toBe("not_found");
  expect(await codeOf(await whep("publish"))).toBe("not_found");
  expect(await codeOf(await fetch(`${base}/${UNKNOWN}/main/hls/index.m3u8`))).toBe("not_found");
});

test("a page of another site is refused", async () => {
  expect(await codeOf(await whep(CAMERA, OFFER, { origin: "https://evil.example" }))).toBe(
    "forbidden_origin",
  );
});

test.each([
  ["an empty body", "", "application/sdp", "invalid_body"],
  ["no offer", "hello", "application/sdp", "invalid_body"],
  ["a body of 65 KiB", `${OFFER}${"a".repeat(65 * 1024)}`, "application/sdp", "body_too_large"],
  ["another type", OFFER, "application/json", "unsupported_media_type"],
])("%s is refused", async (_what, body, type, code) => {
  expect(await codeOf(await whep(CAMERA, body, { "content-type": type }))).toBe(code);
});

test("while MediaMTX is not running, that is what a page is told", async () => {
  const gone = express();
  const stopped = await startHarness();
  gone.use(
    mediaRoutes({ media: stopped.media, addressOf: async () => "rtsp://cam/" }),
    errorHandler(silentLogger()),
  );
  const other = await new Promise<Server>((listening) => {
    const started = gone.listen(0, "127.0.0.1", () => listening(started));
  });
  const { port } = other.address() as AddressInfo; // a TCP server's address is never a string
  const response = await fetch(`http://127.0.0.1:${port}/media/${CAMERA}/main/hls/index.m3u8`);
  expect([response.status, await codeOf(response)]).toEqual([503, "media_unavailable"]);
  other.close();
  await stopped.end();
});
