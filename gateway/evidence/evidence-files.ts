import { mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The files of pictures. Every name is made by the gateway: nothing that was sent becomes a path. */
export type EvidenceFiles = {
  /** On disk, whole, under `name` when it resolves; on any failure nothing is left under it. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** One that is not there is fine. */
  remove(name: string): Promise<void>;
  /** Days that have files, oldest first. */
  days(): Promise<string[]>;
  /** Of one day: each file's name, as `write` knew it, and its age. */
  ofDay(day: string): Promise<{ name: string; ageMs: number }[]>;
  /** Removes the day's folder where it is empty. */
  closeDay(day: string): Promise<void>;
  /** Removes what a crash left half written. */
  clearIncoming(): Promise<void>;
  /** Where the file of that name lies. */
  pathOf(name: string): string;
};

const DAY = /^\d{4}-\d\d-\d\d$/;
const INCOMING = "incoming";

/** The name of a new picture: a folder a day, so that no folder grows without end. */
export const fileNameOf = (id: string, atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 10)}/${id}.jpg`;

/** `folder` is made where it is missing. */
export function createEvidenceFiles(folder: string, nowMs: () => number): EvidenceFiles {
  const incoming = join(folder, INCOMING);
  const pathOf = (name: string): string => join(folder, name);
  let written = 0;

  return {
    pathOf,
    async write(name, bytes) {
      const path = pathOf(name);
      const part = join(incoming, `${process.pid}-${nowMs()}-${written++}.part`);
      await mkdir(incoming, { recursive: true, mode: 0o700 });
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await writeThrough(part, bytes);
        await rename(part, path);
        await syncFolder(dirname(path));
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined); // the disk is the trouble; `clearIncoming` gets it
        throw error;
      }
    },
    remove: (name) => rm(pathOf(name), { force: true }),
    async days() {
      const entries = await readdir(folder).catch(() => []); // nothing was ever stored
      return entries.filter((entry) => DAY.test(entry)).sort();
    },
    async ofDay(day) {
      const found = [];
      for (const entry of await readdir(join(folder, day))) {
        const { mtimeMs } = await stat(join(folder, day, entry));
        found.push({ name: `${day}/${entry}`, ageMs: nowMs() - mtimeMs });
      }
      return found;
    },
    async closeDay(day) {
      await rmdir(join(folder, day)).catch(() => undefined); // it is not empty
    },
    clearIncoming: () => rm(incoming, { recursive: true, force: true }),
  };
}

/** Resolves when the bytes are on the disk, not merely in its cache. */
async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is only durable once its folder is; where a system cannot sync folders (Windows) it does so by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
