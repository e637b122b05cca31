import { setTimeout as sleep } from "node:timers/promises";
import { type Bench, quantile, type Report } from "../report.ts";
import { LIVE_FAULTS, type LiveFault } from "./faults.ts";
import { ageMs, type Sample, samplesSince, type Timeline } from "./picture-watch.ts";
import { ladderWay, pinnedWays, type Stage, withStage } from "./stage.ts";
import { firstPicture, openView, type View } from "./view.ts";

const GIVE_UP_MS = 60_000;
const LOOK_MS = 200;
/** Without anything new for so long a picture stands. */
const STANDS_MS = 2_000;
/**
 * "Back" is what lasts so long: after a gateway was killed, its orphaned MediaMTX still plays until the new one ends
 * it. Between two faults it also gives what counts failures the time to forget them.
 */
const LASTING_MS = 10_000;

type Meeting = { backMs: number; stood: boolean };

/** The first picture that the camera sent after `sinceMs` and from which on none stood; undefined before that is sure. */
function firstLasting(samples: Sample[], timeline: Timeline, sinceMs: number): number | undefined {
  let first: number | undefined;
  let last = sinceMs;
  for (const sample of samples) {
    if (sample.atMs - ageMs(sample, timeline) < sinceMs) continue; // shown after the fault, sent before its end
    if (first === undefined || sample.atMs - last > STANDS_MS) first = sample.atMs;
    last = sample.atMs;
    if (last - first >= LASTING_MS) return first;
  }
  return undefined;
}

async function untilMoving(view: View, timeline: Timeline, sinceMs: number): Promise<number | undefined> {
  while (Date.now() - sinceMs < GIVE_UP_MS + LASTING_MS) {
    const found = firstLasting(await samplesSince(view.page, sinceMs), timeline, sinceMs);
    if (found !== undefined) return found;
    await sleep(LOOK_MS);
  }
  return undefined;
}

/** Whether the picture stood at all, or the fault was not seen. */
function stood(samples: Sample[], fromMs: number, toMs: number): boolean {
  const shown = samples.map(({ atMs }) => atMs).filter((atMs) => atMs < toMs);
  return [...shown, toMs].some((atMs, index) => atMs - (shown[index - 1] ?? fromMs) > STANDS_MS);
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
      return { backMs: backAtMs - overAtMs, stood: stood(during, beganAtMs, backAtMs) };
    }),
  );
}

/** Every fault begins with pictures that move: a page that did not come back by itself is loaded anew. */
async function loadAnew(view: View, timeline: Timeline, report: Report): Promise<void> {
  report.note(`${view.way.name} is loaded anew`);
  await view.page.reload();
  await firstPicture(view);
  await untilMoving(view, timeline, Date.now());
}

async function meetRepeatedly(
  stage: Stage,
  views: View[],
  fault: LiveFault,
  timeline: Timeline,
  { report, rounds }: { report: Report; rounds: number },
): Promise<(Meeting | undefined)[][]> {
  const seen: (Meeting | undefined)[][] = [];
  for (let round = 0; round < rounds; round++) {
    const meetings = await meet(stage, views, fault, timeline);
    seen.push(meetings);
    for (const [index, view] of views.entries()) if (!meetings[index]) await loadAnew(view, timeline, report);
  }
  return seen;
}

function reportMeetings(report: Report, name: string, all: (Meeting | undefined)[]): number[] {
  const missing = all.filter((one) => one === undefined).length;
  const still = all.filter((one) => one?.stood).length;
  if (missing > 0) report.note(`${name}: ${missing} of ${all.length} not back within ${GIVE_UP_MS / 1000} s`);
  if (missing + still < all.length)
    report.note(
      `${name}: ${all.length - missing - still} of ${all.length} never stood for ${STANDS_MS / 1000} s`,
    );
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
      await Promise.all(views.map((view) => untilMoving(view, timeline, Date.now())));
      const times: number[] = [];
      for (const fault of LIVE_FAULTS) {
        if (fault.name === "mediamtx_killed" && !stage.hasMedia) continue;
        const seen = await meetRepeatedly(stage, views, fault, timeline, { report, rounds });
        for (const [index, way] of ways.entries()) {
          if (!fault.meets(way)) continue;
          const name = `live.back_after_loss_ms.${way.name}.${fault.name}`;
          const meetings = seen.map((round) => round[index]);
          times.push(...reportMeetings(report, name, meetings));
        }
      }
      report.add("live.back_after_loss_ms.p50", quantile(times, 0.5), "ms");
      report.add("live.back_after_loss_ms.max", Math.max(...times), "ms");
    });
  },
};
