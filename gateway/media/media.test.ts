import { spawn } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { fakeProgram, type Harness, isAlive, startHarness } from "./media-harness.memory.ts";
import { describeProcess } from "./process-identity.ts";

const CAMERA = "3a0c6c1e-0000-4000-8000-000000000001";
const source = (address: string) => ({ stream: "main", address, rtspTransport: "tcp" }) as const;
let harness: Harness;
afterEach(() => harness.end());

async function childPid(): Promise<number> {
  return JSON.parse(await readFile(join(harness.dataDir, "media/mediamtx.pid.json"), "utf8")).pid;
}

const answers = (path: string) => {
  const { webrtc, authorization } = harness.media.endpoints();
  return fetch(`${webrtc}/${path}/whep`, { method: "POST", headers: { authorization } });
};

test("MediaMTX is started, told, and gone when the gateway stops", async () => {
  harness = await startHarness();
  harness.media.start();
  await harness.until("running");
  expect(harness.states).toEqual([{ status: "starting" }, { status: "running", version: "1.20.1" }]);
  const pid = await childPid();
  expect(isAlive(pid)).toBe(true);
  const beganAtMs = Date.now();
  await harness.media.stop();
  expect(isAlive(pid)).toBe(false);
  expect(Date.now() - beganAtMs).toBeLessThan(3_000);
});

test("without a MediaMTX nothing is started until one is found", async () => {
  let program: string | null = null;
  harness = await startHarness({ binary: () => program });
  harness.media.start();
  await expect(harness.media.ensurePath(CAMERA, source("rtsp://cam/"))).rejects.toMatchObject({
    code: "media_unavailable",
  });
  expect(harness.states).toEqual([]);
  program = harness.program;
  harness.media.start();
  await harness.until("running");
});

test("a MediaMTX that was killed is started again, and plays cameras that are asked for again", async () => {
  harness = await startHarness();
  harness.media.start();
  await harness.until("running");
  await harness.media.ensurePath(CAMERA, source("rtsp://cam/stream"));
  const first = await childPid();
  process.kill(first, "SIGKILL");
  await harness.until("restarting");
  expect(harness.states.at(-1)?.reason).toContain("was ended by SIGKILL");
  await harness.until("running");
  expect(await childPid()).not.toBe(first);
  await harness.media.ensurePath(CAMERA, source("rtsp://cam/stream"));
  expect((await answers(`${CAMERA}_main`)).status).toBe(201);
});

test("a MediaMTX that ends is started again at once, then ever later, and told as failed with its reason", async () => {
  const pausesMs: number[] = [];
  harness = await startHarness({ wait: async (ms) => void pausesMs.push(ms) });
  await fakeProgram(harness.dataDir, { FAKE_MEDIAMTX_ENDS: "1" });
  harness.media.start();
  await harness.until("failed");
  expect(harness.states.at(-1)?.reason).toBe(
    "MediaMTX ended with code 1: it cannot go on. It is started again.",
  );
  expect(pausesMs[0]).toBe(0);
  expect(pausesMs[1]).toBeGreaterThan(0);
  expect(pausesMs).toEqual(pausesMs.toSorted((one, other) => one - other));
});

test("a MediaMTX that is too old is told as such", async () => {
  harness = await startHarness();
  await fakeProgram(harness.dataDir, { FAKE_MEDIAMTX_VERSION: "v1.4.2" });
  harness.media.start();
  await harness.until("restarting");
  expect(harness.states.at(-1)?.reason).toContain("is MediaMTX 1.4.2; Guarita needs 1.5 or newer.");
});

test("a taken WebRTC port is replaced by another, and that is told", async () => {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
  const address = other.address();
  const webrtcPort = typeof address === "object" ? (address?.port ?? 0) : 0;
  harness = await startHarness({ webrtcPort });
  harness.media.start();
  await harness.until("running");
  expect(harness.states.at(-1)?.reason).toContain(`Port ${webrtcPort} is taken by another program`);
  other.close();
});

test("the configuration is readable by this user alone, and no camera's password is ever on disk", async () => {
  harness = await startHarness();
  harness.media.start();
  await harness.until("running");
  await harness.media.ensurePath(CAMERA, source("rtsp://owner:hunter2@cam/stream"));
  const file = join(harness.dataDir, "media/mediamtx.yml");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, "utf8")).not.toContain("hunter2");
});

test("a tap's address leads to the camera's path on loopback, with the password of this start", async () => {
  harness = await startHarness();
  harness.media.start();
  await harness.until("running");
  const address = new URL(await harness.media.rtspAddress(CAMERA, source("rtsp://cam/")));
  expect(address.hostname).toBe("127.0.0.1");
  expect(address.pathname).toBe(`/${CAMERA}_main`);
  expect(address.password).toMatch(/^[0-9a-f]{48}$/);
});

test("after a kill -9 of the gateway the next one ends the MediaMTX that was left behind", async () => {
  harness = await startHarness();
  const source = `
    const { createMedia } = await import(${JSON.stringify(new URL("media.ts", import.meta.url).href)});
    const log = { warn() {}, debug() {}, error() {}, info() {} };
    createMedia({ dataDir: ${JSON.stringify(harness.dataDir)}, binary: () => ${JSON.stringify(harness.program)},
      host: "127.0.0.1", webrtcPort: ${harness.webrtcPort}, nowMs: Date.now, log,
      onState: ({ status }) => process.stdout.write(status + "\\n") }).start();`;
  const gateway = spawn(process.execPath, ["--input-type=module", "-e", source]);
  await new Promise<void>((running) =>
    gateway.stdout.on("data", (text) => String(text).includes("running") && running()),
  );
  const orphan = await childPid();
  gateway.kill("SIGKILL");
  await new Promise((gone) => gateway.once("exit", gone));
  expect(await describeProcess(orphan)).toBeDefined();

  harness.media.start();
  await harness.until("running");
  expect(await describeProcess(orphan)).toBeUndefined();
  expect(harness.states.at(-1)?.reason).toBeUndefined(); // the orphan's port is free again
});
