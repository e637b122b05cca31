import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ErrorAnswer } from "#contract/errors.ts";
import { errorHandler } from "../kernel/http.ts";
import { silentLogger } from "../kernel/logger.ts";
import { type Harness, startHarness } from "./media-harness.memory.ts";
import type { CameraSource } from "./path-names.ts";
import { mediaRoutes } from "./routes.ts";

const CAMERA = "3a0c6c1e-0000-4000-8000-000000000001";
const AWAY = "3a0c6c1e-0000-4000-8000-000000000002";
const LOCKED = "3a0c6c1e-0000-4000-8000-000000000003";
const UNKNOWN = "3a0c6c1e-0000-4000-8000-00000000000f";
const TWO_STREAMS = "3a0c6c1e-0000-4000-8000-000000000004";
const source = (address: string): CameraSource => ({ stream: "main", address, rtspTransport: "tcp" });
/** All but the last have a main stream only. */
const SOURCES: Record<string, CameraSource[]> = {
  [CAMERA]: [source("rtsp://cam/stream")],
  [AWAY]: [source("rtsp://cam/refused")],
  [LOCKED]: [source("rtsp://u:p@cam/locked")],
  [TWO_STREAMS]: [source("rtsp://cam/1"), { ...source("rtsp://cam/2"), stream: "sub" }],
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
  const addressOf = async (id: string, stream: string) =>
    SOURCES[id]?.find((one) => one.stream === stream) ?? SOURCES[id]?.[0];
  app.use(mediaRoutes({ media: harness.media, addressOf }));
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

const whep = (id: string, body = OFFER, headers: Record<string, string> = {}, stream = "main") =>
  fetch(`${base}/${id}/${stream}/whep`, {
    method: "POST",
    headers: { "content-type": "application/sdp", ...headers },
    body,
  });
const codeOf = async (response: Response) => ErrorAnswer.parse(await response.json()).error.code;

/** The session's address. */
async function begun(id: string, stream = "main"): Promise<URL> {
  const response = await whep(id, OFFER, {}, stream);
  expect(response.status).toBe(201);
  return new URL(response.headers.get("location") ?? "", base);
}

const patch = (session: URL | string) =>
  fetch(session, {
    method: "PATCH",
    headers: { "content-type": "application/trickle-ice-sdpfrag" },
    body: "a=ice-ufrag:abcd\r\n",
  });

test("an offer reaches MediaMTX, and its session is named below the page's own origin", async () => {
  const response = await whep(CAMERA);
  expect(response.status).toBe(201);
  expect(response.headers.get("content-type")).toContain("application/sdp");
  expect(response.headers.get("location")).toMatch(new RegExp(`^/media/${CAMERA}/main/whep/[\\w-]+$`));
  expect(await response.text()).toContain("s=answer from");
});

test("the session's address names the stream that plays", async () => {
  expect((await begun(TWO_STREAMS, "sub")).pathname).toContain(`/media/${TWO_STREAMS}/sub/whep/`);
  expect((await begun(TWO_STREAMS, "main")).pathname).toContain(`/media/${TWO_STREAMS}/main/whep/`);
  expect((await begun(CAMERA, "sub")).pathname).toContain(`/media/${CAMERA}/main/whep/`);
});

test("a camera without a sub stream gives its main one by HLS, and one with both gives each", async () => {
  const read = async (id: string, stream: string) =>
    (await fetch(`${base}/${id}/${stream}/hls/main_stream.m3u8?session=s1`)).text();
  expect(await read(CAMERA, "sub")).toContain(`${CAMERA}_main `);
  expect(await read(TWO_STREAMS, "sub")).toContain(`${TWO_STREAMS}_sub `);
  expect(await read(TWO_STREAMS, "main")).toContain(`${TWO_STREAMS}_main `);
});

test("however a camera's id is spelled, it is the same camera", async () => {
  expect((await begun(CAMERA.toUpperCase())).pathname).toContain(`/media/${CAMERA}/main/whep/`);
});

test("candidates are passed on, and a session that is over says so", async () => {
  const session = await begun(CAMERA);
  expect((await patch(session)).status).toBe(204);
  await fetch(session, { method: "DELETE" });
  expect(await codeOf(await patch(session))).toBe("not_found");
});

test("ending a session is never an error, not even twice", async () => {
  const session = await begun(CAMERA);
  for (const url of [session, session, `${base}/${CAMERA}/main/whep/never-was`]) {
    expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
  }
});

test("under another camera's or another stream's name a session can be neither changed nor ended", async () => {
  const session = await begun(TWO_STREAMS, "sub");
  for (const place of [`${CAMERA}/main`, `${TWO_STREAMS}/main`]) {
    const foreign = session.href.replace(`${TWO_STREAMS}/sub`, place);
    expect(await codeOf(await patch(foreign))).toBe("not_found");
    expect(await codeOf(await fetch(foreign, { method: "DELETE" }))).toBe("not_found");
  }
  expect((await patch(session)).status).toBe(204);
});

test("the HLS playlist comes without a redirect, and what it names is found with its query", async () => {
  const response = await fetch(`${base}/${CAMERA}/main/hls/index.m3u8`, { redirect: "error" });
  expect(response.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
  const [, named] = (await response.text()).split("\n");
  const playlist = await fetch(`${base}/${CAMERA}/main/hls/${named}&_HLS_msn=3`);
  expect(await playlist.text()).toBe(`${CAMERA}_main ?session=s1&_HLS_msn=3`);
});

test("an HLS session that is over is not found", async () => {
  expect(await codeOf(await fetch(`${base}/${CAMERA}/main/hls/part.mp4?session=old`))).toBe("not_found");
});

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

test("while MediaMTX is not running, that is what a page is told", async () => {
  const gone = express();
  const stopped = await startHarness();
  gone.use(
    mediaRoutes({ media: stopped.media, addressOf: async () => source("rtsp://cam/") }),
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
