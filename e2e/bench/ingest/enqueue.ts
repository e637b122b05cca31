import { chromium } from "@playwright/test";
import { aQueuePayload } from "#contract/examples.ts";
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
    } finally {
      await browser.close();
      await gateway.stop();
    }
  },
};
