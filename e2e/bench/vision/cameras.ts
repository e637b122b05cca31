import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { fillPath, paths } from "#contract/paths.ts";
import { startCameras } from "../../support/cameras.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { browserOptions } from "../browser.ts";
import type { Bench, Report } from "../report.ts";
import { watchStolen } from "../stolen.ts";
import { openUnwatched, type UnwatchedPage } from "../unwatched-page.ts";
import { makeScenes, type Scenes } from "./scenes.ts";
import { type ShownRate, shownRates } from "./shown.ts";

/** Of `share` cameras one shows people; the others nobody, and noise. `first` are tried first. */
const MIXES = {
  moving: { share: 1, first: 12 },
  half_still: { share: 2, first: 24 },
  mostly_still: { share: 10, first: 50 },
};
type Mix = (typeof MIXES)[keyof typeof MIXES];
const MORE = 1.3;
const LOOKS_BETWEEN = 2;
const AT_MOST = 200;
/** The page's rates. */
const RATES_OVER_MS = 11_000;
/** Held: nineteen of twenty cameras reach so much of 1/s, and none less than half. */
const REACHED = 0.9;
const STARVED = 0.5;
/** Cameras connect, and one that came is looked at oftener for its first minute, whatever it shows. */
const CALM_MS = 75_000;
/** Rates of a time in which others had more than this part of a virtual machine's processors say nothing of the page. */
const STOLEN_AT_MOST = 0.02;
const LOOKS_AT_MOST = 12;
/** The page counts looks for nine seconds: one more or less is a ninth, and says little of a camera's rate. */
const LOOKS_TOGETHER = 3;

/** How many cameras one page looks at once a second, found by adding cameras until it does not keep up. */
export const camerasBench: Bench = {
  name: "cameras",
  async run(report) {
    const scenes = tryScenes(report);
    if (!scenes) return;
    const longest: number[] = [];
    try {
      for (const [name, mix] of Object.entries(MIXES)) {
        const { held, longestTaskMs } = await findHeld(report, scenes, mix);
        report.add(`vision.cameras_${name}`, held, "cameras");
        longest.push(longestTaskMs);
      }
      report.add("vision.longest_task_ms", Math.max(...longest), "ms");
    } finally {
      scenes.remove();
    }
  },
};

function tryScenes(report: Report): Scenes | undefined {
  try {
    return makeScenes();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    for (const name of Object.keys(MIXES)) report.skip(`vision.cameras_${name}`, `no ffmpeg: ${reason}`);
    return undefined;
  }
}

async function findHeld(report: Report, scenes: Scenes, { share, first }: Mix) {
  const gateway = await startGateway({ mediamtx: false });
  const moving = await startCameras({ clip: scenes.moving, cameras: Math.ceil(AT_MOST / share) });
  const still = await startCameras({ clip: scenes.still, cameras: AT_MOST });
  const browser = await chromium.launch(browserOptions());
  try {
    const page = await openUnwatched(browser, watchLongTasks);
    await page.goto(`${gateway.url}/system`);
    const shelf = cameraShelf(gateway, (index) =>
      index % share === 0 ? moving.address(index / share) : still.address(index),
    );
    const isHeldWith = async (count: number): Promise<boolean> => {
      await shelf.setCount(count);
      const shown = await settledRates(page);
      report.note(`1 in ${share} with people, ${count} cameras: ${words(shown)}`);
      return isHeld(shown, count);
    };
    const held = await findLargest(first, isHeldWith);
    return {
      held,
      longestTaskMs: await page.evaluate(() => (globalThis as { longestTaskMs?: number }).longestTaskMs ?? 0),
    };
  } finally {
    await browser.close();
    await still.stop();
    await moving.stop();
    await gateway.stop();
  }
}

/** The largest count that is held: up in steps until one is not, then between the last two. */
async function findLargest(first: number, isHeldWith: (count: number) => Promise<boolean>): Promise<number> {
  let [held, tooMany] = [0, AT_MOST + 1];
  for (let wanted = first; wanted <= AT_MOST; wanted = Math.ceil(wanted * MORE)) {
    if (!(await isHeldWith(wanted))) {
      tooMany = wanted;
      break;
    }
    held = wanted;
  }
  for (let look = 0; look < LOOKS_BETWEEN && tooMany - held > 1; look += 1) {
    const between = Math.floor((held + tooMany) / 2);
    if (await isHeldWith(between)) held = between;
    else tooMany = between;
  }
  return held;
}

/** So many cameras at the gateway; more are added, and the last ones are removed. */
function cameraShelf(gateway: Gateway, addressOf: (index: number) => string) {
  const ids: string[] = [];
  return {
    async setCount(count: number): Promise<void> {
      while (ids.length < count) {
        const index = ids.length;
        ids.push(
          (await gateway.addCamera({ name: `Camera ${index + 1}`, mainAddress: addressOf(index) })).id,
        );
      }
      for (const id of ids.splice(count)) {
        const { ok, status } = await fetch(gateway.url + fillPath(paths.camera, { id }), {
          method: "DELETE",
        });
        if (!ok) throw new Error(`a camera was not removed: ${status}`);
      }
    },
  };
}

/** What each camera reaches in the mean of a few looks at an undisturbed machine, once those that came are calm. */
async function settledRates(page: UnwatchedPage): Promise<ShownRate[]> {
  await sleep(CALM_MS);
  const looks: ShownRate[][] = [];
  for (let look = 1; ; look += 1) {
    const stolen = watchStolen();
    await sleep(RATES_OVER_MS);
    const shown = await shownRates(page);
    if (stolen() <= STOLEN_AT_MOST) looks.push(shown);
    if (looks.length === LOOKS_TOGETHER || look === LOOKS_AT_MOST) return meanOf(shown, looks);
  }
}

/** The cameras of the last look, each with what it reached in the mean of these. */
function meanOf(last: ShownRate[], looks: ShownRate[][]): ShownRate[] {
  return last.map((shown) => {
    const reached = looks.flatMap(
      (rates) => rates.find(({ name }) => name === shown.name)?.reachedPerS ?? [],
    );
    if (reached.length === 0) return shown;
    return { ...shown, reachedPerS: reached.reduce((sum, one) => sum + one, 0) / reached.length };
  });
}

function isHeld(shown: ShownRate[], count: number): boolean {
  const parts = shown.map(({ reachedPerS, askedPerS }) => reachedPerS / askedPerS);
  const good = parts.filter((part) => part >= REACHED).length;
  return shown.length === count && good >= 0.95 * count && Math.min(...parts) >= STARVED;
}

function words(shown: ShownRate[]): string {
  const reached = shown.map(({ reachedPerS }) => reachedPerS).sort((a, b) => a - b);
  const still = shown.reduce((sum, { stillPercent }) => sum + stillPercent, 0) / Math.max(1, shown.length);
  return `${reached[0]?.toFixed(2)} to ${reached.at(-1)?.toFixed(2)} a second, ${still.toFixed(0)} % still`;
}

/** Runs inside the page and refers to nothing outside itself. */
function watchLongTasks(): void {
  const seen = globalThis as { longestTaskMs?: number };
  seen.longestTaskMs = 0;
  const startedAtMs = performance.now();
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      // Opening the page is not what is measured.
      if (startTime - startedAtMs < 10_000) continue;
      seen.longestTaskMs = Math.max(seen.longestTaskMs ?? 0, duration);
    }
  }).observe({ type: "longtask", buffered: true });
}
