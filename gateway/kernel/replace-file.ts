import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Of a file that is new: for its owner alone. */
const NEW_MODE = 0o600;

/**
 * Writes a whole file so that it is the old one or the new one whenever the power goes. A link stays a link, and the
 * file keeps its mode. Rejects with the system's error; the old file is then untouched.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const file = await realpath(path).catch(() => path); // not there yet
  const mode = await stat(file).then(
    (found) => found.mode & 0o777,
    () => NEW_MODE,
  );
  const part = join(dirname(file), `.${randomUUID()}.part`);
  try {
    await writeDown(part, text, mode);
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** On the disk before the rename may be. */
async function writeDown(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.chmod(mode); // `open` takes the umask from it
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Windows has no way to; there the rename is on disk by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
