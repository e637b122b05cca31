/** What a hostile page, program or person may send to the media paths: each is refused, and MediaMTX never hears of it. */
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import express from "express";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { ErrorAnswer } from "#contract/errors.ts";
import { errorHandler, notFound } from "../kernel/http.ts";
import { silentLogger } from "../kernel/logger.ts";
import { mediaRoutes } from "./routes.ts";

const CAMERA = "3a0c6c1e-0000-4000-8000-000000000001";
const UNKNOWN = "3a0c6c1e-0000-4000-8000-00000000000f";
const OFFER = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:abcd\r\n";
const SDP = { "content-type": "application/sdp" };
const FRAGMENT = { "content-type": "application/trickle-ice-sdpfrag" };

/** Every request that reached what stands in for MediaMTX: WHEP and HLS on one port. */
const forwarded: string[] = [];
const pulled: string[] = [];
let mediamtx: Server;
let gateway: Server;

const portOf = (server: Server) => (server.address() as AddressInfo).port; // a TCP server's address is never a string
const listen = (server: Server) =>
  new Promise<void>((listening) => server.listen(0, "127.0.0.1", () => listening()));

beforeAll(async () => {
  mediamtx = createServer((request, response) => {
    forwarded.push(`${request.method} ${request.url}`);
    response.writeHead(request.method === "POST" ? 201 : 200, { location: "/x/whep/session-1" }).end("v=0");
  });
  await listen(mediamtx);
  const base = `http://127.0.0.1:${portOf(mediamtx)}`;
  const app = express();
  app.use(
    mediaRoutes({
      media: {
        endpoints: () => ({ webrtc: base, hls: base, authorization: "Basic secret" }),
        ensurePath: async (cameraId) => void pulled.push(cameraId),
        untilFailed: () => new Promise(() => {}),
        viewed: () => {},
      },
      addressOf: async (id, stream) =>
        id === CAMERA ? { stream, address: "rtsp://cam/", rtspTransport: "tcp" } : undefined,
    }),
    notFound,
    errorHandler(silentLogger()),
  );
  gateway = createServer(app);
  await listen(gateway);
});
afterAll(() => {
  for (const server of [gateway, mediamtx]) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  forwarded.length = 0;
  pulled.length = 0;
});

type Sent = { method?: string; headers?: Record<string, string>; body?: string | Buffer };

/** Sends the path as it stands: `fetch` would tidy it up. */
function send(path: string, { method = "GET", headers = {}, body = "" }: Sent = {}) {
  return new Promise<{ status: number; text: string }>((done, failed) => {
    const sent = httpRequest(
      { port: portOf(gateway), path, method, headers, agent: false },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        done({ status: response.statusCode ?? 0, text });
      },
    );
    sent.once("error", failed);
    sent.end(body);
  });
}

async function refusal(path: string, sent?: Sent): Promise<[number, string]> {
  const { status, text } = await send(path, sent);
  return [status, ErrorAnswer.parse(JSON.parse(text)).error.code];
}

const nothingHappened = () => expect([forwarded, pulled]).toEqual([[], []]);
const post = (change: Sent = {}): Sent => ({ method: "POST", headers: SDP, body: OFFER, ...change });

test.each([
  "whip",
  "publish",
  "whep/publish",
  "whep/../whip",
  "whep%2f..%2fwhip",
  "whep/a/b",
  "config",
  "v3/config/paths/list",
])("an offer to the path %s is not found", async (path) => {
  expect(await refusal(`/media/${CAMERA}/main/${path}`, post())).toEqual([404, "not_found"]);
  nothingHappened();
});

test.each([
  ["publish", "main"],
  [`${CAMERA}_main`, "main"],
  [`${CAMERA}%2f..`, "main"],
  ["..", "main"],
  ["%2e%2e", "main"],
  [CAMERA, "third"],
  [CAMERA, "MAIN"],
  [CAMERA, "main%00"],
  [CAMERA, "..%2fsub"],
  [CAMERA, "__proto__"],
  [UNKNOWN, "main"],
])("the camera %s with the stream %s is not found", async (id, stream) => {
  expect(await refusal(`/media/${id}/${stream}/whep`, post())).toEqual([404, "not_found"]);
  expect(await refusal(`/media/${id}/${stream}/hls/index.m3u8`)).toEqual([404, "not_found"]);
  nothingHappened();
});

test.each([
  "..",
  "../whep",
  "../../../v3/config/global/get",
  "..%2f..%2fpublish",
  "..%2F..%2Fv3%2Fconfig%2Fglobal%2Fget",
  "%2e%2e%2fmain%2findex.m3u8",
  "%2e%2e%2findex.m3u8",
  "%252e%252e%252findex.m3u8",
  "..%252findex.m3u8",
  "..\\index.m3u8",
  "..%5cindex.m3u8",
  "%5c%5chost%5cindex.m3u8",
  "a%2fb.mp4",
  "..mp4",
  ".m3u8",
  "%00.m3u8",
  "index.m3u8%00.mp4",
  "index.m3u8%0d%0aHost:%20evil",
  "index.m3u8;a.ts",
  "index.m3u8%3fsession=1",
  "index.m3u8%23",
  "index.html",
  "hls.min.js",
  "whip",
  `${"a".repeat(200)}.mp4`,
])("the file %s is no part of a stream", async (file) => {
  expect(await refusal(`/media/${CAMERA}/main/hls/${file}`)).toEqual([404, "not_found"]);
  nothingHappened();
});

