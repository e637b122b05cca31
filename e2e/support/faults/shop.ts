import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { aQueuePayload } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { type Gateway, startGateway } from "../gateway.ts";
import { type LossyProxy, startLossyProxy } from "../lossy-proxy.ts";
import { openOutbox } from "../outbox-page.ts";
import { makeEvents, type PageLedger, readLedger, skewClock } from "./in-page.ts";

const EVENTS_PER_S = 20;
const OPENING_MS = 20_000;
const OPENING_TRIES = 6;
/** The service worker fetches the whole page; on a busy machine that takes its time. */
const INSTALLING_MS = 180_000;
const isInstalled = (): boolean => navigator.serviceWorker.controller !== null;
const CLOCK_PRELOAD = join(import.meta.dirname, "..", "skewed-clock.ts");

/** A shop in which things go wrong: a real gateway, the way to it, and a page that makes events once it is opened. */
export type Shop = {
  gateway: Gateway;
  proxy: LossyProxy;
  context: BrowserContext;
  page(): Page;
  /** Opens a page, which goes on making events. */
  openPage(): Promise<void>;
  /** The outbox promised to keep them. */
  kept: ReadonlySet<string>;
  /** False: the page makes no more, until it is told otherwise. */
  setMaking(isMaking: boolean): Promise<void>;
  ledger(): Promise<PageLedger>;
  setPageClock(skewMs: number): Promise<void>;
  setGatewayClock(skewMs: number): void;
  close(): Promise<void>;
};

export async function openShop(browser: Browser): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), "guarita-faults-"));
  const clockFile = join(folder, "clock");
  writeFileSync(clockFile, "0");
  const gateway = await startGateway({
    mediamtx: false,
    env: { GUARITA_E2E_CLOCK: clockFile, NODE_OPTIONS: `--import=${new URL(`file://${CLOCK_PRELOAD}`)}` },
  });
  const proxy = await startLossyProxy({
    target: gateway.url,
    spoils: ({ method, url }) => method === "POST" && url === paths.events,
  });
  const context = await browser.newContext();
  const kept = new Set<string>();
  await context.exposeFunction("e2eKept", (receipt: string) => void kept.add(receipt));
  const { storeId } = await gateway.health();
  let pages = 0;
  let pageSkewMs = 0;
  let page: Page | undefined;

  const currentPage = (): Page => {
    if (!page) throw new Error("no page was opened yet");
    return page;
  };

  /** The way may be cut while it opens: then it comes from the service worker, or at the next try. */
  async function load(fresh: Page): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await openOutbox(fresh, proxy.url, OPENING_MS);
      } catch (error) {
        if (tries === OPENING_TRIES) throw error;
      }
    }
  }

  async function openPage(): Promise<void> {
    pages += 1;
    const fresh = await context.newPage();
    await fresh.addInitScript(skewClock, pageSkewMs);
    await load(fresh);
    const payload = aQueuePayload();
    await fresh.evaluate(makeEvents, { page: pages, everyMs: 1000 / EVENTS_PER_S, storeId, payload });
    page = fresh;
    // from the first one on a page opens without the gateway
    if (pages === 1) await fresh.waitForFunction(isInstalled, null, { timeout: INSTALLING_MS });
  }

  return {
    gateway,
    proxy,
    context,
    page: currentPage,
    openPage,
    kept,
    async setMaking(isMaking) {
      await currentPage().evaluate((on) => void Object.assign(globalThis, { e2eIsResting: !on }), isMaking);
    },
    ledger: () => currentPage().evaluate(readLedger),
    async setPageClock(skewMs) {
      pageSkewMs = skewMs;
      await currentPage().evaluate((ms) => void Object.assign(globalThis, { e2eSkewMs: ms }), skewMs);
    },
    setGatewayClock(skewMs) {
      writeFileSync(clockFile, String(skewMs));
      process.kill(gateway.process().pid, "SIGUSR2");
    },
    async close() {
      await context.close();
      await proxy.stop();
      await gateway.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
