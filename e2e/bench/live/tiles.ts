import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "@playwright/test";
import { SHOP_SCENE_FPS } from "../../support/material.ts";
import type { Bench, Report } from "../report.ts";
import { browserCpuPercent } from "./browser-usage.ts";
import { serveFrames } from "./frames-page.ts";
import type { MediamtxPages } from "./mediamtx-pages.ts";
import { longTasksSince, lookAt, samplesSince } from "./picture-watch.ts";
import { cameraName, ladderWay, pinnedWays, type Stage, tryMediamtxPages, withStage } from "./stage.ts";
import { openView, squareLayout, tileStates, untilAllPlay, type View } from "./view.ts";

const COUNTS = [16, 36];
const OPEN_TIMEOUT_MS = 60_000;
const SETTLE_MS = 10_000;
const QUIET_MS = 20_000;
const LOOK_MS = 5_000;
/** Tiles looked at together: reading clocks must stay a small part of what the page does. */
const GROUP = 4;

/** A picture on a page: by the tile's name, or the only one of a frame. */
type Shown = { frame: Frame; name: string };

/** How many different pictures each showed out of those that its camera sent meanwhile. */
async function shownRatios(all: Shown[]): Promise<number[]> {
  const ratios: number[] = [];
  for (let from = 0; from < all.length; from += GROUP) {
    const group = all.slice(from, from + GROUP);
    const frames = [...new Set(group.map(({ frame }) => frame))];
    const namesIn = (frame: Frame) => group.filter((one) => one.frame === frame).map(({ name }) => name);
    for (const frame of frames) await lookAt(frame, namesIn(frame));
    const fromMs = Date.now();
    await sleep(LOOK_MS);
    const untilMs = Date.now();
    const samples = await Promise.all(frames.map((frame) => samplesSince(frame, fromMs)));
    for (const frame of frames) await lookAt(frame, []);
    const sent = (SHOP_SCENE_FPS * (untilMs - fromMs)) / 1000;
    for (const { frame, name } of group) {
      const mine = (samples[frames.indexOf(frame)] ?? []).filter((one) => one.name === name);
      const clocks = mine.filter(({ atMs }) => atMs < untilMs).map(({ clockMs }) => clockMs);
      ratios.push(new Set(clocks).size / sent);
    }
  }
  return ratios;
}

function reportRatios(report: Report, name: string, ratios: number[]): void {
  report.add(`${name}shown_ratio`, ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, "x");
  report.add(`${name}worst_tile_shown_ratio`, Math.min(...ratios), "x");
}

/** While nobody looks at the clocks: what the browser spends, a tile. */
async function measureCpu(report: Report, name: string, { browser }: Stage, count: number): Promise<void> {
  const cpu = await browserCpuPercent(browser, () => sleep(QUIET_MS));
  report.add(`${name}cpu_percent_tile`, cpu / count, "%");
}

async function measureOurs(stage: Stage, report: Report, view: View, count: number): Promise<void> {
  const { page, way } = view;
  const name = `live.tiles_${count}.${way.transport ? `${way.name}.` : ""}`;
  await untilAllPlay(page, count, OPEN_TIMEOUT_MS);
  await sleep(SETTLE_MS);
  const fromMs = Date.now();
  await measureCpu(report, name, stage, count);
  const tasks = await longTasksSince(page, fromMs);
  report.add(`${name}long_tasks_per_minute`, (tasks.length * 60_000) / QUIET_MS, "1/min");
  report.add(`${name}longest_task_ms`, Math.max(0, ...tasks), "ms");
  report.note(`${name}* ${await tileStates(page)}`);
  const names = Array.from({ length: count }, (_, index) => cameraName(index));
  reportRatios(
    report,
    name,
    await shownRatios(names.map((tile) => ({ frame: page.mainFrame(), name: tile }))),
  );
}

/** As many of MediaMTX's own WebRTC pages in one window, each in a frame of the size that a tile would have. */
async function measureTheirs(
  stage: Stage,
  report: Report,
  pages: MediamtxPages,
  count: number,
): Promise<void> {
  const name = `live.tiles_${count}.mediamtx_page.`;
  const wall = await serveFrames(Array.from({ length: count }, (_, index) => pages.webrtc(index)));
  const way = { name: "mediamtx_page", url: wall.url };
  const { page, context } = await openView(stage.browser, { way, looks: [] });
  try {
    await sleep(SETTLE_MS * 2);
    await measureCpu(report, name, stage, count);
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    reportRatios(report, name, await shownRatios(frames.map((frame) => ({ frame, name: "" }))));
  } finally {
    await context.close();
    wall.stop();
  }
}

async function measureCount(report: Report, count: number): Promise<void> {
  await withStage({ count, report }, async (stage) => {
    for (const way of [ladderWay(stage), ...pinnedWays(stage)]) {
      const view = await openView(stage.browser, { way, looks: [], remembered: squareLayout(count) });
      await measureOurs(stage, report, view, count)
        .catch((error: unknown) => report.fail(`live.tiles_${count}.${way.name}`, String(error)))
        .finally(() => view.context.close());
    }
    const pages = await tryMediamtxPages(stage, { count, report });
    if (!pages) return;
    await measureTheirs(stage, report, pages, count)
      .catch((error: unknown) => report.fail(`live.tiles_${count}.mediamtx_page`, String(error)))
      .finally(() => pages.stop());
  });
}

/** Pictures shown out of pictures sent with many tiles on one page, and what the page spends on it. */
export const tilesBench: Bench = {
  name: "tiles",
  async run(report) {
    for (const count of COUNTS) await measureCount(report, count);
  },
};
