import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { OWN_MODEL_LIMIT_BYTES, type UnusableFile } from "#contract/models.ts";
import { GatewayError, messageOf } from "../kernel/errors.ts";
import type { HashBook } from "../kernel/file-hash.ts";
import type { OwnModels } from "./own-models.ts";
import { tooLarge } from "./receive-file.ts";

type ModelFoldersDeps = {
  /** Where a person may lay files. Nothing is ever written there, and they need not exist. */
  folders: string[];
  /** Of the manifest's models: those are setup's to find. */
  manifestHashes: ReadonlySet<string>;
  hashes: HashBook;
  own: Pick<OwnModels, "found" | "stillFound">;
};

/** Looks for model files that a person laid into a folder. */
export function createModelFolders({ folders, manifestHashes, hashes, own }: ModelFoldersDeps) {
  /** By hash: what is wrong with a file changes with the file alone. */
  const refusals = new Map<string, GatewayError>();
  let looking: Promise<UnusableFile[]> | null = null;

  async function lookAt(file: string, seen: Set<string>): Promise<GatewayError | undefined> {
    const { size } = await stat(file);
    if (size > OWN_MODEL_LIMIT_BYTES) return tooLarge(OWN_MODEL_LIMIT_BYTES);
    const sha256 = await hashes.hashOf(file);
    if (sha256 === undefined || manifestHashes.has(sha256)) return undefined;
    const known = refusals.get(sha256);
    if (known) return known;
    try {
      await own.found(file, sha256);
      seen.add(file);
      return undefined;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      refusals.set(sha256, error);
      return error;
    }
  }

  async function lookThrough(): Promise<UnusableFile[]> {
    const unusable: UnusableFile[] = [];
    const seen = new Set<string>();
    for (const folder of folders) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((each) => each.endsWith(".onnx")).sort()) {
        const refusal = await lookAt(join(folder, name), seen).catch(unreadable);
        if (refusal) unusable.push({ name, code: refusal.code, reason: refusal.message });
      }
    }
    own.stillFound(seen);
    return unusable;
  }

  return {
    /** Tells what lies there and cannot be used. Once for all who ask at the same time. */
    look(): Promise<UnusableFile[]> {
      looking ??= lookThrough().finally(() => {
        looking = null;
      });
      return looking;
    },
  };
}
export type ModelFolders = ReturnType<typeof createModelFolders>;

const unreadable = (cause: unknown): GatewayError =>
  new GatewayError("model_broken", `The file cannot be read: ${messageOf(cause)}`, { cause });
