import { execFileSync } from "node:child_process";

/** The MediaMTX that is a child of this gateway, and no other. Linux and macOS. */
export function mediamtxPid(gatewayPid: number): number | undefined {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).split("\n");
  for (const line of lines) {
    const [pid, parent, program] = line.trim().split(/\s+/);
    if (Number(parent) === gatewayPid && program?.includes("mediamtx")) return Number(pid);
  }
  return undefined;
}
