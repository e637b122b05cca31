import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../kernel/errors.ts";

/** A sender of more than so many times the limit is cut off instead of heard to the end. */
const HEARD_OUT_TIMES = 4;

export type ReceivedFile = {
  /** The caller's to move or to remove. */
  file: string;
  sha256: string;
};

/**
 * Writes what arrives into a new file of `folder`, never more than `limitBytes`. What is too large is still heard out,
 * or the sender would see a broken connection instead of the answer. Leaves nothing behind when it rejects.
 */
export async function receiveFile(
  folder: string,
  content: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<ReceivedFile> {
  const file = join(folder, `${randomUUID()}.part`);
  const handle = await openNew(folder, file);
  try {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    for await (const chunk of content) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes * HEARD_OUT_TIMES) break;
      if (sizeBytes > limitBytes) continue;
      hash.update(chunk);
      await write(handle, chunk);
    }
    if (sizeBytes > limitBytes) throw tooLarge(limitBytes);
    if (sizeBytes === 0) throw new GatewayError("model_broken", "The file is empty.");
    await handle.sync(); // the rename must not reach the disk before the content
    await handle.close();
    return { file, sha256: hash.digest("hex") };
  } catch (error) {
    await handle.close().catch(() => undefined); // closed already, or the disk is gone: the file goes anyway
    await rm(file, { force: true });
    throw error;
  }
}

export function tooLarge(limitBytes: number): GatewayError {
  const limit = Math.round(limitBytes / 1024 / 1024);
  return new GatewayError("body_too_large", `The file is larger than ${limit} MB, the most that is taken.`);
}

async function openNew(folder: string, file: string): Promise<FileHandle> {
  try {
    await mkdir(folder, { recursive: true });
    return await open(file, "wx");
  } catch (cause) {
    throw cannotWrite(cause);
  }
}

async function write(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  try {
    await handle.writeFile(chunk);
  } catch (cause) {
    throw cannotWrite(cause);
  }
}

const cannotWrite = (cause: unknown): GatewayError =>
  new GatewayError("storage_unavailable", "The model could not be written to the disk.", { cause });
