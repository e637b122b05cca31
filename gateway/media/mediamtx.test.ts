/** Against a real MediaMTX, which pulls simulated cameras. Without MediaMTX it is skipped by name. */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import express from "express";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { errorHandler } from "../kernel/http.ts";
import { silentLogger } from "../kernel/logger.ts";
import { type Harness, startHarness } from "./media-harness.memory.ts";
import { systemTimer } from "./path-watch.ts";
import { describeProcess } from "./process-identity.ts";
import { mediaRoutes } from "./routes.ts";

const CAMERA = "3a0c6c1e-0000-4000-8000-000000000001";
const AWAY = "3a0c6c1e-0000-4000-8000-000000000002";
const FROZEN = "3a0c6c1e-0000-4000-8000-000000000003";
/** The gateway's clock runs faster here than MediaMTX's, so that 15 s are soon over. */
const HASTE = 8;

const named = process.env.GUARITA_MEDIAMTX;
const mediamtx = named ? [named].find(isProgram) : onPath("mediamtx");
const withMediamtx = test.skipIf(!mediamtx);

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
let cameras: ChildProcess;
let control: string;
const restarted: string[] = [];

const Ports = z.object({ rtspPort: z.int(), controlPort: z.int() });

/** Resolves to the RTSP port of simulated cameras in a process of their own: `cam0`, `cam1`. */
async function startCameras(): Promise<number> {
  const script = fileURLToPath(new URL("../demo/simulate.ts", import.meta.url));
  cameras = spawn(process.execPath, [script, "--cameras", "2"], { stdio: ["pipe", "pipe", "inherit"] });
  const { stdout } = cameras;
  if (!stdout) throw new Error("the cameras were started without a standard output");
  const line = await new Promise<string>((said) => createInterface({ input: stdout }).once("line", said));
  const { rtspPort, controlPort } = Ports.parse(JSON.parse(line));
  control = `http://127.0.0.1:${controlPort}`;
  return rtspPort;
}

const Status = z.object({ cameras: z.array(z.object({ path: z.string(), readers: z.int() })) });

async function pullsOf(path: string): Promise<number | undefined> {
  const { cameras: all } = Status.parse(await (await fetch(`${control}/status`)).json());
  return all.find((camera) => camera.path === path)?.readers;
}

beforeAll(async () => {
  if (!mediamtx) return;
  const rtspPort = await startCameras();
  const beganAtMs = Date.now();
  harness = await startHarness({
    binary: () => mediamtx,
    onRestart: (cameraId, stream) => void restarted.push(`${cameraId} ${stream}`),
    nowMs: () => beganAtMs + (Date.now() - beganAtMs) * HASTE,
    setTimer: (run, delayMs) => systemTimer(run, delayMs / HASTE),
  });
  harness.media.start();
  await harness.until("running");
  const addresses: Record<string, string> = {
    [CAMERA]: `rtsp://127.0.0.1:${rtspPort}/cam0`,
    [FROZEN]: `rtsp://127.0.0.1:${rtspPort}/cam1`,
    [AWAY]: "rtsp://u:p%@127.0.0.1:1/x",
  };
  const app = express();
  app.use(
    mediaRoutes({
      media: harness.media,
      async addressOf(id) {
        const address = addresses[id];
        return address === undefined ? undefined : { stream: "main", address, rtspTransport: "tcp" };
      },
    }),
  );
  app.use(errorHandler(silentLogger()));
  server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/media`; // a TCP server's address is never a string
}, 30_000);

afterAll(async () => {
  if (!mediamtx) return;
  cameras.kill("SIGKILL");
  server.closeAllConnections();
  server.close();
  await harness.end();
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

withMediamtx("an offer is answered with our media port (needs MediaMTX)", async () => {
  const response = await offerTo(CAMERA);
  expect(response.status).toBe(201);
  const location = response.headers.get("location") ?? "";
  expect(location).toMatch(new RegExp(`^/media/${CAMERA}/main/whep/[\\w-]+$`));
  expect(await response.text()).toContain(`127.0.0.1 ${harness.webrtcPort} typ host`);
  expect((await fetch(new URL(location, base), { method: "DELETE" })).status).toBe(204);
});

const lastUri = (playlist: string) => playlist.split("\n").findLast((line) => line && !line.startsWith("#"));
const read = async (id: string, uri: string) => (await fetch(`${base}/${id}/main/hls/${uri}`)).text();

withMediamtx("the HLS playlist leads to pictures (needs MediaMTX)", async () => {
  const media = await vi.waitFor(
    async () => {
      const playlist = await read(CAMERA, lastUri(await read(CAMERA, "index.m3u8")) ?? "");
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
  "30 s after the last HLS request the camera is let go (needs MediaMTX)",
  async () => {
    expect((await fetch(`${base}/${CAMERA}/main/hls/index.m3u8`)).status).toBe(200);
    expect(await pullsOf("cam0")).toBe(1);
    await vi.waitFor(async () => expect(await pullsOf("cam0")).toBe(0), { timeout: 12_000, interval: 200 });
    expect((await fetch(`${base}/${CAMERA}/main/hls/index.m3u8`)).status).toBe(200); // and comes again
    expect(restarted).toEqual([]);
  },
  20_000,
);

withMediamtx(
  "a camera that freezes while it is watched is told, and pulled anew for who comes again (needs MediaMTX)",
  async () => {
    const playlist = lastUri(await read(FROZEN, "index.m3u8")) ?? "";
    const watched = () => read(FROZEN, playlist);
    await watched();
    await fetch(`${control}/faults/cam1`, { method: "PUT", body: '{"kind":"freeze"}' });
    await vi.waitFor(
      async () => {
        await watched();
        expect(restarted).toEqual([`${FROZEN} main`]);
      },
      { timeout: 10_000, interval: 200 },
    );
    expect(await pullsOf("cam1")).toBe(0);
    await fetch(`${control}/faults/cam1`, { method: "DELETE" });
    // while the old pull is still being closed, who asks is refused, and asks again, as players do
    await vi.waitFor(
      async () => expect((await fetch(`${base}/${FROZEN}/main/hls/index.m3u8`)).status).toBe(200),
      { timeout: 8_000, interval: 300 },
    );
    expect(await pullsOf("cam1")).toBe(1);
  },
  20_000,
);

withMediamtx("killed, it is up again, and stopped it leaves nothing (needs MediaMTX)", async () => {
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
});
