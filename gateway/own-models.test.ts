import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ListedModel, OWN_MODEL_LIMIT_BYTES } from "#contract/models.ts";
import { type OnnxGraph, type OnnxPort, writeOnnx } from "./demo/detector/onnx-file.ts";
import { createHashBook } from "./kernel/file-hash.ts";
import { silentLogger } from "./kernel/logger.ts";
import { createChooseModel } from "./models/choose-model.ts";
import { createModelFolders } from "./models/model-folders.ts";
import { createOwnModels } from "./models/own-models.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "guarita-models-"));
});
afterEach(() => rm(root, { recursive: true }));

const ULTRALYTICS = {
  description: "Ultralytics YOLOv8n model trained on tills",
  license: "AGPL-3.0 License (https://ultralytics.com/license)",
  stride: "32",
  task: "detect",
  imgsz: "[384, 640]",
  names: "{0: 'person', 1: \"driver's cab\"}",
};

type File = { input?: OnnxPort["shape"]; output: OnnxPort["shape"]; metadata?: Record<string, string> };

/** A model of one node, whose ports are what matters here. */
function aFile({ input = [1, 3, 384, 640], output, metadata }: File): Uint8Array {
  const graph: OnnxGraph = {
    name: "tiny",
    description: "",
    nodes: [{ op: "Identity", inputs: ["images"], output: "output0" }],
    tensors: [],
    input: { name: "images", shape: input },
    output: { name: "output0", shape: output },
  };
  return writeOnnx({ ...graph, ...(metadata && { metadata }) });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function* inPieces(bytes: Uint8Array, pieceBytes = 100): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

const folder = () => join(root, "own");
async function open(adopted: ListedModel | null = null) {
  const own = createOwnModels({
    folder: folder(),
    adopt: async () => adopted,
    nowMs: () => 5_000,
    log: silentLogger(),
  });
  await own.load();
  return own;
}

const CELLS = 5_040; // of 640x384

describe("what a file says about itself", () => {
  test("an export of ultralytics says everything", async () => {
    const file = aFile({ output: [1, 6, CELLS], metadata: ULTRALYTICS });
    const model = await (await open()).add(inPieces(file), "../../best.onnx");
    expect(ListedModel.parse(model)).toMatchObject({
      id: `own-${sha256(file).slice(0, 16)}`,
      family: "yolov8",
      title: ULTRALYTICS.description,
      licence: ULTRALYTICS.license,
      input: { name: "images", widthPx: 640, heightPx: 384 },
      outputs: ["output0"],
      labels: ["person", "driver's cab"],
      sha256: [sha256(file)],
      own: { origin: "dropped", classCount: 2, freeSize: false, missing: [], check: { status: "unchecked" } },
    });
  });

  test.each<[string, File, object]>([
    ["YOLOX", { output: [1, CELLS, 85] }, { family: "yolox", own: { classCount: 80 } }],
    ["YOLOX of one class", { output: [1, CELLS, 6] }, { family: "yolox", own: { classCount: 1 } }],
    ["YOLOv8", { output: [1, 84, CELLS] }, { family: "yolov8", own: { classCount: 80 } }],
    [
      "YOLOv8, the other way round",
      { output: [1, CELLS, 6], metadata: ULTRALYTICS },
      { family: "yolov8", own: { classCount: 2 } },
    ],
    ["end-to-end", { output: [1, 300, 6] }, { family: "end-to-end", own: { classCount: null } }],
    [
      "a free size",
      { input: ["b", 3, "h", "w"], output: ["b", "n", 85] },
      { family: "yolox", own: { freeSize: true, missing: ["labels", "size", "licence"] } },
    ],
    [
      "a free size with one that is advised",
      { input: [1, 3, "h", "w"], output: [1, 6, "n"], metadata: ULTRALYTICS },
      { family: "yolov8", input: { widthPx: 640 }, own: { freeSize: true, missing: [] } },
    ],
  ])("%s is known by its shape", async (_, file, expected) => {
    const model = await (await open()).add(inPieces(aFile(file)), "tills.onnx");
    expect(model).toMatchObject(expected);
  });

  test("a file without a title goes by its name alone, whatever path stands before it", async () => {
    const own = await open();
    const model = await own.add(inPieces(aFile({ output: [1, 300, 6] })), "C:\\x\\..\\caixa\u202e.onnx");
    expect(model.title).toBe("caixa.onnx");
  });

  const whole = aFile({ output: [1, 84, CELLS] });
  test.each<[string, Uint8Array, string]>([
    ["a cut file", whole.subarray(0, whole.length / 2), "model_broken"],
    ["an empty file", new Uint8Array(), "model_broken"],
    ["noise", randomBytes(5_000), "model_broken"],
    ["a text", new TextEncoder().encode("<!doctype html><title>Sign in</title>"), "model_broken"],
    ["colours last", aFile({ input: [1, 384, 640, 3], output: [1, 84, CELLS] }), "model_input"],
    ["a batch of 4", aFile({ input: [4, 3, 384, 640], output: [4, 84, CELLS] }), "model_input"],
    ["no picture", aFile({ input: [1, 128], output: [1, 84, CELLS] }), "model_input"],
    ["a classifier", aFile({ output: [1, 1000] }), "model_head"],
    ["anchors of YOLOv5", aFile({ output: [1, 3 * CELLS, 85] }), "model_head"],
    [
      "a segmenter",
      aFile({ output: [1, 38, CELLS], metadata: { ...ULTRALYTICS, task: "segment" } }),
      "model_head",
    ],
    ["names that do not fit", aFile({ output: [1, 84, CELLS], metadata: ULTRALYTICS }), "model_labels"],
  ])("%s is refused in words, and nothing is kept of it", async (_, bytes, code) => {
    const own = await open();
    await expect(own.add(inPieces(bytes), "x.onnx")).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^[A-Z].{15,}\.$/),
    });
    expect(await readdir(folder())).toEqual([]);
    expect(own.list()).toEqual([]);
  });

  test("a cut or changed file is refused or read, never anything else", async () => {
    const file = aFile({ output: [1, 6, CELLS], metadata: ULTRALYTICS });
    const own = await open();
    for (let at = 0; at < file.length; at += 7) {
      const changed = Uint8Array.from(file);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      for (const bytes of [changed, file.subarray(0, at)]) {
        const result = await own.add(inPieces(bytes, 10_000), "x.onnx").catch((error) => error);
        expect(String(result.code ?? result.task)).toMatch(/^(model_\w+|objects)$/);
      }
    }
  });

  test("a file beyond the limit is heard out, never written whole, and the limit is told", async () => {
    const own = await open();
    const piece = new Uint8Array(8 * 1024 * 1024);
    let given = 0;
    async function* huge() {
      for (; given < OWN_MODEL_LIMIT_BYTES + piece.length; given += piece.length) yield piece;
    }
    await expect(own.add(huge(), "x.onnx")).rejects.toMatchObject({
      code: "body_too_large",
      message: expect.stringContaining("128 MB"),
    });
    expect(given).toBeGreaterThan(OWN_MODEL_LIMIT_BYTES);
    expect(await readdir(folder())).toEqual([]);
  });

  test("an upload that breaks off leaves nothing behind", async () => {
    async function* broken() {
      yield whole.subarray(0, 50);
      throw new Error("aborted");
    }
    await expect((await open()).add(broken(), "x.onnx")).rejects.toThrow("aborted");
    expect(await readdir(folder())).toEqual([]);
  });
});

