import { createReadStream } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Release } from "./releases.ts";

// `tar` and `fflate` are loaded once there is something to unpack: most starts find a MediaMTX that is here already

/** The licence travels with the program. */
const wanted = (release: Release) => [release.binary, "LICENSE"];

/**
 * Takes the program and its licence out of a verified archive into `folder`, which appears whole or not at all.
 * Returns the program's file. Rejects when the archive lacks it.
 */
export async function unpackRelease(archive: string, release: Release, folder: string): Promise<string> {
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  if (release.archive === "zip") await unzip(archive, wanted(release), unfinished);
  else await untar(archive, wanted(release), unfinished);
  await chmod(join(unfinished, release.binary), 0o755);
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await rename(unfinished, folder);
  return join(folder, release.binary);
}

async function untar(archive: string, names: string[], into: string): Promise<void> {
  const filter = (path: string) => names.includes(path.replace(/^\.\//, ""));
  const { extract } = await import("tar");
  await pipeline(createReadStream(archive), extract({ cwd: into, filter, strict: true }));
}

async function unzip(archive: string, names: string[], into: string): Promise<void> {
  const { unzipSync } = await import("fflate");
  const files = unzipSync(await readFile(archive), { filter: ({ name }) => names.includes(name) });
  for (const name of names) {
    const content = files[name];
    if (content) await writeFile(join(into, name), content);
  }
}
