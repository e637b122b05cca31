import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { startCameras } from "../../support/cameras.ts";
import { startGateway } from "../../support/gateway.ts";
import { longestGapMs, noteTicks, openTabs, type Tabs, ticksOf } from "../../support/hidden-tab.ts";
import { SHOP_SCENE } from "../../support/material.ts";
import { type Looks, looksOf, noteLooks } from "../../support/station-page.ts";
import { browserOptions } from "../browser.ts";
import { type Bench, quantile } from "../report.ts";

const CAMERAS = 6;
const MINUTE_MS = 60_000;
/** Chromium lets a hidden tab's timers run once a second for 5 minutes, and once a minute from then on. */
const GRACE_MS = 5 * MINUTE_MS;
/** A camera that is looked at once a second missed two turns. */
const GAP_MS = 3_000;
const OPENED_WITHIN_MS = 90_000;

/** A tab that nobody sees for 6 minutes, the last one under all that the browser does to it. */
export const hiddenBench: Bench = {
  name: "hidden",
  async run(report) {
    const gateway = await startGateway({ mediamtx: false });
    const cameras = await startCameras({ clip: SHOP_SCENE, cameras: CAMERAS });
    const tabs = await openTabs(browserOptions());
    try {
      for (let i = 0; i < CAMERAS; i++) {
        await gateway.addCamera({ name: `Camera ${i + 1}`, mainAddress: cameras.address(i) });
      }
      const page = await openStation(tabs, gateway.url);
      const shown = ratesOf(await lookedAtIn(page, MINUTE_MS), MINUTE_MS);
      await tabs.open();
      const visibility = await page.evaluate(() => document.visibilityState);
      if (visibility !== "hidden") return report.fail("vision.hidden_rate", "another tab hides none");
      const hiddenAtMs = Date.now();
      await sleep(GRACE_MS);
      const hidden = ratesOf(await lookedAtIn(page, MINUTE_MS), MINUTE_MS);
      report.add("vision.hidden_rate", quantile(hidden, 0.5), "x");
      report.add("vision.shown_rate", quantile(shown, 0.5), "x");
      const gaps = gapsOf(await looksOf(page), hiddenAtMs);
      report.add("vision.hidden_gaps", gaps.length, `over ${GAP_MS / 1_000} s`);
      const ticks = (await ticksOf(page)).filter((atMs) => atMs > hiddenAtMs);
      report.note(
        `the page's own timers were held up for ${(longestGapMs(ticks) / 1_000).toFixed(0)} s; longest gap of a camera ${Math.max(0, ...gaps) / 1_000} s`,
      );
    } finally {
      await tabs.close();
      await cameras.stop();
      await gateway.stop();
    }
  },
};

/** A page whose station looks at every camera. */
async function openStation(tabs: Tabs, url: string): Promise<Page> {
  const page = await tabs.open();
  await noteLooks(page);
  await noteTicks(page);
  await page.goto(`${url}/system`);
  await page.waitForFunction(
    (count) => Object.keys(globalThis.notedLooks ?? {}).length === count,
    CAMERAS,
    // the usual way, once a picture, would never look at a tab that draws none
    { timeout: OPENED_WITHIN_MS, polling: 1_000 },
  );
  return page;
}

/** From now on for so long. */
async function lookedAtIn(page: Page, lastsMs: number): Promise<Looks> {
  const fromMs = Date.now();
  await sleep(lastsMs);
  const looks = await looksOf(page);
  return Object.fromEntries(
    Object.entries(looks).map(([id, all]) => [
      id,
      all.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + lastsMs),
    ]),
  );
}

/** Looks of each camera beside the one a second that is asked. */
const ratesOf = (looks: Looks, lastsMs: number): number[] =>
  Object.values(looks).map(({ length }) => length / (lastsMs / 1_000));

/** Times without a look at a camera, ms, those that are too long. */
function gapsOf(looks: Looks, fromMs: number): number[] {
  return Object.values(looks).flatMap((all) => {
    const atMs = [fromMs, ...all.map((look) => look.atMs).filter((at) => at > fromMs), Date.now()];
    return atMs
      .slice(1)
      .map((at, index) => at - (atMs[index] ?? at))
      .filter((gapMs) => gapMs > GAP_MS);
  });
}
