import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium } from "@playwright/test";
import { aQueuePayload } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { startGateway } from "../../support/gateway.ts";
import { offerEvents, openOutbox } from "../../support/outbox-page.ts";
import { browserOptions } from "../browser.ts";
import { type Bench, quantile } from "../report.ts";

const CALLS = 1_000;
const EVERY_MS = 25;

/** How long one who notices something waits until it is on the device's disk, while the page also sends. */
export const enqueueBench: Bench = {
  name: "enqueue",
  async run(report) {
    const gateway = await startGateway({ mediamtx: false });
    const browser = await chromium.launch(browserOptions());
    try {
      const { storeId } = await gateway.health();
      const page = await browser.newPage();
      await openOutbox(page, gateway.url);
      const offer = { each: 1, everyMs: EVERY_MS, storeId, payload: aQueuePayload() };
      await offerEvents(page, { ...offer, count: 100 }); // warms up
      const { tookMs } = await offerEvents(page, { ...offer, count: CALLS });
      report.add("enqueue.p50_ms", quantile(tookMs, 0.5), "ms");
      report.add("enqueue.p99_ms", quantile(tookMs, 0.99), "ms");
      await page.close();
      const bareMs = await bareTimes(browser, gateway.url + paths.health);
      report.add("enqueue.bare_p50_ms", quantile(bareMs, 0.5), "ms");
      report.add("enqueue.bare_p99_ms", quantile(bareMs, 0.99), "ms");
      const diskMs = await diskTimes();
      report.add("enqueue.disk_p50_ms", quantile(diskMs, 0.5), "ms");
      report.add("enqueue.disk_p99_ms", quantile(diskMs, 0.99), "ms");
    } finally {
      await browser.close();
      await gateway.stop();
    }
  },
};

/** How long the browser alone takes: a row and a counter, one strict transaction, in a page that does nothing else. */
async function bareTimes(browser: Browser, url: string): Promise<number[]> {
  const page = await browser.newPage();
  await page.goto(url);
  return page.evaluate(
    async ({ calls, everyMs, json }) => {
      const opened = indexedDB.open("bare");
      opened.onupgradeneeded = () => {
        const rows = opened.result.createObjectStore("rows", { autoIncrement: true });
        rows.createIndex("id", "id", { unique: true });
        opened.result.createObjectStore("counters");
      };
      await new Promise((resolve) => {
        opened.onsuccess = resolve;
      });
      const put = () =>
        new Promise((resolve) => {
          const stores = ["rows", "counters"];
          const change = opened.result.transaction(stores, "readwrite", { durability: "strict" });
          change.oncomplete = resolve;
          change.objectStore("rows").add({ id: crypto.randomUUID(), json });
          const counters = change.objectStore("counters");
          const created = counters.get("created");
          created.onsuccess = () => counters.put((created.result ?? 0) + 1, "created");
        });
      const tookMs: number[] = [];
      for (let call = 0; call < calls; call += 1) {
        const startedAtMs = performance.now();
        await put();
        tookMs.push(performance.now() - startedAtMs);
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
      return tookMs;
    },
    { calls: CALLS, everyMs: EVERY_MS, json: JSON.stringify(aQueuePayload()) },
  );
}

/** How long the disk takes to keep a kilobyte for good: no promise that an event is kept can come sooner. */
async function diskTimes(): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "guarita-disk-"));
  const file = await open(join(folder, "file"), "a");
  const tookMs: number[] = [];
  try {
    for (let call = 0; call < CALLS; call += 1) {
      const startedAtMs = performance.now();
      await file.write(Buffer.alloc(1_024, "x"));
      await file.datasync();
      tookMs.push(performance.now() - startedAtMs);
      await sleep(EVERY_MS);
    }
    return tookMs;
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}
