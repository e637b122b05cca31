import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "@playwright/test";
import Sqlite from "better-sqlite3";
import { startCameras } from "../../support/cameras.ts";
import { startGateway } from "../../support/gateway.ts";
import { SHOP_SCENE } from "../../support/material.ts";
import { browserOptions } from "../browser.ts";
import { type Bench, quantile } from "../report.ts";

const CAMERAS = 8;
const MEASURE_MS = 60_000;

/**
 * From the picture in which something happened (when its first packet reached the gateway) to its event on the
 * gateway's disk: tap, decoder, detector, rule, outbox, ingest. Each camera's queue starts and ends with the scene.
 */
export const eventBench: Bench = {
  name: "event",
  async run(report) {
    const cameras = await startCameras({ clip: SHOP_SCENE, cameras: CAMERAS });
    const gateway = await startGateway({ mediamtx: false });
    const browser = await chromium.launch(browserOptions());
    try {
      for (let i = 0; i < CAMERAS; i++) {
        await gateway.addCamera({ name: `Camera ${i}`, mainAddress: cameras.address(i), queueThreshold: 1 });
      }
      const page = await browser.newPage();
      await page.goto(gateway.url);
      await sleep(MEASURE_MS);
      const db = new Sqlite(join(gateway.dataDir, "guarita.sqlite"), { readonly: true });
      const rows = db
        .prepare("select ts, received_at from events where event_name = 'queue.detected'")
        .all() as { ts: string; received_at: string }[]; // both columns are text, see the migration
      db.close();
      const delays = rows.map((row) => Date.parse(row.received_at) - Date.parse(row.ts));
      report.add("event.frame_to_disk_p50_ms", quantile(delays, 0.5), "ms");
      report.add("event.frame_to_disk_p95_ms", quantile(delays, 0.95), "ms");
      report.add("event.frame_to_disk_samples", delays.length, "events");
    } finally {
      await browser.close();
      await gateway.stop();
      await cameras.stop();
    }
  },
};