describe("what is kept", () => {
  const file = aFile({ output: [1, 84, CELLS] });

  test("a model outlives a restart, with what a person said and how its check went", async () => {
    const own = await open();
    const { id } = await own.add(inPieces(file), "tills.onnx");
    const labels = Array.from({ length: 80 }, (_, at) => `class ${at}`);
    await expect(own.change(id, { labels: ["person"] })).rejects.toMatchObject({ code: "model_labels" });
    await own.change(id, { labels, licence: "ours", title: "Tills" });
    await own.setCheck(id, { status: "passed", atMs: 7_000 });
    const [kept] = (await open()).list();
    expect(kept).toMatchObject({
      title: "Tills",
      labels,
      licence: "ours",
      own: { check: { status: "passed" } },
    });
    // a new name changes nothing about how it is run, another threshold does
    expect(await own.change(id, { title: "Caixas" })).toMatchObject({ own: { check: { status: "passed" } } });
    expect(await own.change(id, { minScore: 0.4 })).toMatchObject({
      own: { check: { status: "unchecked" } },
    });
    await expect(own.change(id, { input: { widthPx: 320, heightPx: 320 } })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("the same file given twice is one model; removed, it is gone with all that was known of it", async () => {
    const own = await open();
    const first = await own.add(inPieces(file), "a.onnx");
    expect(await own.add(inPieces(file), "b.onnx")).toEqual(first);
    expect(own.file(first.file)).toBe(join(folder(), first.file));
    await own.remove(first.id);
    expect(await readdir(folder())).toEqual([]);
    await expect(own.remove(first.id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("a file that is one of the manifest's models is that one", async () => {
    const known = { ...(await (await open()).add(inPieces(file), "a.onnx")), id: "yolox-nano", own: null };
    const own = await open(known);
    expect(await own.add(inPieces(aFile({ output: [1, 300, 6] })), "b.onnx")).toEqual(known);
    expect(own.list()).toHaveLength(1);
  });

  test("a record that cannot be read is left out, and half files of a crash are swept away", async () => {
    const own = await open();
    const { id } = await own.add(inPieces(file), "a.onnx");
    await writeFile(join(folder(), "own-0123456789abcdef.json"), "{");
    await writeFile(join(folder(), "0123.part"), "half");
    expect((await open()).list().map((model) => model.id)).toEqual([id]);
    expect((await readdir(folder())).filter((name) => name.endsWith(".part"))).toEqual([]);
  });
});

describe("files laid into a folder, and the choice", () => {
  const good = aFile({ output: [1, 6, CELLS], metadata: ULTRALYTICS });

  async function aShop() {
    const laid = join(root, "laid");
    await mkdir(laid, { recursive: true });
    const own = await open();
    const folders = createModelFolders({
      folders: [laid, join(root, "absent")],
      manifestHashes: new Set([sha256(new TextEncoder().encode("yolox"))]),
      hashes: createHashBook(),
      own,
    });
    const kept: (string | null)[] = [];
    const wanted: string[] = [];
    let changes = 0;
    const models = await createChooseModel({
      plateModels: [],
      manifestModels: [ListedModel.parse({ ...MANIFEST_MODEL, id: "nanodet" })],
      own,
      folders,
      store: { load: async () => kept.at(-1) ?? null, save: async (id) => void kept.push(id) },
      want: (id) => wanted.push(id),
      onChange: () => {
        changes += 1;
      },
    });
    return { laid, own, models, kept, wanted, changes: () => changes };
  }
  const MANIFEST_MODEL = {
    file: "nanodet.onnx",
    task: "objects",
    family: "nanodet",
    title: "NanoDet-m",
    licence: "Apache-2.0",
    addresses: [],
    sha256: [],
    sizeBytes: 1,
    input: { name: "input.1", widthPx: 416, heightPx: 416 },
    outputs: ["792"],
    labels: ["person"],
    minScore: 0.35,
    accuracy: "",
  };

  test("a good file is listed, a bad one told with its name, one of the manifest left to setup", async () => {
    const { laid, own, models } = await aShop();
    await writeFile(join(laid, "good.onnx"), good);
    await writeFile(join(laid, "bad.onnx"), "nonsense");
    await writeFile(join(laid, "yolox_nano.onnx"), "yolox");
    await writeFile(join(laid, "notes.txt"), "nonsense");
    const list = await models.list();
    expect(list.models.map(({ id, own }) => own?.origin ?? id)).toEqual(["nanodet", "folder"]);
    expect(list.unusable).toMatchObject([{ name: "bad.onnx", code: "model_broken" }]);
    const model = list.models[1];
    expect(own.file(model?.file ?? "")).toBe(join(laid, "good.onnx"));
    await expect(models.remove(model?.id ?? "")).rejects.toMatchObject({ code: "conflict" });

    await rm(join(laid, "good.onnx"));
    expect((await models.list()).models).toHaveLength(1);
  });

  test("an own model is chosen only when it passed its check, and is chosen no more when it is gone", async () => {
    const { own, models, kept } = await aShop();
    const { id } = await own.add(inPieces(good), "good.onnx");
    await expect(models.choose(id)).rejects.toMatchObject({ code: "conflict" });
    await own.setCheck(id, { status: "failed", atMs: 1, reason: "nonsense", detail: "" });
    await expect(models.choose(id)).rejects.toMatchObject({ code: "conflict" });
    await own.setCheck(id, { status: "passed", atMs: 2 });
    await models.choose(id);
    expect((await models.list()).chosen).toBe(id);
    await models.remove(id);
    expect(await models.list()).toMatchObject({ chosen: null, models: [{ id: "nanodet" }] });
    expect(kept).toEqual([id, null]);
  });

  test("a chosen model of the manifest is brought; one that is not there cannot be chosen", async () => {
    const { models, wanted, changes } = await aShop();
    await models.choose("nanodet");
    expect([wanted, changes()]).toEqual([["nanodet"], 1]);
    await expect(models.choose("yolov9000")).rejects.toMatchObject({ code: "not_found" });
    await models.choose(null);
    expect((await models.list()).chosen).toBeNull();
  });
});
