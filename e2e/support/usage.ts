import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Processor time of a process so far, seconds, user and system together. Linux and macOS. */
export function cpuSeconds(pid: number): number {
  if (process.platform === "linux") {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // the name in parentheses may hold spaces; utime and stime are fields 14 and 15, in ticks of 10 ms
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }
  const text = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" }).trim();
  return text.split(":").reduce((total, part) => total * 60 + Number(part), 0);
}

/** Resident memory of a process, MB. */
export function rssMb(pid: number): number {
  const kb = execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kb) / 1024;
}
