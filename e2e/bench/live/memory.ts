import { setTimeout as sleep } from "node:timers/promises";
import type { CDPSession } from "@playwright/test";
import { rssMb } from "../../support/usage.ts";
import type { Bench, Report } from "../report.ts";
import { renderersRssMb } from "./browser-usage.ts";
import { type Point, slopePerHour } from "./slope.ts";
import { ladderWay, withStage } from "./stage.ts";
import { openView, squareLayout, tileStates, untilAllPlay } from "./view.ts";

const TILES = 16;
const OPEN_TIMEOUT_MS = 60_000;
/** Caches fill and code is compiled: the beginning is not looked at. */
const WARM_UP_MS = 60_000;
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

/** What 16 playing tiles take, and how it creeps: slope of a straight line, with its standard error. */
export const memoryBench: Bench = {
  name: "memory",
  async run(report, { minutes }) {
    await withStage({ count: TILES, report }, async (stage) => {
      const { page } = await openView(stage.browser, {
        way: ladderWay(stage),
        looks: [],
        remembered: squareLayout(TILES),
      });
      await untilAllPlay(page, TILES, OPEN_TIMEOUT_MS);
      const session = await page.context().newCDPSession(page);
      await session.send("Performance.enable");
      const lastsMs = minutes * 60_000;
      await sleep(Math.min(WARM_UP_MS, lastsMs / 2));
      const [heap, renderers, gateway]: [Point[], Point[], Point[]] = [[], [], []];
      const untilMs = Date.now() + lastsMs;
      while (Date.now() < untilMs) {
        const atMs = Date.now();
        heap.push({ atMs, value: await heapMb(session) });
        renderers.push({ atMs, value: await renderersRssMb(stage.browser) });
        gateway.push({ atMs, value: rssMb(stage.gateway.process().pid) });
        await sleep(EVERY_MS);
      }
      reportSlope(report, "live.heap", heap);
      reportSlope(report, "live.page_rss", renderers);
      reportSlope(report, "live.gateway_rss", gateway);
      report.note(`at the end: ${await tileStates(page)}`);
    });
  },
};
