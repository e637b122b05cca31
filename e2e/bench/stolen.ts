import { readFileSync } from "node:fs";

type Times = { allTicks: number; stolenTicks: number };

/** Since the start of the machine: what its processors did, and what others on the same hardware took. */
function readTimes(): Times | null {
  try {
    const [, ...fields] = (/^cpu .*$/m.exec(readFileSync("/proc/stat", "utf8"))?.[0] ?? "").split(/\s+/);
    // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in user already
    const ticks = fields.slice(0, 8).map(Number);
    const stolenTicks = ticks[7];
    return stolenTicks === undefined ? null : { allTicks: ticks.reduce((sum, n) => sum + n, 0), stolenTicks };
  } catch {
    return null; // not Linux
  }
}

/**
 * Begins to count; call what it returns for the part of this machine's processor time, 0 to 1, that was given to
 * others since. 0 where no system tells.
 */
export function watchStolen(): () => number {
  const before = readTimes();
  return () => {
    const now = readTimes();
    if (!before || !now) return 0;
    return (now.stolenTicks - before.stolenTicks) / Math.max(1, now.allTicks - before.allTicks);
  };
}
