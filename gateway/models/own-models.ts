import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  ListedModel,
  type MissingFact,
  type ModelChange,
  type ModelCheck,
  OWN_MODEL_LIMIT_BYTES,
  type OwnModel,
} from "#contract/models.ts";
import type { ModelState } from "#contract/system.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import { describeModel } from "./describe-model.ts";
import { readOnnxFacts } from "./onnx-facts.ts";
import { receiveFile } from "./receive-file.ts";

/** A model of the shop's own, and where its file lies. */
type Kept = { model: ListedModel & { own: OwnModel }; file: string };

type OwnModelsDeps = {
  /** Files and what is known of them; made here. */
  folder: string;
  /** Takes a file that is one of the manifest's models; null where no model has this hash. */
  adopt(sha256: string, file: string): Promise<ListedModel | null>;
  nowMs: () => number;
  log: Logger;
};

const MIN_SCORE = 0.25;

/** A name that says what is in the file: the same file given twice is one model. */
const idOf = (sha256: string): string => `own-${sha256.slice(0, 16)}`;

/** The shop's own model files. Names of files are made here, never taken from whoever sends one. */
export function createOwnModels({ folder, adopt, nowMs, log }: OwnModelsDeps) {
  const kept = new Map<string, Kept>();

  function find(id: string): Kept {
    const found = kept.get(id);
    if (!found) throw new GatewayError("not_found", "There is no such model of the shop's own.");
    return found;
  }

  /** Writes what is known before anybody is told. */
  async function keep(next: Kept): Promise<ListedModel> {
    const record = join(folder, `${next.model.id}.json`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(`${record}.part`, JSON.stringify(next.model), { flush: true });
      await rename(`${record}.part`, record);
    } catch (cause) {
      throw new GatewayError("storage_unavailable", "The model could not be written down.", { cause });
    }
    kept.set(next.model.id, next);
    return next.model;
  }

  async function describe(file: string, name: string, sha256: string, origin: OwnModel["origin"]) {
    const bytes = await readFile(file);
    const { classCount, freeSize, ...description } = describeModel(readOnnxFacts(bytes), name);
    const id = idOf(sha256);
    const own: OwnModel = {
      origin,
      addedAtMs: nowMs(),
      classCount,
      freeSize,
      missing: [],
      check: { status: "unchecked" },
    };
    return withMissing({
      ...description,
      id,
      file: `${id}.onnx`,
      task: "objects",
      addresses: [],
      sha256: [sha256],
      sizeBytes: bytes.length,
      minScore: MIN_SCORE,
      demonstration: false,
      accuracy: "",
      own,
    });
  }

  return {
    /** What earlier runs knew. A record without its file is left alone: a folder may be away for a while. */
    async load(): Promise<void> {
      const names: string[] = await readdir(folder).catch(() => []);
      for (const name of names) {
        const file = join(folder, name);
        if (name.endsWith(".part")) await rm(file, { force: true });
        if (!name.endsWith(".json")) continue;
        const model = ListedModel.safeParse(await readJson(file)).data;
        if (!model?.own) {
          log.warn({ file }, "what is known of a model cannot be read; it is left out");
          continue;
        }
        const { own } = model;
        const isHere = own.origin === "dropped" && names.includes(`${model.id}.onnx`);
        kept.set(model.id, { model: { ...model, own }, file: isHere ? join(folder, model.file) : "" });
      }
    },
    /** Takes in a file as it arrives. What is wrong with it is told by the error's code and sentence. */
    async add(content: AsyncIterable<Uint8Array>, name: string): Promise<ListedModel> {
      const received = await receiveFile(folder, content, OWN_MODEL_LIMIT_BYTES);
      try {
        const { file: part, sha256 } = received;
        const adopted = await adopt(sha256, part);
        if (adopted) return adopted;
        const before = kept.get(idOf(sha256));
        if (before?.file) return before.model;
        const model = before?.model ?? (await describe(part, cleanName(name), sha256, "dropped"));
        const file = join(folder, model.file);
        await rename(part, file);
        return await keep({ model: { ...model, own: { ...model.own, origin: "dropped" } }, file });
      } finally {
        await rm(received.file, { force: true });
      }
    },
    /** A file that was found in a folder of this computer, which stays where it is. */
    async found(file: string, sha256: string): Promise<void> {
      const before = kept.get(idOf(sha256));
      if (before?.file) return;
      if (before) kept.set(before.model.id, { ...before, file });
      else await keep({ model: await describe(file, basename(file), sha256, "folder"), file });
    },
    /** Those found in folders whose file is none of these any more are away. */
    stillFound(files: Set<string>): void {
      for (const [id, one] of kept) {
        if (one.model.own.origin === "folder" && !files.has(one.file)) kept.set(id, { ...one, file: "" });
      }
    },
    /** Those whose file is here, the oldest first. */
    list: (): ListedModel[] =>
      [...kept.values()]
        .filter(({ file }) => file !== "")
        .map(({ model }) => model)
        .sort((a, b) => (a.own?.addedAtMs ?? 0) - (b.own?.addedAtMs ?? 0)),
    /** Where the file that is served under this name lies. */
    file: (served: string): string | undefined =>
      [...kept.values()].find(({ model, file }) => model.file === served && file !== "")?.file,
    states: (): ModelState[] =>
      [...kept.values()].flatMap(({ model, file }) => (file ? [{ id: model.id, status: "ready" }] : [])),
    /** What a person says about it; it must be checked again. */
    async change(id: string, change: ModelChange): Promise<ListedModel> {
      const { model, file } = find(id);
      const { own } = model;
      const { labels, input, ...rest } = change;
      if (labels && own.classCount !== null && labels.length !== own.classCount) {
        const why = `The model scores ${own.classCount} classes; ${labels.length} names were given.`;
        throw new GatewayError("model_labels", why);
      }
      if (input && !own.freeSize) {
        throw new GatewayError("conflict", "The size of this model's input is fixed in its file.");
      }
      const says = definedOf({ ...rest, ...(labels && { labels }) });
      const changed = { ...model, ...says, input: { ...model.input, ...input } };
      const isRunDifferently = labels !== undefined || input !== undefined || change.minScore !== undefined;
      const check: ModelCheck = isRunDifferently ? { status: "unchecked" } : own.check;
      return keep({ model: withMissing({ ...changed, own: { ...own, check } }), file });
    },
    async setCheck(id: string, check: ModelCheck): Promise<ListedModel> {
      const { model, file } = find(id);
      return keep({ model: { ...model, own: { ...model.own, check } }, file });
    },
    async remove(id: string): Promise<void> {
      const { model, file } = find(id);
      if (model.own.origin === "folder") {
        throw new GatewayError(
          "conflict",
          `The file lies in a folder of this computer: ${file}. Take it away there.`,
        );
      }
      await rm(join(folder, `${id}.json`), { force: true });
      await rm(join(folder, model.file), { force: true });
      kept.delete(id);
    },
  };
}
export type OwnModels = ReturnType<typeof createOwnModels>;

function withMissing<Model extends Kept["model"]>(model: Model): Model {
  const missing: MissingFact[] = [];
  if (model.labels.length === 0) missing.push("labels");
  if (model.input.widthPx === 0) missing.push("size");
  if (model.licence === "") missing.push("licence");
  return { ...model, own: { ...model.own, missing } };
}

/** Without the fields that are undefined: they must not wipe out what is known. */
function definedOf<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  // only defined values are left, by the filter
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

/** For a title alone: no path, nothing that a screen cannot show. */
const cleanName = (name: string): string =>
  basename(name.replaceAll("\\", "/")).replace(/\p{C}/gu, "").slice(0, 100) || "model.onnx";

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined; // the schema refuses it
  }
}
