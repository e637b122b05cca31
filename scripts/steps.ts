import { type SpawnOptions, spawn } from "node:child_process";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..");

export type Skip = { name: string; reason: string };
export type Tally = { passed: number; failed: number; skips: Skip[] };

/** The exit status of a program of node_modules/.bin, run with the inherited terminal. */
export function run(program: string, args: string[], options: SpawnOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(ROOT, "node_modules", ".bin", program), args, {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32",
      ...options,
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** A gate that passes or fails as one. */
export async function gate(name: string, work: () => Promise<number>): Promise<Tally> {
  console.log(`\n== ${name}`);
  const startedAtMs = Date.now();
  const code = await work().catch((error: unknown) => {
    console.error(error);
    return 1;
  });
  const passed = code === 0;
  console.log(
    `   ${name}: ${passed ? "passed" : "FAILED"} in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`,
  );
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skips: [] };
}

export function sum(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
    skips: tallies.flatMap((tally) => tally.skips),
  };
}

/** Prints every skip with its reason and, as the last line, the real sums. Sets the exit code. */
export function close(tallies: Tally[]): void {
  const { passed, failed, skips } = sum(tallies);
  if (skips.length > 0) console.log("\nSkipped:");
  for (const { name, reason } of skips) console.log(`  ${name}: ${reason}`);
  console.log(`\n${passed} passed, ${failed} failed, ${skips.length} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}
