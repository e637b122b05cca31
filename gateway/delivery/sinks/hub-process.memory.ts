import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import Sqlite from "better-sqlite3";

const MAIN = resolve(import.meta.dirname, "..", "..", "start.mjs");

export type HubProcess = {
  url: string;
  /** SIGKILL, and started again on the same port and data; resolves when it is ready. */
  restart(): Promise<void>;
  /** Read from its database file. */
  storedReceipts(): string[];
  stop(): Promise<void>;
};

/** Another gateway in a process of its own, without cameras, media server or models. */
export async function startHub(): Promise<HubProcess> {
  const folder = mkdtempSync(join(tmpdir(), "guarita-hub-"));
  const dataDir = join(folder, "data");
  let child: ChildProcess | null = null;
  let port = "0";

  async function start(): Promise<string> {
    child = spawn(process.execPath, [MAIN], {
      env: {
        ...process.env,
        GUARITA_PORT: port,
        GUARITA_DATA: dataDir,
        GUARITA_MEDIAMTX: join(folder, "no-mediamtx"),
        GUARITA_MODELS: join(folder, "no-models"),
        GUARITA_LOG: "error",
        DATABASE_URL: "", // its file is read
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
      const found = /http:\/\/localhost:(\d+)/.exec(line);
      if (found?.[1]) {
        port = found[1];
        return found[0];
      }
    }
    throw new Error("the hub ended before it was ready");
  }

  async function kill(): Promise<void> {
    const ending = child;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill("SIGKILL");
    await once(ending, "exit");
  }

  return {
    url: await start(),
    restart: async () => {
      await kill();
      await start();
    },
    storedReceipts: () => {
      const db = new Sqlite(join(dataDir, "guarita.sqlite"), { readonly: true });
      try {
        return db.prepare<[], string>("select receipt_id from events").pluck().all();
      } finally {
        db.close();
      }
    },
    stop: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
