import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** SHA-256 of a file's content, in hex. Streams, so a large file neither fills the memory nor blocks. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

export type HashBook = ReturnType<typeof createHashBook>;

/** Remembers hashes by size and time of change, so that looking again costs a `stat`. */
export function createHashBook() {
  const known = new Map<string, { sizeBytes: number; changedAtMs: number; sha256: string }>();
  return {
    /** Undefined where there is no such file, or it cannot be read. */
    async hashOf(file: string): Promise<string | undefined> {
      try {
        const { size, mtimeMs } = await stat(file);
        const before = known.get(file);
        if (before?.sizeBytes === size && before.changedAtMs === mtimeMs) return before.sha256;
        const sha256 = await sha256Of(file);
        known.set(file, { sizeBytes: size, changedAtMs: mtimeMs, sha256 });
        return sha256;
      } catch {
        return undefined; // gone, a folder, or not ours to read: as good as absent
      }
    },
  };
}
