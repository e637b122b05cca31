import { execFileSync } from "node:child_process";

export const NO_PRLIMIT = "no prlimit on this machine: a full disk cannot be had";

/** Linux has it (util-linux); it works on own processes without any right. */
export function hasPrlimit(): boolean {
  try {
    execFileSync("prlimit", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false; // that is the answer
  }
}

/**
 * Lets no file of the process grow beyond `maxBytes`, as on a disk that is full: a write beyond fails half way. Node
 * ignores the signal that comes with it. Null lifts it.
 */
export function limitFiles(pid: number, maxBytes: number | null): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${maxBytes ?? "unlimited"}:`]);
}