test("a path with a broken escape is a bad request", async () => {
  expect(await refusal(`/media/${CAMERA}/main/hls/%ff.m3u8`)).toEqual([400, "bad_request"]);
  expect(await refusal("/media/%E0%A4%A/main/whep", post())).toEqual([400, "bad_request"]);
  nothingHappened();
});

test.each([
  ["a name that was pointed here", { host: "evil.example" }],
  ["the name of this machine in its network", { host: "192.168.0.9" }],
  ["a page of another site", { origin: "https://evil.example" }],
  ["a page of another port", { origin: "http://127.0.0.1:1" }],
  ["a page without an origin of its own", { origin: "null" }],
])("%s may neither watch nor change anything", async (_who, headers) => {
  expect(await refusal(`/media/${CAMERA}/main/whep`, post({ headers: { ...SDP, ...headers } }))).toEqual([
    403,
    "forbidden_origin",
  ]);
  expect(await refusal(`/media/${CAMERA}/main/hls/index.m3u8`, { headers })).toEqual([
    403,
    "forbidden_origin",
  ]);
  nothingHappened();
});

test.each<[string, string | Buffer, Record<string, string>, number, string]>([
  ["nothing", "", SDP, 400, "invalid_body"],
  ["a greeting", "hello", SDP, 400, "invalid_body"],
  ["no media", "v=0\r\na=ice-ufrag:abcd\r\n", SDP, 400, "invalid_body"],
  ["no WebRTC", "v=0\r\nm=video 9 RTP/AVP 96\r\n", SDP, 400, "invalid_body"],
  ["bytes of anything", Buffer.alloc(2_000, 0xff), SDP, 400, "invalid_body"],
  ["65 KiB", `${OFFER}${"a".repeat(65 * 1024)}`, SDP, 413, "body_too_large"],
  ["5 MiB", Buffer.alloc(5 * 1024 * 1024, 0x61), SDP, 413, "body_too_large"],
  ["JSON", OFFER, { "content-type": "application/json" }, 415, "unsupported_media_type"],
  ["no type", OFFER, {}, 415, "unsupported_media_type"],
  [
    "something packed",
    gzipSync(Buffer.alloc(9_000_000)),
    { ...SDP, "content-encoding": "gzip" },
    415,
    "unsupported_media_type",
  ],
  [
    "an unknown character set",
    OFFER,
    { "content-type": "application/sdp; charset=x-none" },
    415,
    "unsupported_media_type",
  ],
])("an offer of %s is refused", async (_what, body, headers, status, code) => {
  expect(await refusal(`/media/${CAMERA}/main/whep`, { method: "POST", headers, body })).toEqual([
    status,
    code,
  ]);
  nothingHappened();
});

test.each([
  ["GET", "whep"],
  ["PUT", "whep"],
  ["DELETE", "whep"],
  ["PATCH", "whep"],
  ["GET", "whep/session-1"],
  ["POST", "whep/session-1"],
  ["POST", "hls/index.m3u8"],
  ["PUT", "hls/index.m3u8"],
  ["DELETE", "hls/index.m3u8"],
])("%s on %s is no way to ask", async (method, path) => {
  const sent = method === "GET" ? {} : { method, headers: SDP, body: OFFER };
  expect(await refusal(`/media/${CAMERA}/main/${path}`, sent)).toEqual([404, "not_found"]);
  nothingHappened();
});

test.each(["..%2f..", "a%2fb", "a.b", "%00", "a".repeat(65), "session-of-nobody"])(
  "the session %s is not found",
  async (session) => {
    const sent = { method: "PATCH", headers: FRAGMENT, body: "a=ice-ufrag:abcd" };
    expect(await refusal(`/media/${CAMERA}/main/whep/${session}`, sent)).toEqual([404, "not_found"]);
    nothingHappened();
  },
);

test.each([
  `session=${"a".repeat(65)}`,
  "session=..%2f..",
  "session=a%0d%0ab",
  "session=a&session=b",
  "session=",
  "_HLS_msn=-1",
  "_HLS_msn=1e9",
  "_HLS_part=1&_HLS_part=2",
  "_HLS_skip=everything",
  `x=${"y".repeat(1_100)}`,
  `${"a=1&".repeat(400)}`,
])("the query %s is a bad request", async (query) => {
  for (const file of ["index.m3u8", "main_stream.m3u8"]) {
    expect(await refusal(`/media/${CAMERA}/main/hls/${file}?${query}`)).toEqual([400, "bad_request"]);
  }
  nothingHappened();
});

test("a query of 20 kB is refused before anything reads it", async () => {
  const { status } = await send(`/media/${CAMERA}/main/hls/index.m3u8?x=${"y".repeat(20_000)}`);
  expect(status).toBe(431);
  nothingHappened();
});

test("what MediaMTX does not know of a query is kept from it, and so is every query of an offer", async () => {
  const query = "user=admin&pass=x&jwt=y&session=s1&_HLS_msn=3&__proto__=z&cookieCheck=0?session=2";
  await send(`/media/${CAMERA}/main/hls/main_stream.m3u8?${query}`);
  await send(`/media/${CAMERA}/main/whep?publish=true&user=admin`, post());
  expect(forwarded).toEqual([
    `GET /${CAMERA}_main/main_stream.m3u8?session=s1&_HLS_msn=3`,
    `POST /${CAMERA}_main/whep`,
  ]);
});
