import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, quantile, type Report } from "../report.ts";
import { LIVE_FAULTS, type LiveFault } from "./faults.ts";
import { ageMs, type Sample, samplesSince, type Timeline } from "./picture-watch.ts";
import { ladderWay, pinnedWays, type Stage, withStage } from "./stage.ts";
import { firstPicture, openView, type View } from "./view.ts";

/** Between two faults: what counts failures forgets them once a picture has moved for a while. */
const STEADY_MS = 8_000;
const GIVE_UP_MS = 60_000;
const LOOK_MS = 100;
/** A picture moves when the next one is there within this time. */
const NEXT_WITHIN_MS = 1_000;

type Meeting = { backMs: number; stoodStill: boolean };

/**
 * The first picture that the camera sent after `sinceMs` and that was followed by another: what a player still shows
 * from before, or one picture that then stands, is not "back".
 */
function firstMoving(samples: Sample[], timeline: Timeline, sinceMs: number): Sample | undefined {
  return samples.find((sample, index) => {
    const next = samples[index + 1];
    const sentAtMs = sample.atMs - ageMs(sample, timeline);
    return sentAtMs >= sinceMs && next !== undefined && next.atMs - sample.atMs < NEXT_WITHIN_MS;
  });
}

async function untilMoving(view: View, timeline: Timeline, sinceMs: number): Promise<number | undefined> {
  while (Date.now() - sinceMs < GIVE_UP_MS) {
    const found = firstMoving(await samplesSince(view.page, sinceMs), timeline, sinceMs);
    if (found) return found.atMs;
    await sleep(LOOK_MS);
  }
  return undefined;
}

/** Whether for a second or more nothing new was shown. */
function stoodStill(samples: Sample[], fromMs: number, toMs: number): boolean {
  const times = [fromMs, ...samples.map(({ atMs }) => atMs).filter((atMs) => atMs < toMs), toMs];
  return times.some((atMs, index) => atMs - (times[index - 1] ?? fromMs) > NEXT_WITHIN_MS);
}

/** Every fault begins with pictures that move; a page that does not come back by itself is loaded anew. */
async function makeSteady(views: View[], timeline: Timeline, report: Report): Promise<void> {
  await Promise.all(
    views.map(async (view) => {
      if ((await untilMoving(view, timeline, Date.now())) !== undefined) return;
      report.note(`${view.way.name} was loaded anew`);
      await view.page.reload();
      await firstPicture(view);
    }),
  );
  await sleep(STEADY_MS);
}

/** One fault, once, on all pages at the same time. */
async function meet(
  stage: Stage,
  views: View[],
  fault: LiveFault,
  timeline: Timeline,
): Promise<(Meeting | undefined)[]> {
  const place = { ...stage, views };
  const beganAtMs = Date.now();
  await fault.begin(place);
  await sleep(fault.lastsMs);
  await fault.end(place);
  const overAtMs = fault.lastsMs > 0 ? Date.now() : beganAtMs;
  return Promise.all(
    views.map(async (view) => {
      const backAtMs = await untilMoving(view, timeline, overAtMs);
      if (backAtMs === undefined) return undefined;
      const during = await samplesSince(view.page, beganAtMs);
      return { backMs: backAtMs - overAtMs, stoodStill: stoodStill(during, beganAtMs, backAtMs) };
    }),
  );
}

function reportMeetings(report: Report, name: string, all: (Meeting | undefined)[]): number[] {
  if (all.length === 0) return [];
  const missing = all.filter((one) => one === undefined).length;
  const still = all.filter((one) => one?.stoodStill).length;
  if (missing > 0) report.note(`${name}: ${missing} of ${all.length} not back within ${GIVE_UP_MS / 1000} s`);
  if (missing + still < all.length)
    report.note(`${name}: ${all.length - missing - still} of ${all.length} never stood still for 1 s`);
  const times = all.map((one) => one?.backMs ?? GIVE_UP_MS);
  report.add(`${name}.p50`, quantile(times, 0.5), "ms");
  report.add(`${name}.max`, Math.max(...times), "ms");
  return times;
}

/** From the end of a fault to a picture that the camera sent after it and that moves, for each way and fault. */
export const lossBench: Bench = {
  name: "loss",
  async run(report, { rounds }) {
    await withStage({ count: 1, report }, async (stage) => {
      const ways = [...pinnedWays(stage), ladderWay(stage)];
      const views = await Promise.all(
        ways.map((way) => openView(stage.browser, { way, looks: "all", widthPx: 640, heightPx: 480 })),
      );
      await Promise.all(views.map(firstPicture));
      const timeline = await stage.cameras.timeline(0);
      const times: number[] = [];
      for (const fault of LIVE_FAULTS) {
        if (fault.name === "mediamtx_killed" && !stage.hasMedia) continue;
        const seen: (Meeting | undefined)[][] = [];
        for (let round = 0; round < rounds; round++) {
          await makeSteady(views, timeline, report);
          seen.push(await meet(stage, views, fault, timeline));
        }
        for (const [index, way] of ways.entries()) {
          if (!fault.meets(way)) continue;
          const name = `live.back_after_loss_ms.${way.name}.${fault.name}`;
          times.push(
            ...reportMeetings(
              report,
              name,
              seen.map((round) => round[index]),
            ),
          );
        }
      }
      report.add("live.back_after_loss_ms.p50", quantile(times, 0.5), "ms");
      report.add("live.back_after_loss_ms.max", Math.max(...times), "ms");
    });
  },
};
