import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Ends what tests started and did not end themselves, and removes all of it. `$1` is the folder of the run. */
const CLEAN_UP = `
  cat >/dev/null
  for file in "$1"/*/data/postmaster.pid "$1"/*/pgbouncer.pid; do
    pid=$(head -n 1 "$file" 2>/dev/null)
    [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null || continue
    while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  done
  rm -rf "$1"`;

/**
 * Names the folder of the PostgreSQL server of this test run, which the first test that needs one starts; what else
 * tests start has a folder beside it. Its end waits
 * for the end of this process, however that comes: so no server is ever left behind.
 */
export function setup(): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "guarita-postgres-"));
  chmodSync(folder, 0o755);
  process.env.GUARITA_TEST_POSTGRES = join(folder, "postgres");
  const cleaner = spawn("sh", ["-c", CLEAN_UP, "sh", folder], {
    detached: true, // an interrupt from the keyboard is for this process alone
    stdio: ["pipe", "ignore", "ignore"],
  });
  const cleaned = new Promise<void>((done) => cleaner.once("exit", () => done()));
  return async () => {
    cleaner.stdin.end();
    await cleaned;
  };
}
