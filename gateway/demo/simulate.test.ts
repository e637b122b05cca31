import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";

const program = fileURLToPath(new URL("simulate.ts", import.meta.url));
/** Of `/status`; other answers have none of it. */
type Status = { cameras: { clipLengthMs: number; fault?: unknown }[] };

const children: ChildProcessByStdio<Writable, Readable, null>[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function run(...options: string[]): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn(process.execPath, [program, ...options], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}

async function started(...options: string[]) {
  const child = run(...options);
  const [line] = await once(createInterface(child.stdout), "line");
  const { rtspPort, controlPort } = JSON.parse(String(line)) as { rtspPort: number; controlPort: number };
  const control = async (method: string, path: string, body?: unknown) => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, init);
    return { status: response.status, body: (await response.json()) as Status };
  };
  return { child, rtspPort, control };
}

test("cameras in a process of their own are told what to do over HTTP", async () => {
  const { control, rtspPort } = await started("--cameras", "2");

  expect((await control("PUT", "/faults/cam1", { kind: "loss", fraction: 0.1 })).status).toBe(200);
  const { body } = await control("GET", "/status");
  expect(body).toMatchObject({ rtspPort, listening: true, cameras: [{ path: "cam0" }, { path: "cam1" }] });
  expect(body.cameras[0]?.clipLengthMs).toBeCloseTo(40_000, 1);
  expect(body.cameras[1]?.fault).toEqual({ kind: "loss", fraction: 0.1 });
  await control("DELETE", "/faults/cam1");
  expect((await control("GET", "/status")).body.cameras[1]?.fault).toBeUndefined();
  for (const [path, fault] of [
    ["/faults/cam1", { kind: "explode" }],
    ["/faults/cam9", { kind: "drop" }],
  ] as const) {
    expect((await control("PUT", path, fault)).status).toBe(400);
  }
  expect((await control("GET", "/elsewhere")).status).toBe(404);
});

test("the cameras can be switched off and on again at the same port", async () => {
  const { control, rtspPort } = await started("--cameras", "1");
  await control("PUT", "/listening", { listening: false });
  const [error] = await once(connect(rtspPort, "127.0.0.1"), "error");
  expect(error.code).toBe("ECONNREFUSED");
  await control("PUT", "/listening", { listening: true });
  const socket = connect(rtspPort, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
});

test("it ends when the one who started it lets go, and on SIGTERM", async () => {
  const orphan = await started("--cameras", "1");
  orphan.child.stdin.end();
  expect(await once(orphan.child, "exit")).toEqual([0, null]);
  const told = await started("--cameras", "1");
  told.child.kill("SIGTERM");
  expect(await once(told.child, "exit")).toEqual([0, null]);
});

test("it explains itself", async () => {
  const child = run("--help");
  const parts: Buffer[] = [];
  for await (const part of child.stdout) parts.push(part);
  for (const option of ["--port", "--cameras", "--clip", "--user", "--control-port"]) {
    expect(Buffer.concat(parts).toString()).toContain(option);
  }
});

test("a bad value is one sentence and exit code 2", async () => {
  const child = spawn(process.execPath, [program, "--cameras", "many"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [told] = await once(child.stderr, "data");
  expect(String(told)).toBe("--cameras must be a whole number, not many\n");
  expect(await once(child, "exit")).toEqual([2, null]);
});
