import type { Browser } from "@playwright/test";
import { cpuSeconds, rssMb } from "../../support/usage.ts";

type Process = { pid: number; kind: string };

/** The processes of the browser, as it tells them itself: the browser, its GPU process, helpers, one or more renderers. */
async function processesOf(browser: Browser): Promise<Process[]> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return processInfo.map(({ id, type }) => ({ pid: id, kind: type }));
  } finally {
    await session.detach();
  }
}

/** Processor seconds so far, by process. */
async function cpuByProcess(browser: Browser): Promise<Map<number, number>> {
  const seen = new Map<number, number>();
  for (const { pid } of await processesOf(browser)) {
    try {
      seen.set(pid, cpuSeconds(pid));
    } catch {
      // it ended since it was told
    }
  }
  return seen;
}

/** What the whole browser spends while `wait` lasts, as a percentage of one core. */
export async function browserCpuPercent(browser: Browser, wait: () => Promise<void>): Promise<number> {
  const [before, startedAtMs] = [await cpuByProcess(browser), performance.now()];
  await wait();
  const seconds = (performance.now() - startedAtMs) / 1000;
  const spent = [...(await cpuByProcess(browser))].map(([pid, cpu]) => cpu - (before.get(pid) ?? 0));
  return (spent.reduce((total, cpu) => total + cpu, 0) / seconds) * 100;
}

/** Resident memory of the renderers, MB. */
export async function renderersRssMb(browser: Browser): Promise<number> {
  const renderers = (await processesOf(browser)).filter(({ kind }) => kind === "renderer");
  return renderers.reduce((total, { pid }) => total + rssMb(pid), 0);
}
