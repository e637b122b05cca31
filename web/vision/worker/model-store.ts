import { paths } from "#contract/paths.ts";
import type { ModelEntry } from "#contract/system.ts";

/** The model cannot be had now, or is not the one it should be. Worth another try later. */
export class ModelUnavailable extends Error {
  override name = "ModelUnavailable";
}

type ModelStoreDeps = {
  fetch(address: string, init: RequestInit): Promise<Response>;
  digest(bytes: ArrayBuffer): Promise<ArrayBuffer>;
};

/** Fetches a model from the gateway (the service worker answers when that is away) and checks that it is the one. */
export function createModelStore({ fetch, digest }: ModelStoreDeps) {
  async function read(address: string, cache: RequestCache): Promise<ArrayBuffer> {
    try {
      const response = await fetch(address, { cache });
      if (response.ok) return await response.arrayBuffer();
      throw new Error(`HTTP ${response.status}`);
    } catch (cause) {
      throw new ModelUnavailable("The model could not be loaded from the gateway.", { cause });
    }
  }

  async function isRight(entry: ModelEntry, bytes: ArrayBuffer): Promise<boolean> {
    if (entry.sha256.length === 0) return true;
    return entry.sha256.includes(toHex(await digest(bytes)));
  }

  return async function loadModel(entry: ModelEntry): Promise<ArrayBuffer> {
    const address = `${paths.modelFiles}/${encodeURIComponent(entry.file)}`;
    const bytes = await read(address, "default");
    if (await isRight(entry, bytes)) return bytes;
    // A copy that lies in a cache may be of an earlier model of that name.
    const fresh = await read(address, "reload");
    if (await isRight(entry, fresh)) return fresh;
    throw new ModelUnavailable("The model's file is not the one its checksum promises.");
  };
}
export type LoadModel = ReturnType<typeof createModelStore>;

const toHex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
