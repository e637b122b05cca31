import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "@playwright/test";
import { paths } from "#contract/paths.ts";
import { ModelManifest } from "#contract/system.ts";
import { startCameras } from "../../support/cameras.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { hasRealModel, SHOP_SCENE } from "../../support/material.ts";
import { browserOptions } from "../browser.ts";
import { type Bench, quantile } from "../report.ts";
import { openUnwatched } from "../unwatched-page.ts";
import { NAIVE_PAGE } from "./naive-page.ts";
import { openNative } from "./native.ts";
import { reportStages, shownPicturesPerS, shownStages } from "./shown.ts";

/**
 * A key frame a second each: more than a core can look at, so that the station is never short of pictures, and no more,
 * for simulating cameras costs the cores that are measured.
 */
const CAMERAS = 20 * availableParallelism();
/** The page's own rate is over 10 s: it says nothing before, and little in its first seconds. */
const SETTLE_MS = 14_000;
const MEASURE_MS = 15_000;
/**
 * In turn, so that a machine that slows down slows both. Pictures looked at a second: by the station of one page, taps,
 * decoding, rules and events included, and by a page that feeds the same model the way a first try does. The station's
 * page shows no tiles, as an unattended one, and draws no figures of its cameras every second.
 */
export const rateBench: Bench = {
  name: "rate",
  async run(report, { rounds }) {
    const gateway = await startGateway({ mediamtx: false });
    const cameras = await startCameras({ clip: SHOP_SCENE, cameras: CAMERAS });
    const browser = await chromium.launch(browserOptions());
    const naive = await serveNaivePage(gateway);
    try {
      for (let i = 0; i < CAMERAS; i++) {
        await gateway.addCamera({ name: `Camera ${i}`, mainAddress: cameras.address(i) });
      }
      const station: number[] = [];
      const plain: number[] = [];
      const native = await openNative();
      const beside: number[] = [];
      let page = "";
      for (let round = 0; round < rounds; round++) {
        const measured = await stationRate(browser, `${gateway.url}/stations`);
        station.push(measured.rate);
        page = measured.stages;
        plain.push(await naiveRate(browser, naive.url));
        if (native.status === "open") beside.push(await native.picturesPerS(MEASURE_MS));
        report.note(`station ${station.at(-1)}, naive ${plain.at(-1)?.toFixed(1)} pictures a second`);
      }
      report.add("vision.pictures_per_s", quantile(station, 0.5), "pictures/s");
      report.add("vision.naive_pictures_per_s", quantile(plain, 0.5), "pictures/s");
      report.add("vision.vs_naive", quantile(ratios(station, plain), 0.5), "x");
      if (native.status === "open")
        report.add("vision.vs_native", quantile(ratios(station, beside), 0.5), "x");
      else report.skip("vision.vs_native", native.reason);
      reportStages(report, page);
    } finally {
      await browser.close();
      naive.close();
      await cameras.stop();
      await gateway.stop();
    }
  },
};

/** Of each round, so that a machine that slows down slows both. */
const ratios = (ours: number[], theirs: number[]): number[] =>
  ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN));

/** Middle of what the page's header says, once a second, and what it says of its steps at the end. */
async function stationRate(browser: Browser, url: string): Promise<{ rate: number; stages: string }> {
  const page = await openUnwatched(browser);
  try {
    await page.goto(url);
    await shownPicturesPerS(page);
    await sleep(SETTLE_MS);
    const rates: number[] = [];
    for (let second = 0; second < MEASURE_MS / 1_000; second++) {
      rates.push(await shownPicturesPerS(page));
      await sleep(1_000);
    }
    await page.evaluate(() => document.querySelector<HTMLElement>('a[href="/system"]')?.click());
    return { rate: quantile(rates, 0.5), stages: await shownStages(page) };
  } finally {
    await page.close();
  }
}

async function naiveRate(browser: Browser, url: string): Promise<number> {
  const page = await openUnwatched(browser);
  try {
    await page.goto(url);
    const looked = () => page.evaluate(() => (globalThis as unknown as { looked?: number }).looked ?? 0);
    await page.waitFor(() => {
      const count = (globalThis as unknown as { looked?: number }).looked ?? 0;
      return count > 5 ? count : null; // the first pictures warm the session up
    });
    const [before, startedAtMs] = [await looked(), performance.now()];
    await sleep(MEASURE_MS);
    return ((await looked()) - before) / ((performance.now() - startedAtMs) / 1_000);
  } finally {
    await page.close();
  }
}

/** Serves the naive page with the model the station runs, the same clip, and onnxruntime-web as it comes. */
async function serveNaivePage(gateway: Gateway) {
  const { models } = ModelManifest.parse(await (await fetch(gateway.url + paths.models)).json());
  const entry = models.find((model) => model.id === (hasRealModel() ? "yolox-nano" : "demo-people"));
  if (!entry) throw new Error("the gateway lists no model to measure with");
  const model = await fetch(`${gateway.url}${paths.modelFiles}/${entry.file}`);
  if (!model.ok) throw new Error(`the gateway does not serve ${entry.file}: ${model.status}`);
  const fileOf = (name: string) =>
    readFileSync(fileURLToPath(import.meta.resolve(`onnxruntime-web/${name}`)));
  const files: Record<string, { type: string; body: Uint8Array | string }> = {
    "/": { type: "text/html", body: NAIVE_PAGE },
    "/ort.mjs": { type: "text/javascript", body: fileOf("wasm") },
    "/ort-wasm-simd-threaded.wasm": {
      type: "application/wasm",
      body: fileOf("ort-wasm-simd-threaded.wasm"),
    },
    "/model.onnx": { type: "application/octet-stream", body: new Uint8Array(await model.arrayBuffer()) },
    "/clip.mp4": { type: "video/mp4", body: readFileSync(SHOP_SCENE) },
  };
  const server = createServer((request, response) => {
    const file = files[request.url ?? ""];
    response.writeHead(file ? 200 : 404, {
      "content-type": file?.type ?? "text/plain",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(file?.body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://localhost:${port}/`, close: () => server.close() };
}
