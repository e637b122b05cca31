import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../kernel/logger.ts";
import { isAlive } from "./media-harness.memory.ts";
import { type ChildRecord, endOrphan, recordChild } from "./orphan.ts";
import { describeProcess, parsePs, parseWindows } from "./process-identity.ts";

let folder: string;
let file: string;
let child: ChildProcess & { pid: number };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "guarita-orphan-"));
  file = join(folder, "pid.json");
  const idle = "process.stdout.write('up'); setInterval(() => {}, 1000)";
  const started = spawn(process.execPath, ["-e", idle, "/data/media/mediamtx.yml"]);
  await new Promise((up) => started.stdout.once("data", up));
  child = started as typeof child; // it said that it runs, so it has a number
});
afterEach(async () => {
  child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** Records the child as one that an earlier gateway, gone by now, had started. */
async function leftBehind(change: Partial<ChildRecord> = {}): Promise<void> {
  await recordChild(file, child.pid, "/data/media/mediamtx.yml");
  const record = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...record, gatewayPid: 4_194_304, ...change }));
}

test("the child that a killed gateway left behind is ended, and its record with it", async () => {
  await leftBehind();
  const gone = new Promise((ended) => child.once("exit", ended));
  expect(await endOrphan(file, silentLogger())).toBe(true);
  await gone;
  await expect(readFile(file)).rejects.toThrow();
});

test.each<[string, Partial<ChildRecord>]>([
  ["started at another time", { startedAt: "1" }],
  ["with another configuration", { configFile: "/other/media/mediamtx.yml" }],
  ["of a gateway that still lives", { gatewayPid: process.pid }],
])("a process %s is left alone", async (_what, change) => {
  await leftBehind(change);
  expect(await endOrphan(file, silentLogger())).toBe(false);
  expect(isAlive(child.pid)).toBe(true);
});

test("without a record, or with a broken one, nothing is ended", async () => {
  expect(await endOrphan(file, silentLogger())).toBe(false);
  await writeFile(file, '{"pid":');
  expect(await endOrphan(file, silentLogger())).toBe(false);
});

test("a process is described with its start, command and parent", async () => {
  const found = await describeProcess(child.pid);
  expect(found?.parentPid).toBe(process.pid);
  expect(found?.command).toContain("/data/media/mediamtx.yml");
  expect((await describeProcess(child.pid))?.startedAt).toBe(found?.startedAt);
  expect(await describeProcess(4_194_304)).toBeUndefined();
});

test("what other systems print is read", () => {
  expect(parsePs("  501 Sat Nov 21 10:21:11 2026     /usr/bin/mediamtx /my data/m.yml\n")).toEqual({
    parentPid: 501,
    startedAt: "Sat Nov 21 10:21:11 2026",
    command: "/usr/bin/mediamtx /my data/m.yml",
  });
  expect(parseWindows('812\r\n134087520711234567\r\n"C:\\a b\\mediamtx.exe"  C:\\d\\m.yml\r\n')).toEqual({
    parentPid: 812,
    startedAt: "134087520711234567",
    command: "C:\\a b\\mediamtx.exe C:\\d\\m.yml",
  });
  expect(parsePs("")).toBeUndefined();
  expect(parseWindows("\r\n")).toBeUndefined();
});
