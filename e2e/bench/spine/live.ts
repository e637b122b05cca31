import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import { readSceneClock } from "#contract/scene-clock.ts";
import { startCameras } from "../../support/cameras.ts";
import { freePort, startGateway } from "../../support/gateway.ts";
import { hasMediamtx, NO_MEDIAMTX, SHOP_SCENE } from "../../support/material.ts";
import { browserOptions } from "../browser.ts";
import { type Bench, quantile, type Report } from "../report.ts";

const SETTLE_MS = 5_000;
const MEASURE_MS = 15_000;
/** A first picture is measured this often, each time on a page of its own. */
const OPENINGS = 5;

type Timeline = { startedAtMs: number; clipMs: number };
type Sample = { atMs: number; clockMs: number };

/**
 * Watches the page's only picture: on every animation frame it is drawn, and its clock read. A sample is kept when the
 * clock shows something new. The text runs inside the page; `readClock` is the contract's own function.
 */
function watchPicture(readClock: string): string {
  return `(() => {
    const readSceneClock = ${readClock};
    const samples = globalThis.pictureSamples = [];
    const canvas = new OffscreenCanvas(640, 360);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    let last = -1;
    const look = () => {
      requestAnimationFrame(look);
      if (document.querySelector("article, video")) globalThis.tileShownAtMs ??= performance.timeOrigin + performance.now();
      const picture = document.querySelector("article video, article canvas[data-transport], video, canvas[data-transport]");
      const width = picture instanceof HTMLVideoElement ? picture.videoWidth : picture?.width;
      if (!width) return;
      context.drawImage(picture, 0, 0, 640, 360);
      const { data } = context.getImageData(0, 0, 640, 360);
      const clockMs = readSceneClock(data, 640, 360, 4, 1);
      if (clockMs === undefined || clockMs === last) return;
      last = clockMs;
      samples.push({ atMs: performance.timeOrigin + performance.now(), clockMs });
    };
    requestAnimationFrame(look);
  })()`;
}

/** How long ago the camera sent what a sample shows. */
function ageMs(sample: Sample, { startedAtMs, clipMs }: Timeline): number {
  const dueMs = (sample.atMs - startedAtMs) % clipMs;
  return (dueMs - sample.clockMs + clipMs) % clipMs;
}

const samplesOf = (page: Page): Promise<Sample[]> =>
  page.evaluate(() => (globalThis as unknown as { pictureSamples: Sample[] }).pictureSamples);

/** Opens `url`, and gives the time to the first picture and the ages seen once it has settled. */
async function watch(browser: Browser, url: string, timeline: Timeline, transport?: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    if (transport)
      await page.addInitScript((name) => localStorage.setItem("guarita.transport", name), transport);
    await page.addInitScript(watchPicture(readSceneClock.toString()));
    const openedAtMs = Date.now();
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(
      () => (globalThis as unknown as { pictureSamples?: unknown[] }).pictureSamples?.length,
      null,
      {
        timeout: 20_000,
      },
    );
    const firstAtMs = (await samplesOf(page))[0]?.atMs ?? 0;
    const tileShownAtMs = await page.evaluate(
      () => (globalThis as unknown as { tileShownAtMs: number }).tileShownAtMs,
    );
    return {
      firstPictureMs: firstAtMs - openedAtMs,
      tilePictureMs: firstAtMs - tileShownAtMs,
      settle: async () => {
        await sleep(SETTLE_MS);
        const skip = (await samplesOf(page)).length;
        await sleep(MEASURE_MS);
        return (await samplesOf(page)).slice(skip).map((sample) => ageMs(sample, timeline));
      },
      close: () => context.close(),
    };
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function measure(report: Report, name: string, open: () => ReturnType<typeof watch>): Promise<void> {
  const first: number[] = [];
  const tile: number[] = [];
  let ages: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const view = await open();
    first.push(view.firstPictureMs);
    tile.push(view.tilePictureMs);
    if (i === OPENINGS - 1) ages = await view.settle();
    await view.close();
  }
  report.add(`live.${name}.p50_ms`, quantile(ages, 0.5), "ms");
  report.add(`live.${name}.p95_ms`, quantile(ages, 0.95), "ms");
  report.add(`live.${name}.first_picture_ms`, quantile(first, 0.5), "ms");
  report.add(`live.${name}.tile_picture_ms`, quantile(tile, 0.5), "ms");
}

/** MediaMTX as it comes, with its own page, pulling the same camera on demand. */
async function startMediamtx(address: string) {
  const folder = mkdtempSync(join(tmpdir(), "guarita-bench-mtx-"));
  const [webrtc, rtsp, udp] = await Promise.all([freePort(), freePort(), freePort()]);
  const config = [
    "logLevel: error",
    "rtmp: no",
    "srt: no",
    "moq: no",
    "hls: no",
    `rtspAddress: 127.0.0.1:${rtsp}`,
    "rtspTransports: [tcp]",
    `webrtcAddress: 127.0.0.1:${webrtc}`,
    `webrtcLocalUDPAddress: 127.0.0.1:${udp}`,
    "paths:",
    "  cam:",
    `    source: ${address}`,
    "    rtspTransport: tcp",
    "    sourceOnDemand: yes",
  ];
  const file = join(folder, "mediamtx.yml");
  writeFileSync(file, `${config.join("\n")}\n`);
  const child = spawn(process.env.GUARITA_MEDIAMTX ?? "mediamtx", [file], { cwd: folder, stdio: "ignore" });
  await sleep(1_500);
  return {
    page: `http://127.0.0.1:${webrtc}/cam/`,
    async stop() {
      child.kill();
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Glass to glass: from the moment the camera sends a picture to the animation frame that shows it, same machine. */
export const liveBench: Bench = {
  name: "live",
  async run(report) {
    const cameras = await startCameras({ clip: SHOP_SCENE });
    const gateway = await startGateway();
    const browser = await chromium.launch(browserOptions());
    try {
      await gateway.addCamera({ name: "Camera", mainAddress: cameras.address(0), analysed: false });
      const timeline = await cameras.timeline(0);
      const ways = hasMediamtx() ? ["webrtc", "hls", "direct"] : ["direct"];
      if (!hasMediamtx()) report.skip("live.webrtc, live.hls, live.mediamtx_page", NO_MEDIAMTX);
      for (const way of ways) await measure(report, way, () => watch(browser, gateway.url, timeline, way));
      if (!hasMediamtx()) return;
      const mediamtx = await startMediamtx(cameras.address(0));
      try {
        await measure(report, "mediamtx_page", () => watch(browser, mediamtx.page, timeline));
      } finally {
        await mediamtx.stop();
      }
    } finally {
      await browser.close();
      await gateway.stop();
      await cameras.stop();
    }
  },
};
