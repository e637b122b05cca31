import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Logger } from "../kernel/logger.ts";
import { describeProcess, type ProcessDescription } from "./process-identity.ts";

/** What the gateway leaves on disk about its child, for the gateway that starts after a `kill -9`. */
const ChildRecord = z.object({
  pid: z.int().positive(),
  gatewayPid: z.int().positive(),
  /** With the number, this is one process and no other. */
  startedAt: z.string(),
  /** Stands in the child's command line. */
  configFile: z.string(),
});
export type ChildRecord = z.infer<typeof ChildRecord>;

/** Notes the child down, if it still runs. */
export async function recordChild(file: string, pid: number, configFile: string): Promise<void> {
  const description = await describeProcess(pid);
  if (!description) return;
  const record: ChildRecord = {
    pid,
    gatewayPid: process.pid,
    startedAt: description.startedAt,
    configFile,
  };
  await writeFile(file, JSON.stringify(record), { mode: 0o600 });
}

/**
 * Ends the child that an earlier gateway left behind when it was killed. A process that only got the same number, one
 * without our configuration in its command line, and the child of a gateway that still lives are left alone. Returns whether it ended one.
 */
export async function endOrphan(file: string, log: Logger): Promise<boolean> {
  const record = await readRecord(file);
  if (!record) return false;
  const found = await describeProcess(record.pid);
  const orphan = found && isOrphan(record, found);
  if (orphan) {
    log.warn({ pid: record.pid }, "ending the MediaMTX that an earlier gateway left behind");
    await endProcess(record.pid, found.startedAt);
  }
  if (orphan || !found) await rm(file, { force: true });
  return orphan ?? false;
}

export function isOrphan(record: ChildRecord, found: ProcessDescription): boolean {
  if (found.startedAt !== record.startedAt || !found.command.includes(record.configFile)) return false;
  return !(found.parentPid === record.gatewayPid && isAlive(record.gatewayPid));
}

async function readRecord(file: string): Promise<ChildRecord | undefined> {
  try {
    return ChildRecord.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined; // none, or cut off by a power loss, after which no child lives either
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // alive, but another user's
  }
}

/** Asks, ends it after 2 s, and waits until it is gone. Looks each time whether it is still the same process. */
async function endProcess(pid: number, startedAt: string): Promise<void> {
  for (let looked = 0; looked < 60; looked++) {
    if ((await describeProcess(pid))?.startedAt !== startedAt) return;
    if (looked === 0) signal(pid, "SIGTERM");
    if (looked === 40) signal(pid, "SIGKILL");
    await delay(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it went by itself meanwhile
  }
}
