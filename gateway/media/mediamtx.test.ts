/** Against a real MediaMTX, and a real stream where ffmpeg is there. What the machine lacks is skipped by name. */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import express from "express";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { errorHandler } from "../kernel/http.ts";
import { silentLogger } from "../kernel/logger.ts";
import { freeLoopbackPorts } from "./free-ports.ts";
import { type Harness, startHarness } from "./media-harness.memory.ts";
import { describeProcess } from "./process-identity.ts";
import { mediaRoutes } from "./routes.ts";

const CAMERA = "3a0c6c1e-0000-4000-8000-000000000001";
const AWAY = "3a0c6c1e-0000-4000-8000-000000000002";

const named = process.env.GUARITA_MEDIAMTX;
const mediamtx = named ? [named].find(isProgram) : onPath("mediamtx");
const ffmpeg = onPath("ffmpeg");
const withMediamtx = test.skipIf(!mediamtx);
const withStream = test.skipIf(!mediamtx || !ffmpeg);

function onPath(name: string): string | undefined {
  const files = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return files.find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

let harness: Harness;
let server: Server;
let base: string;
let folder: string;
let source: string;
const helpers: ChildProcess[] = [];

/** Publishes a test picture to a second MediaMTX, which plays the camera. */
async function playCamera(binary: string, encoder: string): Promise<void> {
  const [port = 0] = await freeLoopbackPorts(1);
  source = `rtsp://127.0.0.1:${port}/cam`;
  const off = { rtmp: false, hls: false, webrtc: false, srt: false };
  const file = join(folder, "camera.yml");
  const rtsp = { rtspAddress: `127.0.0.1:${port}`, protocols: ["tcp"] };
  await writeFile(file, JSON.stringify({ ...off, ...rtsp, paths: { cam: {} } }));
  helpers.push(spawn(binary, [file], { stdio: "ignore", env: { ...process.env, MTX_MOQ: "no" } }));
  await vi.waitFor(() => connects(port), { timeout: 10_000 });
  const picture = ["-re", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=10"];
  const encode = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "10"];
  const publish = ["-pix_fmt", "yuv420p", "-f", "rtsp", "-rtsp_transport", "tcp", source];
  helpers.push(
    spawn(encoder, ["-loglevel", "error", ...picture, ...encode, ...publish], { stdio: "ignore" }),
  );
}

/** Rejects while nobody listens on the port. */
async function connects(port: number): Promise<void> {
  await new Promise<void>((done, failed) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      done();
    });
    socket.once("error", failed);
  });
}

beforeAll(async () => {
  if (!mediamtx) return;
  folder = await mkdtemp(join(tmpdir(), "guarita-camera-"));
  if (ffmpeg) await playCamera(mediamtx, ffmpeg);
  harness = await startHarness({ binary: () => mediamtx });
  harness.media.start();
  await harness.until("running");
  const addresses: Record<string, string> = { [CAMERA]: source, [AWAY]: "rtsp://u:p%@127.0.0.1:1/x" };
  const app = express();
  app.use(mediaRoutes({ media: harness.media, addressOf: async (id) => addresses[id] }));
  app.use(errorHandler(silentLogger()));
  server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media`; // a TCP server's address is never a string
}, 30_000);

afterAll(async () => {
  if (!mediamtx) return;
  for (const helper of helpers) helper.kill("SIGKILL");
  server.closeAllConnections();
  server.close();
  await harness.end();
  await rm(folder, { recursive: true });
});

const childPid = async (): Promise<number> =>
  JSON.parse(await readFile(join(harness.dataDir, "media/mediamtx.pid.json"), "utf8")).pid;

/** As a browser offers to receive H.264. */
const OFFER = `v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=video 9 UDP/TLS/RTP/SAVPF 96
c=IN IP4 0.0.0.0
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 ${Array(32).fill("0A").join(":")}
a=setup:actpass
a=mid:0
a=recvonly
a=rtcp-mux
a=rtpmap:96 H264/90000
a=fmtp:96 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
`.replaceAll("\n", "\r\n");

const offerTo = (id: string) =>
  fetch(`${base}/${id}/main/whep`, {
    method: "POST",
    headers: { "content-type": "application/sdp" },
    body: OFFER,
  });

withMediamtx("a real MediaMTX takes the configuration and tells its version (needs MediaMTX)", () => {
  expect(harness.states.at(-1)).toMatchObject({
    status: "running",
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

withMediamtx(
  "a camera that is away is told in MediaMTX's words, without waiting (needs MediaMTX)",
  async () => {
    const beganAtMs = Date.now();
    const response = await fetch(`${base}/${AWAY}/main/hls/index.m3u8`);
    expect(response.status).toBe(502);
    expect(await response.text()).toContain("connection refused");
    expect(Date.now() - beganAtMs).toBeLessThan(3_000);
  },
);

withStream("an offer is answered with our media port (needs MediaMTX and ffmpeg)", async () => {
  const response = await vi.waitFor(
    async () => {
      const answered = await offerTo(CAMERA);
      expect(answered.status).toBe(201); // ffmpeg may need a moment to publish
      return answered;
    },
    { timeout: 15_000, interval: 200 },
  );
  const location = response.headers.get("location") ?? "";
  expect(location).toMatch(new RegExp(`^/media/${CAMERA}/main/whep/[\\w-]+$`));
  const sdp = await response.text();
  expect(sdp).toContain(`127.0.0.1 ${harness.webrtcPort} typ host`);
  expect((await fetch(new URL(location, base), { method: "DELETE" })).status).toBe(204);
});

withStream("the HLS playlist leads to pictures (needs MediaMTX and ffmpeg)", async () => {
  const lastUri = (playlist: string) =>
    playlist.split("\n").findLast((line) => line && !line.startsWith("#"));
  const read = async (uri: string) => (await fetch(`${base}/${CAMERA}/main/hls/${uri}`)).text();
  const media = await vi.waitFor(
    async () => {
      const playlist = await read(lastUri(await read("index.m3u8")) ?? "");
      expect(playlist).toContain("#EXT-X-MAP");
      return playlist;
    },
    { timeout: 15_000, interval: 200 },
  );
  const [, first] = /#EXT-X-MAP:URI="([^"]+)"/.exec(media) ?? [];
  const init = await fetch(`${base}/${CAMERA}/main/hls/${first}`);
  expect(init.status).toBe(200);
  expect(Buffer.from(await init.arrayBuffer()).toString("latin1")).toContain("avc1");
});

withMediamtx(
  "killed, it is up again with its cameras, and stopped it leaves nothing (needs MediaMTX)",
  async () => {
    const first = await childPid();
    process.kill(first, "SIGKILL");
    await harness.until("restarting");
    await harness.until("running");
    const second = await childPid();
    expect(second).not.toBe(first);
    await harness.media.stop();
    expect(await describeProcess(second)).toBeUndefined();
    const free = createTcpServer();
    await new Promise<void>((listening) => free.listen(harness.webrtcPort, "127.0.0.1", listening));
    free.close();
  },
);
