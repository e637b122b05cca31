import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import type { MediaState } from "#contract/system.ts";
import { silentLogger } from "../kernel/logger.ts";
import { freeLoopbackPorts } from "./free-ports.ts";
import { createMedia, type MediaDeps } from "./media.ts";

export type Harness = Awaited<ReturnType<typeof startHarness>>;

/** A media part on a folder of its own, with the stand-in for MediaMTX unless a test names another program. */
export async function startHarness(change: Partial<MediaDeps> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "guarita-media-"));
  const program = await fakeProgram(dataDir);
  const [webrtcPort = 0] = await freeLoopbackPorts(1);
  const states: MediaState[] = [];
  const media = createMedia({
    dataDir,
    binary: () => program,
    host: "127.0.0.1",
    webrtcPort,
    onState: (state) => states.push(state),
    nowMs: Date.now,
    log: silentLogger(),
    ...change,
  });
  return {
    dataDir,
    program,
    webrtcPort,
    states,
    media,
    /** Waits until the last state told is the given one. */
    until: (status: MediaState["status"]) =>
      vi.waitFor(() => expect(states.at(-1)?.status).toBe(status), { timeout: 15_000, interval: 20 }),
    async end(): Promise<void> {
      await media.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A program file that runs the stand-in; `settings` are environment variables it reads. */
export async function fakeProgram(folder: string, settings: Record<string, string> = {}): Promise<string> {
  const script = fileURLToPath(new URL("fake-mediamtx.memory.ts", import.meta.url));
  const file = join(folder, "mediamtx");
  const set = Object.entries(settings).map(([name, value]) => `${name}=${value} `);
  await writeFile(file, `#!/bin/sh\n${set.join("")}exec "${process.execPath}" "${script}" "$@"\n`);
  await chmod(file, 0o755);
  return file;
}

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
