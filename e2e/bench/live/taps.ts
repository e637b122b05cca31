import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "@playwright/test";
import { browserOptions } from "../browser.ts";
import type { Bench, Report } from "../report.ts";
import { measureTaps, type TappedGateway, tapsBench, withTappedGateway } from "../spine/taps.ts";
import { mediamtxPid } from "./mediamtx-pid.ts";
import { mediaObstacle } from "./stage.ts";
import { openView, squareLayout, tileStates, untilAllPlay, type Way } from "./view.ts";

const SETTLE_MS = 5_000;
/** Three rows of three out of the hundred. */
const WATCHED = 9;

/** What the gateway spends on 100 taps while a page shows 9 of the cameras; beside it MediaMTX, where that serves them. */
async function measureWatched(report: Report, tapped: TappedGateway, way: Way): Promise<void> {
  const browser = await chromium.launch(browserOptions());
  try {
    const { page } = await openView(browser, { way, looks: [], remembered: squareLayout(WATCHED) });
    await untilAllPlay(page, WATCHED, 60_000);
    await sleep(SETTLE_MS);
    const { pid } = tapped.gateway.process();
    const media = way.transport === "direct" ? undefined : mediamtxPid(pid);
    const { cpuPercents } = await measureTaps(tapped, media === undefined ? [pid] : [pid, media]);
    const name = `taps.cpu_percent_100_watched_${WATCHED}.${way.name}`;
    report.add(name, cpuPercents[0] ?? Number.NaN, "%");
    if (cpuPercents[1] !== undefined) report.add(`${name}.mediamtx`, cpuPercents[1], "%");
    report.note(`${name}: ${await tileStates(page)}`);
  } finally {
    await browser.close();
  }
}

/** 100 cameras with nobody watching, and with 9 of them on a page. */
export const liveTapsBench: Bench = {
  name: "taps",
  async run(report, options) {
    await tapsBench.run(report, options);
    // no station: what it would spend on this machine is not the gateway's
    await withTappedGateway({ mediamtx: true, analysed: false }, async (tapped) => {
      const { url } = tapped.gateway;
      await measureWatched(report, tapped, { name: "direct", url, transport: "direct" });
      const obstacle = await mediaObstacle(tapped.gateway);
      if (obstacle) report.skip(`taps.cpu_percent_100_watched_${WATCHED}.webrtc`, obstacle);
      else await measureWatched(report, tapped, { name: "webrtc", url, transport: "webrtc" });
    });
  },
};
