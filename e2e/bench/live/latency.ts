import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { takeKeyFrames } from "../../support/key-frames.ts";
import { type Bench, type BenchOptions, quantile, type Report } from "../report.ts";
import { ageMs, lookAt, samplesSince, type Timeline, untilSeen } from "./picture-watch.ts";
import { cameraName, mediamtxWays, pinnedWays, type Stage, tryMediamtxPages, withStage } from "./stage.ts";
import { firstPicture, openView, squareLayout, untilAllPlay, type Way } from "./view.ts";

const SETTLE_MS = 4_000;
const MEASURE_MS = 5_000;
/** With many tiles of HLS the players take longer to find their distance. */
const TILES_SETTLE_MS = 12_000;
const TILES_MEASURE_MS = 15_000;
const TILES = [4, 9];
/** Cameras, one a page, and how often the page is turned. */
const TURNED = 4;
const TURNS = 12;
const TURN_SETTLE_MS = 2_000;
const TURN_LIMIT_MS = 10_000;

type Round = { firstPictureMs: number; tilePictureMs: number; agesMs: number[] };

async function measureOnce(stage: Stage, way: Way, timeline: Timeline): Promise<Round> {
  const view = await openView(stage.browser, { way, looks: "all" });
  try {
    const first = await firstPicture(view);
    await sleep(SETTLE_MS);
    const fromMs = Date.now();
    await sleep(MEASURE_MS);
    const samples = await samplesSince(view.page, fromMs);
    return { ...first, agesMs: samples.map((sample) => ageMs(sample, timeline)) };
  } finally {
    await view.context.close();
  }
}

/** In each round every way is opened once, so that what else the machine does meets all of them. */
async function measureRounds(stage: Stage, ways: Way[], report: Report, rounds: number) {
  const timeline = await stage.cameras.timeline(0);
  const seen = new Map<string, (Round | undefined)[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      const measured = await measureOnce(stage, way, timeline).catch((error: unknown) => {
        report.fail(`live.${way.name}`, String(error));
        return undefined;
      });
      seen.get(way.name)?.push(measured?.agesMs.length ? measured : undefined);
    }
  }
  return seen;
}

function reportWay(report: Report, name: string, all: (Round | undefined)[]): void {
  const rounds = all.filter((round) => round !== undefined);
  if (rounds.length === 0) return;
  const ages = rounds.flatMap(({ agesMs }) => agesMs);
  report.add(`live.${name}.p50_ms`, quantile(ages, 0.5), "ms");
  report.add(`live.${name}.p95_ms`, quantile(ages, 0.95), "ms");
  const middle = (key: "firstPictureMs" | "tilePictureMs") =>
    quantile(
      rounds.map((round) => round[key]),
      0.5,
    );
  report.add(`live.${name}.first_picture_ms`, middle("firstPictureMs"), "ms");
  report.add(`live.${name}.tile_picture_ms`, middle("tilePictureMs"), "ms");
}

/** The middle of the rounds' ratios: both sides of one had the same minute of the machine. */
function reportRatio(
  report: Report,
  name: string,
  ours: (Round | undefined)[] = [],
  theirs: (Round | undefined)[] = [],
): void {
  for (const fraction of [0.5, 0.95]) {
    const ratios = ours.flatMap((round, index) => {
      const beside = theirs[index];
      return round && beside ? [quantile(round.agesMs, fraction) / quantile(beside.agesMs, fraction)] : [];
    });
    if (ratios.length > 0) report.add(`live.${name}.vs_page_p${fraction * 100}`, quantile(ratios, 0.5), "x");
  }
}

/** Glass to glass: from the moment the camera sends a picture to the animation frame that shows it, same machine. */
async function measureGlassToGlass(report: Report, { rounds }: BenchOptions): Promise<void> {
  await withStage({ count: 1, report }, async (stage) => {
    const pages = await tryMediamtxPages(stage, { count: 1, report });
    try {
      const ways = [...pinnedWays(stage), ...mediamtxWays(pages)];
      const seen = await measureRounds(stage, ways, report, rounds);
      for (const { name } of ways) reportWay(report, name, seen.get(name) ?? []);
      reportRatio(report, "webrtc", seen.get("webrtc"), seen.get("mediamtx_page"));
      reportRatio(report, "hls", seen.get("hls"), seen.get("mediamtx_hls_page"));
    } finally {
      await pages?.stop();
    }
  });
}

/** HLS where several tiles share what a browser allows one host. */
async function measureHlsTiles(report: Report, count: number): Promise<void> {
  await withStage({ count, report }, async (stage) => {
    const way = pinnedWays(stage).find(({ transport }) => transport === "hls");
    if (!way) return;
    const view = await openView(stage.browser, { way, looks: [], remembered: squareLayout(count) });
    await untilAllPlay(view.page, count, 60_000);
    const timelines = await Promise.all(Array.from({ length: count }, (_, i) => stage.cameras.timeline(i)));
    await sleep(TILES_SETTLE_MS);
    await lookAt(view.page, "all");
    const fromMs = Date.now() + 500; // the first look at each tile finds a picture of any age
    await sleep(TILES_MEASURE_MS);
    const ages = (await samplesSince(view.page, fromMs)).flatMap((sample) => {
      const timeline = timelines[Number(/\d+$/.exec(sample.name)?.[0]) - 1];
      return timeline ? [ageMs(sample, timeline)] : [];
    });
    report.add(`live.hls_${count}_tiles.p50_ms`, quantile(ages, 0.5), "ms");
    report.add(`live.hls_${count}_tiles.p95_ms`, quantile(ages, 0.95), "ms");
    await view.context.close();
  });
}

/** From turning the page to the first picture of the camera it shows then; all are tapped, as under analysis. */
async function measureTurns(report: Report): Promise<void> {
  await withStage({ count: TURNED, report }, async (stage) => {
    const taken = await takeKeyFrames(stage.gateway.url, stage.cameraIds);
    for (const way of pinnedWays(stage)) {
      const { page, context } = await openView(stage.browser, {
        way,
        looks: [],
        remembered: squareLayout(1),
      });
      await untilAllPlay(page, 1, 60_000);
      const timesMs: number[] = [];
      for (let turn = 0; turn < TURNS; turn++) {
        await sleep(TURN_SETTLE_MS);
        timesMs.push(await turnPage(page, cameraName((turn + 1) % TURNED)));
      }
      report.add(`live.${way.name}.next_tile_p50_ms`, quantile(timesMs, 0.5), "ms");
      report.add(`live.${way.name}.next_tile_max_ms`, Math.max(...timesMs), "ms");
      await context.close();
    }
    taken.close();
  });
}

async function turnPage(page: Page, shownThen: string): Promise<number> {
  await lookAt(page, [shownThen]);
  const turnedAtMs = Date.now();
  await page.keyboard.press("PageDown");
  await untilSeen(page, TURN_LIMIT_MS);
  return ((await samplesSince(page, turnedAtMs))[0]?.atMs ?? Number.NaN) - turnedAtMs;
}

export const latencyBench: Bench = {
  name: "latency",
  async run(report, options) {
    await measureGlassToGlass(report, options);
    await measureTurns(report).catch((error: unknown) => report.fail("live.next_tile", String(error)));
    for (const count of TILES)
      await measureHlsTiles(report, count).catch((error: unknown) =>
        report.fail(`live.hls_${count}_tiles`, String(error)),
      );
  },
};

/** The part of the spine: one tile alone. */
export const spineLiveBench: Bench = { name: "live", run: measureGlassToGlass };
