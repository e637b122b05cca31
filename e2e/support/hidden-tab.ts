import { type Browser, type BrowserContext, chromium, type LaunchOptions, type Page } from "@playwright/test";
import { freePort } from "./gateway.ts";

/** What Playwright asks of a browser so that tests never see a hidden tab held up. */
const KEEPS_ALL_AWAKE = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

/** Tabs as people have them: one is in front, and the others are hidden. */
export type Tabs = {
  context: BrowserContext;
  /** Opens a new one in front of all others. */
  open(): Promise<Page>;
  close(): Promise<void>;
};

/**
 * A browser of its own whose tabs hide each other. Playwright keeps every page of its contexts visible, so this
 * connects to the browser's own context without that. Chromium holds a hidden tab's timers up to once a minute after
 * `graceS` seconds; without it after its usual 5 minutes.
 */
export async function openTabs(launch: LaunchOptions, { graceS }: { graceS?: number } = {}): Promise<Tabs> {
  const port = await freePort();
  const grace = `--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/${graceS}`;
  const args = [`--remote-debugging-port=${port}`, ...(graceS === undefined ? [] : [grace])];
  const browser: Browser = await chromium.launch({
    ...launch,
    args: [...(launch.args ?? []), ...args],
    ignoreDefaultArgs: KEEPS_ALL_AWAKE,
  });
  const plain = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  const [context] = plain.contexts();
  if (!context) throw new Error("the browser has no context of its own");
  return {
    context,
    async open() {
      const page = await context.newPage();
      await page.bringToFront();
      return page;
    },
    async close() {
      await plain.close();
      await browser.close();
    },
  };
}

declare global {
  var notedTicks: number[] | undefined;
}

/** Lets the page note when a timer of every second came, ms by the page's clock. Before the page is opened. */
export async function noteTicks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const ticks: number[] = [];
    globalThis.notedTicks = ticks;
    setInterval(() => ticks.push(Date.now()), 1_000);
  });
}

export const ticksOf = (page: Page): Promise<number[]> => page.evaluate(() => globalThis.notedTicks ?? []);

/** The longest time without one of these instants, ms; 0 of less than two. */
export function longestGapMs(atMs: number[]): number {
  return atMs.slice(1).reduce((longest, at, index) => Math.max(longest, at - (atMs[index] ?? at)), 0);
}
