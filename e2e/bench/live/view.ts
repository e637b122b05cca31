import type { Browser, BrowserContext, Page } from "@playwright/test";
import { installWatch, samplesSince, tileShownAtMs, untilSeen } from "./picture-watch.ts";

const FIRST_PICTURE_TIMEOUT_MS = 30_000;

/** A page to look at: ours with one way pinned or none, or MediaMTX's own. */
export type Way = {
  /** As it stands in a figure's name. */
  name: string;
  url: string;
  /** Pinned on this device; without one the ladder chooses. */
  transport?: "webrtc" | "hls" | "direct" | undefined;
};

type ViewOptions = {
  way: Way;
  /** Whose clocks are read from the start. */
  looks: "all" | string[];
  /** What the page remembers on this device, by its key. */
  remembered?: Record<string, string>;
  widthPx?: number;
  heightPx?: number;
};

export type View = { way: Way; page: Page; context: BrowserContext; openedAtMs: number };

/** The page remembers a grid of so many tiles: `auto` may need scrolling, and what nobody sees does not play. */
export const squareLayout = (tiles: number): Record<string, string> => ({
  "guarita.live": JSON.stringify({ layout: Math.sqrt(tiles) }),
});

/** Opens a way in a context of its own: nothing is cached, nobody has played yet. */
export async function openView(browser: Browser, options: ViewOptions): Promise<View> {
  const { way, looks, widthPx = 1280, heightPx = 800 } = options;
  const context = await browser.newContext({ viewport: { width: widthPx, height: heightPx } });
  try {
    const page = await context.newPage();
    const remembered = {
      ...options.remembered,
      ...(way.transport ? { "guarita.transport": way.transport } : {}),
    };
    await page.addInitScript((all) => {
      // a blank frame has no storage
      if (location.protocol.startsWith("http"))
        for (const [key, value] of Object.entries(all)) localStorage.setItem(key, value);
    }, remembered);
    await installWatch(page, looks);
    const openedAtMs = Date.now();
    await page.goto(way.url, { waitUntil: "commit" });
    return { way, page, context, openedAtMs };
  } catch (error) {
    await context.close();
    throw error;
  }
}

/** Waits for the first picture (of any tile); how long it took from the opening, and from the tile being there. */
export async function firstPicture({ page, openedAtMs, way }: View) {
  await untilSeen(page, FIRST_PICTURE_TIMEOUT_MS).catch((cause: unknown) => {
    throw new Error(`${way.name}: no picture within ${FIRST_PICTURE_TIMEOUT_MS / 1000} s`, { cause });
  });
  const firstAtMs = (await samplesSince(page, 0))[0]?.atMs ?? Number.NaN;
  const shownAtMs = (await tileShownAtMs(page)) ?? Number.NaN;
  return { firstPictureMs: firstAtMs - openedAtMs, tilePictureMs: firstAtMs - shownAtMs };
}

/** What the tiles say of themselves, such as `15 playing webrtc, 1 connecting hls`. */
export async function tileStates(page: Page): Promise<string> {
  const words = await page
    .locator("article[data-camera-id]")
    .evaluateAll((tiles) =>
      (tiles as HTMLElement[]).map(({ dataset }) =>
        [dataset.status, dataset.transport].filter(Boolean).join(" "),
      ),
    );
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
}

/** Waits until all tiles play, or the time is over: then what is measured says how many did not. */
export async function untilAllPlay(page: Page, count: number, timeoutMs: number): Promise<void> {
  await page
    .waitForFunction(
      (wanted) => document.querySelectorAll('article[data-status="playing"]').length >= wanted,
      count,
      { timeout: timeoutMs },
    )
    .catch(() => undefined);
  const shown = await page.locator("article[data-camera-id]").count();
  if (shown !== count) throw new Error(`the page shows ${shown} tiles, not ${count}`);
}
