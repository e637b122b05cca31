import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ModelEntry, ModelState } from "#contract/system.ts";
import type { HashBook } from "../kernel/file-hash.ts";
import type { Logger } from "../kernel/logger.ts";
import { throttled } from "./bring-mediamtx.ts";
import { type DownloadOutcome, download } from "./download.ts";
import { clockTime, keepTrying, type Wait } from "./keep-trying.ts";
import { plainReason } from "./plain-reason.ts";

export type BringModelDeps = {
  dataDir: string;
  /** Looked through before anything is downloaded, in this order. Nothing is ever written there. */
  folders: string[];
  /** Models the project makes itself, by id. */
  makers: Record<string, () => Uint8Array>;
  hashes: HashBook;
  /** Whether it is worth a download; a model that lies here already is taken anyway. */
  isWanted(model: ModelEntry): boolean;
  fetch: typeof fetch;
  onState(state: ModelState): void;
  nowMs: () => number;
  wait: Wait;
  log: Logger;
};

/** Detectors of people are needed from the start; models of other tasks are taken when they lie here already. */
export const isNeededNow = (model: ModelEntry): boolean =>
  model.task === "objects" && model.family === "yolox";

/** The model's file, or undefined when it is not here and not needed now. Rejects only when `signal` aborts. */
export async function bringModel(
  deps: BringModelDeps,
  model: ModelEntry,
  signal: AbortSignal,
): Promise<string | undefined> {
  const cache = join(deps.dataDir, "models");
  const local = await findModel([...deps.folders, cache], model, deps.hashes);
  if (local) return local;
  const make = deps.makers[model.id];
  const missing = (reason: string) => deps.onState({ id: model.id, status: "missing", reason });
  if (!make && model.addresses.length === 0) {
    missing("No public address is known for this model. Put its file into the folder of GUARITA_MODELS.");
    return undefined;
  }
  if (!make && !deps.isWanted(model)) {
    missing("Not needed yet, so it was not downloaded.");
    return undefined;
  }
  const file = join(cache, basename(model.file));
  return keepTrying({
    attempt: async () => {
      const outcome = make ? await writeMade(file, make) : await fetchModel(deps, model, file, signal);
      return outcome.kind === "here" ? { kind: "here", result: file } : outcome;
    },
    onFailed(reason, nextTryAtMs) {
      deps.log.warn({ model: model.id, reason }, "a model could not be brought");
      const verb = make ? "written" : "downloaded";
      missing(`${model.title} could not be ${verb}: ${reason}. Trying again at ${clockTime(nextTryAtMs)}.`);
    },
    signal,
    wait: deps.wait,
    nowMs: deps.nowMs,
  });
}

/** Tries each address in turn; what one left half done the next one resumes, and the hash decides. */
async function fetchModel(
  deps: BringModelDeps,
  model: ModelEntry,
  file: string,
  signal: AbortSignal,
): Promise<DownloadOutcome> {
  deps.onState({ id: model.id, status: "downloading" });
  let outcome: DownloadOutcome = { kind: "failed", reason: "no address is known" };
  try {
    await mkdir(join(deps.dataDir, "models"), { recursive: true });
  } catch (error) {
    return { kind: "failed", reason: plainReason(error) };
  }
  for (const address of model.addresses) {
    outcome = await download({
      fetch: deps.fetch,
      address,
      file,
      sha256: model.sha256,
      maxBytes: model.sizeBytes * 2,
      signal,
      onProgress: throttled((progress) => deps.onState({ id: model.id, status: "downloading", progress })),
    });
    if (outcome.kind === "here") break;
  }
  return outcome;
}

/** Made anew at every start, so that a newer Guarita never serves an older one's model. */
async function writeMade(file: string, make: () => Uint8Array): Promise<DownloadOutcome> {
  try {
    const content = make();
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(`${file}.part`, content, { flush: true });
    await rename(`${file}.part`, file);
    return { kind: "here" };
  } catch (error) {
    return { kind: "failed", reason: plainReason(error) };
  }
}

/**
 * The first file with one of the model's hashes: in each folder the one of the model's own name, then any other.
 * A model without hashes is made, never found.
 */
async function findModel(
  folders: string[],
  model: ModelEntry,
  hashes: HashBook,
): Promise<string | undefined> {
  if (model.sha256.length === 0) return undefined;
  for (const folder of folders) {
    for (const file of await candidates(folder, model)) {
      const sha256 = await hashes.hashOf(file);
      if (sha256 && model.sha256.includes(sha256)) return file;
    }
  }
  return undefined;
}

/** ONNX files of about the right size; a person's folder may hold large models that need not be read through. */
async function candidates(folder: string, model: ModelEntry): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const own = basename(model.file);
  const others = names.filter((name) => name !== own && name.endsWith(".onnx")).sort();
  const files = [...names.filter((name) => name === own), ...others].map((name) => join(folder, name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file).catch(() => undefined))?.size));
  return files.filter((_, at) => {
    const ratio = (sizes[at] ?? 0) / model.sizeBytes;
    return ratio > 0.8 && ratio < 1.25;
  });
}
