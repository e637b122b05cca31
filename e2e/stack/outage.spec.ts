import { expect, type Page } from "@playwright/test";
import { aQueuePayload } from "#contract/examples.ts";
import { test } from "../support/fixtures.ts";
import type { Gateway } from "../support/gateway.ts";

const COUNT = 200;

/**
 * Makes 200 events through the page's own outbox. `guaritaEnqueue` is what the page offers to its own console in a
 * browser that is driven by a test (navigator.webdriver).
 */
function makeEvents(page: Page, storeId: string): Promise<string[]> {
  return page.evaluate(
    async ({ count, storeId, payload }) => {
      const enqueue = (globalThis as unknown as { guaritaEnqueue(events: object[]): Promise<void> })
        .guaritaEnqueue;
      const made: string[] = [];
      for (let i = 0; i < count; i++) {
        const receipt_id = crypto.randomUUID();
        made.push(receipt_id);
        const ts = new Date().toISOString();
        await enqueue([
          { receipt_id, event_name: "queue.detected", ts, store_id: storeId, source: "edge", payload },
        ]);
      }
      return made;
    },
    { count: COUNT, storeId, payload: aQueuePayload() },
  );
}

/** Opens the page for the first time; returns the store's id. */
async function open(page: Page, gateway: Gateway): Promise<string> {
  const { storeId } = await gateway.health();
  await page.goto(gateway.url);
  await page.waitForFunction(() => "guaritaEnqueue" in globalThis);
  // what must work without the gateway is there once the service worker has the page in its hands
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  return storeId;
}

/** Waits until every receipt is in the database; each once is the table's own promise, and is counted all the same. */
async function expectStored(gateway: Gateway, receipts: string[]): Promise<void> {
  const stored = () => gateway.storedEvents().map((event) => event.receipt_id);
  await expect
    .poll(() => stored().filter((id) => receipts.includes(id)).length, { timeout: 60_000 })
    .toBe(COUNT);
  expect(new Set(stored()).size).toBe(stored().length);
}

test("events made while the gateway is dead arrive by themselves, each once", async ({
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  const storeId = await open(page, gateway);
  await gateway.kill();
  const receipts = await makeEvents(page, storeId);
  await gateway.start();
  await expectStored(gateway, receipts);
});

test("events survive the page being closed before the gateway is back", async ({
  context,
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  const storeId = await open(page, gateway);
  await gateway.kill();
  const receipts = await makeEvents(page, storeId);
  await page.close();
  await gateway.start();
  await (await context.newPage()).goto(gateway.url);
  await expectStored(gateway, receipts);
});

test("events made while the browser is offline arrive when it is online again", async ({
  context,
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  const storeId = await open(page, gateway);
  await context.setOffline(true);
  const receipts = await makeEvents(page, storeId);
  expect(gateway.storedEvents()).toEqual([]);
  await context.setOffline(false);
  await expectStored(gateway, receipts);
});

test("the page opens while the gateway is stopped, and knows its cameras", async ({
  context,
  page,
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  await gateway.addCamera({ name: "Till", mainAddress: "rtsp://127.0.0.1:9/cam" });
  await open(page, gateway);
  await expect(page.getByRole("article", { name: "Till" })).toBeVisible();
  await gateway.kill();
  const later = await context.newPage();
  await later.goto(gateway.url);
  await expect(later.getByRole("article", { name: "Till" })).toBeVisible();
  await expect(later.getByText(/gateway/i).first()).toBeVisible();
});
