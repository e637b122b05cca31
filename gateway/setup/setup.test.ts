import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { create } from "tar";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { MediaState, ModelEntry, ModelState } from "#contract/system.ts";
import { silentLogger } from "../kernel/logger.ts";
import { type FileServer, startFileServer } from "./file-server.memory.ts";
import type { Release } from "./releases.ts";
import { createSetup, type Setup, type SetupDeps } from "./setup.ts";

const PROGRAM = "#!/bin/sh\necho v1.21.1\n";
let root: string;
let server: FileServer;
let running: Setup[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "guarita-setup-"));
  server = await startFileServer(Buffer.alloc(0));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((setup) => setup.stop()));
  await server.stop();
  await rm(root, { recursive: true });
});

const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");

function begin(change: Partial<SetupDeps> = {}) {
  const media: MediaState[] = [];
  const model: ModelState[] = [];
  const pauses: (() => void)[] = [];
  const setup = createSetup({
    dataDir: join(root, "data"),
    pathEnv: "",
    platform: "linux-x64",
    fetch,
    manifest: { models: [] },
    makers: {},
    onMedia: (state) => media.push(state),
    onModel: (state) => model.push(state),
    nowMs: () => new Date(2026, 0, 1, 14, 5).getTime(),
    log: silentLogger(),
    releaseFor: () => undefined,
    wait: (_ms, signal) =>
      new Promise((goOn, reject) => {
        pauses.push(goOn);
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    ...change,
  });
  running.push(setup);
  setup.start();
  return { setup, media, model, pauses };
}

async function program(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "mediamtx");
  await writeFile(file, PROGRAM);
  await chmod(file, 0o755);
  return file;
}

/** Puts an archive of the program and a stray file on the server. */
async function releaseOnServer(archive: Release["archive"]): Promise<Release> {
  const content = { mediamtx: PROGRAM, LICENSE: "MIT", "mediamtx.yml": "api: no" };
  if (archive === "zip") {
    const bytes = Object.entries(content).map(([name, text]) => [name, new TextEncoder().encode(text)]);
    server.state.content = Buffer.from(zipSync(Object.fromEntries(bytes)));
  } else {
    const packed = join(root, "packed");
    await mkdir(packed);
    for (const [name, text] of Object.entries(content)) await writeFile(join(packed, name), text);
    await create({ gzip: true, cwd: packed, file: join(root, "a.tar.gz") }, Object.keys(content));
    server.state.content = await readFile(join(root, "a.tar.gz"));
  }
  const hash = sha256(server.state.content);
  return { version: "1.21.1", address: server.address, sha256: hash, archive, binary: "mediamtx" };
}

function aModel(content: Uint8Array, change: Partial<ModelEntry> = {}): ModelEntry {
  return {
    id: "people",
    file: "people.onnx",
    task: "objects",
    family: "yolox",
    title: "People",
    licence: "Apache-2.0",
    addresses: [server.address],
    sha256: [sha256(content)],
    sizeBytes: content.length,
    input: { name: "images", widthPx: 416, heightPx: 416 },
    outputs: ["output"],
    labels: ["person"],
    minScore: 0.25,
    demonstration: false,
    accuracy: "",
    ...change,
  };
}

const settled = (setup: Setup) => vi.waitFor(() => expect(setup.mediamtx().status).toBe("found"));

test("a MediaMTX named by the environment wins over the one on PATH", async () => {
  const [named, onPath] = [await program(join(root, "named")), await program(join(root, "bin"))];
  const { setup } = begin({ mediamtxFromEnv: named, pathEnv: `${root}/none:${join(onPath, "..")}` });
  await settled(setup);
  expect(setup.mediamtx()).toEqual({ status: "found", file: named, from: "environment" });
});

test("a MediaMTX named by the environment that is not there is told, and nothing else is tried", async () => {
  const release = await releaseOnServer("tar.gz");
  const { setup, media } = begin({ mediamtxFromEnv: join(root, "nowhere"), releaseFor: () => release });
  await vi.waitFor(() => expect(media).toHaveLength(1));
  expect(media[0]?.reason).toContain("which is not there or may not be run");
  expect(setup.mediamtx().status).toBe("missing");
  expect(server.ranges).toEqual([]);
});

test("a MediaMTX on PATH is found without a request", async () => {
  const file = await program(join(root, "bin"));
  await mkdir(join(root, "trap", "mediamtx"), { recursive: true });
  const { setup } = begin({ pathEnv: `${join(root, "trap")}:${join(root, "bin")}` });
  await settled(setup);
  expect(setup.mediamtx()).toEqual({ status: "found", file, from: "path" });
});

test.each(["tar.gz", "zip"] as const)(
  "a release is brought as %s, and found at the next start",
  async (kind) => {
    const release = await releaseOnServer(kind);
    const first = begin({ releaseFor: () => release });
    const heard = new Promise<string>((hear) => first.setup.whenMediamtx(hear));
    const file = await heard;
    expect(await readFile(file, "utf8")).toBe(PROGRAM);
    expect((await stat(file)).mode & 0o111).toBe(0o111);
    expect(await readdir(join(root, "data/tools"))).toEqual(["mediamtx-1.21.1"]);
    expect((await readdir(join(root, "data/tools/mediamtx-1.21.1"))).sort()).toEqual(["LICENSE", "mediamtx"]);
    expect(first.media.at(-1)).toMatchObject({ status: "downloading", progress: 1 });

    await server.stop();
    const second = begin({ releaseFor: () => release });
    await settled(second.setup);
    expect(second.setup.mediamtx()).toEqual({ status: "found", file, from: "cache" });
    server = await startFileServer(Buffer.alloc(0));
  },
);

test("offline at first, MediaMTX is brought once the line is back, with the reason told meanwhile", async () => {
  const release = await releaseOnServer("tar.gz");
  let online = false;
  const offline = () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code: "ENOTFOUND" }) });
  };
  const { setup, media, pauses } = begin({
    releaseFor: () => release,
    fetch: async (...args) => (online ? fetch(...args) : offline()),
  });
  await vi.waitFor(() => expect(pauses).toHaveLength(1));
  expect(media.at(-1)?.status).toBe("missing");
  expect(media.at(-1)?.reason).toMatch(
    /^MediaMTX could not be downloaded: there is no internet connection. Trying again at 14:05.$/,
  );
  online = true;
  pauses[0]?.();
  await settled(setup);
});

