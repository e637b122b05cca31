import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { CameraList } from "#contract/cameras.ts";
import { aNewCamera, anEvent } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { SettingList } from "#contract/settings.ts";
import { Health } from "#contract/system.ts";

const MAIN = resolve(import.meta.dirname, "start.mjs");
const running: ChildProcess[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "guarita-main-"));
  folders.push(folder);
  return join(folder, "data");
}

/** A gateway in a process of its own, on any free port, without a media server. */
function start(dataDir: string, env: Record<string, string> = {}, args: string[] = []) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      ...process.env,
      GUARITA_PORT: "0",
      GUARITA_DATA: dataDir,
      GUARITA_MEDIAMTX: join(dataDir, "no-mediamtx"),
      GUARITA_LOG: "error",
      DATABASE_URL: "", // that of whoever runs the tests is not theirs
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let output = "";
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const ended = new Promise<{ code: number | null; output: string; errors: string }>((done) =>
    child.once("close", (code) => done({ code, output, errors })),
  );
  const url = new Promise<string>((found, failed) => {
    child.stdout.on("data", (text) => {
      output += text;
      const match = /http:\/\/localhost:\d+/.exec(output);
      if (match) found(match[0]);
    });
    void ended.then(() => failed(new Error(`ended early: ${errors}`)));
  });
  url.catch(() => undefined); // not every test waits for it
  return { child, url, ended };
}

const camerasOf = async (url: string) =>
  CameraList.parse(await (await fetch(url + paths.cameras)).json()).cameras;
const healthOf = async (url: string) => Health.parse(await (await fetch(url + paths.health)).json());

test("--help prints every option and starts nothing", async () => {
  const { code, output } = await start(aDataFolder(), { GUARITA_PORT: "bad" }, ["--help"]).ended;
  expect([code, output.includes("GUARITA_WEBRTC_PORT"), output.includes("--demo")]).toEqual([0, true, true]);
});

test("a wrong value and an unknown option end with one sentence and code 2", async () => {
  const wrong = await start(aDataFolder(), { GUARITA_PORT: "abc" }).ended;
  expect(wrong).toMatchObject({ code: 2, output: "" });
  expect(wrong.errors).toMatch(/^GUARITA_PORT must be [^\n]+\.\n$/);
  expect((await start(aDataFolder(), {}, ["--colour"]).ended).code).toBe(2);
});

test("a taken port is named, with how to choose another, and code 2", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => other.once("listening", listening));
  const { port } = other.address() as AddressInfo; // a TCP server's address is one
  const { code, errors } = await start(aDataFolder(), { GUARITA_PORT: String(port) }).ended;
  other.close();
  expect(code).toBe(2);
  expect(errors).toContain(`Port ${port} is taken`);
  expect(errors).toContain("--port");
});

test("a data folder in use is refused, and after kill -9 it is free and complete", async () => {
  const dataDir = aDataFolder();
  const first = start(dataDir);
  const url = await first.url;
  const { storeId } = await healthOf(url);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);

  const second = await start(dataDir).ended;
  expect(second.code).toBe(2);
  expect(second.errors).toContain(dataDir);

  const body = JSON.stringify({ events: [anEvent(), anEvent()] });
  const headers = { "content-type": "application/json" };
  expect((await fetch(url + paths.events, { method: "POST", headers, body })).status).toBe(200);
  first.child.kill("SIGKILL");
  await first.ended;

  const third = await start(dataDir).url;
  expect((await healthOf(third)).storeId).toBe(storeId);
  const page = (await (await fetch(third + paths.events)).json()) as { events: unknown[] };
  expect(page.events).toHaveLength(2);
});

test("--demo adds cameras, always the same, which are gone at a start without it; a person's own camera stays", async () => {
  const dataDir = aDataFolder();
  const demo = start(dataDir, {}, ["--demo"]);
  const url = await demo.url;
  const headers = { "content-type": "application/json" };
  const own = JSON.stringify(aNewCamera({ name: "Caixa 9" }));
  expect((await fetch(url + paths.cameras, { method: "POST", headers, body: own })).status).toBe(201);
  const during = await camerasOf(url);
  expect(during.filter((camera) => camera.demo).length).toBeGreaterThan(0);
  expect((await healthOf(url)).demo).toBe(true);
  demo.child.kill("SIGTERM");
  await demo.ended;

  const without = start(dataDir);
  const after = await camerasOf(await without.url);
  expect(after.map((camera) => camera.name)).toEqual(["Caixa 9"]);
  without.child.kill("SIGTERM");
  await without.ended;

  const again = await camerasOf(await start(dataDir, {}, ["--demo"]).url);
  expect(again.map((camera) => camera.id).sort()).toEqual(during.map((camera) => camera.id).sort());
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends everything within 3 s, open sockets too",
  async (signal) => {
    const gateway = start(aDataFolder());
    const url = await gateway.url;
    const feed = new WebSocket(url.replace("http", "ws") + paths.feed);
    await new Promise((open) => feed.addEventListener("open", open));
    const closed = new Promise((done) => feed.addEventListener("close", done));
    const askedAtMs = Date.now();
    gateway.child.kill(signal);
    const { code, errors } = await gateway.ended;
    await closed;
    expect({ code, errors }).toEqual({ code: 0, errors: "" });
    expect(Date.now() - askedAtMs).toBeLessThan(3_000);
  },
);

test("a broken config.yaml ends the start with a line for each fault, and code 2", async () => {
  const dataDir = aDataFolder();
  const file = join(dataDir, "config.yaml");
  mkdirSync(dataDir);
  writeFileSync(file, "server:\n  webrtcPort: many\nstorage:\n  evidenceDay: 5\n");
  const { code, output, errors } = await start(dataDir).ended;
  expect([code, output]).toEqual([2, ""]);
  expect(errors).toBe(
    `${file}:2:15: server.webrtcPort must be a whole number from 1 to 65535, not the text "many".\n` +
      `${file}:4:3: there is no setting "storage.evidenceDay"; did you mean storage.evidenceDays?\n`,
  );
});

test("settings of config.yaml hold, are told, and a change of them outlives the gateway", async () => {
  const dataDir = aDataFolder();
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, "config.yaml"), "# ours\nstorage:\n  evidenceDays: 90\n");
  const first = start(dataDir);
  const url = (await first.url) + paths.settings;
  const find = async (key: string) =>
    SettingList.parse(await (await fetch(url)).json()).settings.find((setting) => setting.key === key);
  expect(await find("storage.evidenceDays")).toMatchObject({ value: 90, source: "file" });
  expect(await find("log.level")).toMatchObject({ value: "error", decidedBy: "GUARITA_LOG" });

  const put = (values: object) =>
    fetch(url, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ values }),
    });
  expect((await put({ "log.level": "debug" })).status).toBe(409);
  expect((await put({ "log.colour": "red" })).status).toBe(400);
  expect((await put({})).status).toBe(400);
  expect((await put({ "storage.evidenceDays": 60 })).status).toBe(200);
  first.child.kill("SIGKILL");
  await first.ended;
  const printed = await start(dataDir, {}, ["--print-config"]).ended;
  expect(printed.code).toBe(0);
  expect(printed.output).toContain("evidenceDays: 60 # from this file, line 3");
});
