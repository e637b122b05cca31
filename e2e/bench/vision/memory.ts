import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { startCameras } from "../../support/cameras.ts";
import { startGateway } from "../../support/gateway.ts";
import { SHOP_SCENE } from "../../support/material.ts";
import { browserOptions } from "../browser.ts";
import { renderersRssMb } from "../live/browser-usage.ts";
import { type Point, slopePerHour } from "../live/slope.ts";
import type { Bench } from "../report.ts";
import { openUnwatched } from "../unwatched-page.ts";
import { shownPicturesPerS } from "./shown.ts";

const CAMERAS = 12;
/** Models are compiled, and the browser's own pools fill for some eight minutes: not looked at. */
const WARM_UP_MS = 600_000;
const EVERY_MS = 5_000;

/** How the memory of a page creeps that analyses cameras: decoders, models and wasm with it. */
export const memoryBench: Bench = {
  name: "memory",
  async run(report, { minutes }) {
    const gateway = await startGateway({ mediamtx: false });
    const cameras = await startCameras({ clip: SHOP_SCENE, cameras: CAMERAS });
    const browser = await chromium.launch(browserOptions());
    try {
      for (let i = 0; i < CAMERAS; i++) {
        await gateway.addCamera({ name: `Camera ${i + 1}`, mainAddress: cameras.address(i) });
      }
      const page = await openUnwatched(browser);
      await page.goto(`${gateway.url}/system`);
      await shownPicturesPerS(page);
      await sleep(WARM_UP_MS);
      const points: Point[] = [];
      const untilMs = Date.now() + minutes * 60_000;
      while (Date.now() < untilMs) {
        points.push({ atMs: Date.now(), value: await renderersRssMb(browser) });
        await sleep(EVERY_MS);
      }
      const { slope, error } = slopePerHour(points);
      report.add("vision.page_rss_mb", points.at(-1)?.value ?? Number.NaN, "MB");
      report.add("vision.page_rss_slope", slope, "MB/h");
      report.add("vision.page_rss_slope_error", error, "MB/h");
    } finally {
      await browser.close();
      await cameras.stop();
      await gateway.stop();
    }
  },
};