test("an archive with another hash is never unpacked, and the next try is whole again", async () => {
  const release = await releaseOnServer("tar.gz");
  const right = server.state.content;
  server.state.content = Buffer.from("something else");
  const { setup, media, pauses } = begin({ releaseFor: () => release });
  await vi.waitFor(() => expect(pauses).toHaveLength(1));
  expect(media.at(-1)?.reason).toContain("not the expected file");
  expect(await readdir(join(root, "data/tools"))).toEqual([]);
  server.state.content = right;
  pauses[0]?.();
  await settled(setup);
});

test("a platform without a release says so", async () => {
  const { media } = begin({ platform: "sunos-sparc" });
  await vi.waitFor(() =>
    expect(media[0]?.reason).toContain("no MediaMTX release for this machine (sunos-sparc)"),
  );
});

test("a model is known by its hash, whatever it is called, and a wrong one of its name is passed over", async () => {
  const content = Buffer.from("weights");
  const folder = join(root, "models");
  await mkdir(folder);
  await writeFile(join(folder, "people.onnx"), "WEIGHTS");
  await writeFile(join(folder, "renamed.onnx"), content);
  const { setup, model } = begin({ modelsFromEnv: folder, manifest: { models: [aModel(content)] } });
  await vi.waitFor(() => expect(model).toEqual([{ id: "people", status: "ready" }]));
  expect(setup.modelFile("people")).toBe(join(folder, "renamed.onnx"));
  expect(server.ranges).toEqual([]);
});

test("a needed model is downloaded and found in the cache at the next start", async () => {
  server.state.content = Buffer.from("weights");
  const manifest = { models: [aModel(server.state.content)] };
  const first = begin({ manifest });
  await vi.waitFor(() => expect(first.setup.modelStates()).toEqual([{ id: "people", status: "ready" }]));
  const second = begin({ manifest });
  await vi.waitFor(() =>
    expect(second.setup.modelFile("people")).toBe(join(root, "data/models/people.onnx")),
  );
  expect(server.ranges).toHaveLength(1);
});

test("the second address is tried when the first one fails", async () => {
  server.state.content = Buffer.from("weights");
  const model = aModel(server.state.content, { addresses: ["http://127.0.0.1:1/", server.address] });
  const { setup } = begin({ manifest: { models: [model] } });
  await vi.waitFor(() => expect(setup.modelFile("people")).not.toBeNull());
});

test("a model of a later task is used where it lies, and otherwise not downloaded", async () => {
  const content = Buffer.from("plates");
  server.state.content = content;
  const manifest = { models: [aModel(content, { id: "plates", task: "plates", family: "lpd-yunet" })] };
  const without = begin({ manifest });
  await vi.waitFor(() => expect(without.model).toHaveLength(1));
  expect(without.model[0]).toMatchObject({
    status: "missing",
    reason: expect.stringContaining("Not needed yet"),
  });
  expect(server.ranges).toEqual([]);

  await writeFile(join(root, "p.onnx"), content);
  const withFile = begin({ manifest, modelFolders: [root] });
  await vi.waitFor(() => expect(withFile.model).toEqual([{ id: "plates", status: "ready" }]));
});

test("a made model is written anew at every start", async () => {
  const manifest = { models: [aModel(Buffer.alloc(0), { addresses: [], sha256: [], sizeBytes: 0 })] };
  for (const version of ["one", "two"]) {
    const { setup } = begin({ manifest, makers: { people: () => new TextEncoder().encode(version) } });
    await vi.waitFor(() => expect(setup.modelFile("people")).not.toBeNull());
    expect(await readFile(setup.modelFile("people") ?? "", "utf8")).toBe(version);
  }
});

test("stop ends a waiting setup at once", async () => {
  const { setup, pauses } = begin({
    manifest: { models: [aModel(Buffer.from("x"), { addresses: ["http://127.0.0.1:1/"] })] },
  });
  await vi.waitFor(() => expect(pauses).toHaveLength(1));
  await setup.stop();
  expect(setup.modelFile("people")).toBeNull();
});
