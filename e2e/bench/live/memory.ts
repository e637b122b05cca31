import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "@playwright/test";
import { rssMb } from "../../support/usage.ts";
import type { Bench, Report } from "../report.ts";
import { renderersRssMb } from "./browser-usage.ts";
import { serveFrames } from "./frames-page.ts";
import { type Point, slopePerHour } from "./slope.ts";
import { ladderWay, type Stage, tryMediamtxPages, withStage } from "./stage.ts";
import { openView, squareLayout, tileStates, untilAllPlay } from "./view.ts";

const TILES = 16;
const OPEN_TIMEOUT_MS = 60_000;
/** The browser's own pools fill for some eleven minutes of video: not looked at. */
const WARM_UP_MS = 720_000;
const EVERY_MS = 5_000;

/** What the page's objects take after all garbage is gone, MB. Workers of the page are not in it. */
async function heapMb(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN) / 1e6;
}

function reportSlope(report: Report, name: string, points: Point[]): void {
  const { slope, error } = slopePerHour(points);
  report.add(`${name}_mb`, points.at(-1)?.value ?? Number.NaN, "MB");
  report.add(`${name}_slope`, slope, "MB/h");
  report.add(`${name}_slope_error`, error, "MB/h");
}

/** Reads all values every few seconds, after a warm-up, as long as told. */
async function sample(
  minutes: number,
  values: Record<string, () => number | Promise<number>>,
): Promise<Map<string, Point[]>> {
  const lastsMs = minutes * 60_000;
  await sleep(WARM_UP_MS);
  const points = new Map(Object.keys(values).map((name): [string, Point[]] => [name, []]));
  const untilMs = Date.now() + lastsMs;
  while (Date.now() < untilMs) {
    const atMs = Date.now();
    for (const [name, read] of Object.entries(values)) points.get(name)?.push({ atMs, value: await read() });
    await sleep(EVERY_MS);
  }
  return points;
}

async function measureOurs(stage: Stage, report: Report, minutes: number): Promise<void> {
  const { page, context } = await openView(stage.browser, {
    way: ladderWay(stage),
    looks: [],
    remembered: squareLayout(TILES),
  });
  try {
    await untilAllPlay(page, TILES, OPEN_TIMEOUT_MS);
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable");
    const points = await sample(minutes, {
      "live.heap": () => heapMb(session),
      "live.page_rss": () => renderersRssMb(stage.browser),
      "live.gateway_rss": () => rssMb(stage.gateway.process().pid),
    });
    for (const [name, all] of points) reportSlope(report, name, all);
    report.note(`at the end: ${await tileStates(page)}`);
  } finally {
    await context.close();
  }
}

/** As many of MediaMTX's own WebRTC pages in one window: what the browser's WebRTC takes without any page of ours. */
async function measureTheirs(stage: Stage, report: Report, minutes: number): Promise<void> {
  const pages = await tryMediamtxPages(stage, { count: TILES, report });
  if (!pages) return;
  const wall = await serveFrames(Array.from({ length: TILES }, (_, index) => pages.webrtc(index)));
  const way = { name: "mediamtx_page", url: wall.url };
  const { context } = await openView(stage.browser, { way, looks: [] });
  try {
    const points = await sample(minutes, { "live.mediamtx_page_rss": () => renderersRssMb(stage.browser) });
    for (const [name, all] of points) reportSlope(report, name, all);
  } finally {
    await context.close();
    wall.stop();
    await pages.stop();
  }
}

/** What 16 playing tiles take, and how it creeps: slope of a straight line, with its standard error. */
export const memoryBench: Bench = {
  name: "memory",
  async run(report, { minutes }) {
    await withStage({ count: TILES, report }, async (stage) => {
      await measureOurs(stage, report, minutes);
      await measureTheirs(stage, report, minutes);
    });
  },
};
