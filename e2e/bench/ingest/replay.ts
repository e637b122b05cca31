import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium, type Page } from "@playwright/test";
import Sqlite from "better-sqlite3";
import { aQueuePayload } from "#contract/examples.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { crash, offerEvents, openOutbox } from "../../support/outbox-page.ts";
import { browserOptions } from "../browser.ts";
import { type Bench, quantile } from "../report.ts";

const WAITING = 10_000;
/** So much has arrived when something is killed. */
const KILLED_AT = 3_000;
const LONGEST_MS = 120_000;

type Killed = "nothing" | "gateway" | "page";
type Replayed = { seconds: number; lost: number; twice: number };

function countRows({ dataDir }: Gateway): number {
  const db = new Sqlite(join(dataDir, "guarita.sqlite"), { readonly: true });
  try {
    return Number(db.prepare("select count(*) from events").pluck().get());
  } finally {
    db.close();
  }
}

/** Gives up after a while: what is missing then is lost. */
async function untilStored(gateway: Gateway, count: number): Promise<void> {
  const untilMs = performance.now() + LONGEST_MS;
  while (countRows(gateway) < count && performance.now() < untilMs) await sleep(10);
}

/** Events wait in the browser, which is offline; from the moment it is online until all are on the gateway's disk. */
async function replay(browser: Browser, killed: Killed): Promise<Replayed> {
  const gateway = await startGateway({ mediamtx: false });
  const context = await browser.newContext();
  try {
    const { storeId } = await gateway.health();
    const page: Page = await context.newPage();
    await openOutbox(page, gateway.url);
    await context.setOffline(true);
    const offer = { count: WAITING, each: 100, everyMs: 0, storeId, payload: aQueuePayload() };
    const { receipts } = await offerEvents(page, offer);
    if (countRows(gateway) > 0) throw new Error("events arrived although the browser was offline");
    const startedAtMs = performance.now();
    await context.setOffline(false);
    if (killed !== "nothing") await untilStored(gateway, KILLED_AT);
    if (killed === "gateway") {
      await gateway.kill();
      await gateway.start();
    }
    if (killed === "page") {
      await crash(context, page);
      await page.close();
      await openOutbox(await context.newPage(), gateway.url);
    }
    await untilStored(gateway, WAITING);
    const seconds = (performance.now() - startedAtMs) / 1000;
    const stored = gateway.storedEvents().map((event) => event.receipt_id);
    const distinct = new Set(stored);
    const lost = receipts.filter((receipt) => !distinct.has(receipt)).length;
    return { seconds, lost, twice: stored.length - distinct.size };
  } finally {
    await context.close();
    await gateway.stop();
  }
}

/** 10,000 events that waited for the network, and the same with either side killed on the way. */
export const replayBench: Bench = {
  name: "replay",
  async run(report, { rounds }) {
    const browser = await chromium.launch(browserOptions());
    try {
      const plain: Replayed[] = [];
      for (let round = 0; round < rounds; round += 1) plain.push(await replay(browser, "nothing"));
      const disturbed = [await replay(browser, "gateway"), await replay(browser, "page")];
      const sum = (name: "lost" | "twice") =>
        [...plain, ...disturbed].reduce((total, replayed) => total + replayed[name], 0);
      report.add(
        "replay.10000_s",
        quantile(
          plain.map(({ seconds }) => seconds),
          0.5,
        ),
        "s",
      );
      report.add("replay.lost", sum("lost"), "events");
      report.add("replay.twice", sum("twice"), "events");
      if (sum("lost") + sum("twice") > 0) report.fail("replay", "events were lost or came twice");
    } finally {
      await browser.close();
    }
  },
};
