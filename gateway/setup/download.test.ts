import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { download } from "./download.ts";
import { type FileServer, startFileServer } from "./file-server.memory.ts";

const CONTENT = randomBytes(300_000);
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
let server: FileServer;
let folder: string;
let file: string;

beforeEach(async () => {
  server = await startFileServer(CONTENT);
  folder = await mkdtemp(join(tmpdir(), "guarita-download-"));
  file = join(folder, "thing");
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

function get(change: Partial<Parameters<typeof download>[0]> = {}) {
  return download({
    fetch,
    address: server.address,
    file,
    sha256: [SHA256],
    maxBytes: 1e6,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...change,
  });
}

test("a file is put in place whole, with its progress told, and nothing is left beside it", async () => {
  const told: (number | undefined)[] = [];
  expect(await get({ onProgress: (fraction) => told.push(fraction) })).toEqual({ kind: "here" });
  expect(CONTENT.equals(await readFile(file))).toBe(true);
  expect(told.at(-1)).toBe(1);
  expect(await readdir(folder)).toEqual(["thing"]);
});

test("a broken download is resumed where it broke off", async () => {
  server.state.stallAfterBytes = 100_000;
  // breaks only once a part is on disk: what is still on its way may be lost with the connection
  expect(await get({ onProgress: server.hangUp })).toEqual({
    kind: "failed",
    reason: "the connection broke off",
  });
  const { size } = await stat(`${file}.part`);
  server.state.stallAfterBytes = undefined;
  expect(await get()).toEqual({ kind: "here" });
  expect(size).toBeGreaterThan(0);
  expect(server.ranges).toEqual([undefined, `bytes=${size}-`]);
  expect(CONTENT.equals(await readFile(file))).toBe(true);
});

test("a server that knows no ranges sends all again, and the file is still right", async () => {
  await writeFile(`${file}.part`, CONTENT.subarray(0, 1_000));
  server.state.knowsRanges = false;
  expect(await get()).toEqual({ kind: "here" });
  expect(CONTENT.equals(await readFile(file))).toBe(true);
});

test("a part that was complete already is verified and used", async () => {
  await writeFile(`${file}.part`, CONTENT);
  expect(await get()).toEqual({ kind: "here" });
});

test("a file with another hash is deleted, told, and never put in place", async () => {
  server.state.content = Buffer.from("<html>Please sign in to the hotel's network</html>");
  const outcome = await get();
  expect(outcome.kind === "failed" && outcome.reason).toContain("not the expected file");
  expect(await readdir(folder)).toEqual([]);
});

test("a part of another file spoils one try, not the next", async () => {
  await writeFile(`${file}.part`, randomBytes(1_000));
  expect((await get()).kind).toBe("failed");
  expect(await get()).toEqual({ kind: "here" });
});

test("more bytes than a file may have are not written", async () => {
  const outcome = await get({ maxBytes: 10_000 });
  expect(outcome.kind).toBe("failed");
  expect(await readdir(folder)).toEqual([]);
});

test("a download that stands still fails with a reason", async () => {
  server.state.stallAfterBytes = 1_000;
  expect(await get({ stallMs: 100 })).toEqual({ kind: "failed", reason: "the download stood still" });
});

test("a server's refusal is told by its number", async () => {
  server.state.status = 404;
  const outcome = await get();
  expect(outcome.kind === "failed" && outcome.reason).toMatch(/^127\.0\.0\.1:\d+ answered 404$/);
});

test("a server that is not there is told plainly", async () => {
  await server.stop();
  expect(await get()).toEqual({ kind: "failed", reason: "the server refused the connection" });
  server = await startFileServer(CONTENT);
});

test("an aborted download rejects and keeps what came", async () => {
  server.state.stallAfterBytes = 50_000;
  const stop = new AbortController();
  const working = get({ signal: stop.signal, onProgress: () => stop.abort() });
  await expect(working).rejects.toThrow();
  expect((await stat(`${file}.part`)).size).toBeGreaterThan(0);
});
