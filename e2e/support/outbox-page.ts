import type { BrowserContext, Page } from "@playwright/test";

/** Waits until the page offers its outbox, which it does to a driven browser alone. */
export async function openOutbox(page: Page, url: string, timeoutMs = 60_000): Promise<void> {
  await page.goto(url, { timeout: timeoutMs, waitUntil: "commit" });
  await page.waitForFunction(() => "guaritaEnqueue" in globalThis, null, { timeout: timeoutMs });
}

/** Ends the page's process, as a bug of the browser would; resolves when the browser has noticed. */
export async function crash(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  devtools.send("Page.crash").catch(() => {}); // nobody is left to answer
  await crashed;
}

type Offer = { count: number; each: number; everyMs: number; storeId: string; payload: object };
export type Offered = { receipts: string[]; tookMs: number[] };

/**
 * Gives the page's outbox `count` events, `each` at a time, and tells how long each call took until its promise: with
 * `everyMs` above 0 one call so often, otherwise one after the other.
 */
export function offerEvents(page: Page, offer: Offer): Promise<Offered> {
  return page.evaluate(async ({ count, each, everyMs, storeId, payload }) => {
    const { guaritaEnqueue } = globalThis as unknown as {
      guaritaEnqueue(events: object[]): Promise<void>;
    };
    const receipts: string[] = [];
    const tookMs: number[] = [];
    const anEvent = () => {
      const receipt_id = crypto.randomUUID();
      receipts.push(receipt_id);
      const ts = new Date().toISOString();
      return { receipt_id, event_name: "queue.detected", ts, store_id: storeId, source: "edge", payload };
    };
    async function call(): Promise<void> {
      const events = Array.from({ length: each }, anEvent);
      const startedAtMs = performance.now();
      await guaritaEnqueue(events);
      tookMs.push(performance.now() - startedAtMs);
    }
    for (let made = 0; made < count; made += each) {
      await call();
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    return { receipts, tookMs };
  }, offer);
}
