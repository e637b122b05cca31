import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import pg from "pg";

export type PostgresProcess = {
  /** `postgres://...`, on the loopback, without a password. */
  url: string;
  /** As a crash: nothing is flushed or said goodbye to, and the next start recovers. */
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

const START_LIMIT_MS = 30_000;
/** PostgreSQL refuses to run as root; `nobody` has this number on Debian and its kin. */
const NOBODY = 65_534;

/** The folder of `postgres` and `initdb`, null where there are none: a test that needs them is then skipped. */
export function findPostgres(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...folders, ...debianFolders()].find((folder) => canRun(join(folder, "initdb"))) ?? null;
}

/** A PostgreSQL of its own with empty data, on a free port. */
export async function startPostgres(binaries: string): Promise<PostgresProcess> {
  const folder = mkdtempSync(join(tmpdir(), "guarita-postgres-"));
  const isRoot = process.getuid?.() === 0;
  const asUser = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  const options = { ...asUser, cwd: folder, env: { ...process.env, HOME: folder, LC_ALL: "C" } };
  const data = join(folder, "data");
  const made = spawnSync(
    join(binaries, "initdb"),
    ["-D", data, "-U", "guarita", "-A", "trust", "-E", "UTF8", "--no-sync"],
    options,
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);

  const port = await freePort();
  const url = `postgres://guarita@127.0.0.1:${port}/postgres`;
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const settings = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories=", "fsync=off"];
    const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
    child = spawn(join(binaries, "postgres"), args, { ...options, stdio: "ignore" });
    await answers(url, child);
  }

  async function kill(): Promise<void> {
    const ending = child;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill("SIGQUIT");
    await once(ending, "exit");
  }

  await start();
  return {
    url,
    kill,
    start,
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (const untilMs = Date.now() + START_LIMIT_MS; Date.now() < untilMs; ) {
    if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}`);
    const client = new pg.Client(url);
    try {
      await client.connect();
      return;
    } catch {
      await new Promise((later) => setTimeout(later, 50)); // not yet
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error("postgres did not answer");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function debianFolders(): string[] {
  try {
    return readdirSync("/usr/lib/postgresql").map((version) => `/usr/lib/postgresql/${version}/bin`);
  } catch {
    return [];
  }
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
