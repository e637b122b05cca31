import type { Frame, Page } from "@playwright/test";
import { readSceneClock } from "#contract/scene-clock.ts";

/** One look at which a picture's clock showed something new. `name` is the tile's; empty on a page of somebody else. */
export type Sample = { name: string; atMs: number; clockMs: number };

/** When a camera began its clip, and how long the clip is. */
export type Timeline = { startedAtMs: number; clipMs: number };

/** Lies in each watched page as `pictureWatch`. */
type PictureWatch = {
  /** Whose clocks are read on each animation frame: all, or these. */
  names: "all" | string[];
  samples: Sample[];
  /** When the first tile (or video) was there. */
  tileShownAtMs: number | null;
  longTasks: { atMs: number; ms: number }[];
};

/**
 * Runs inside the page and refers to nothing outside itself. On every animation frame the clock of each picture looked
 * at is drawn and read: only the strip along the bottom edge, so that looking costs little of what is measured.
 */
function watchPictures(readClock: typeof readSceneClock, names: "all" | string[]): void {
  const [widthPx, pictureHeightPx, stripPx] = [320, 360, 14];
  // the clock is read as if the rest of the picture lay above the strip
  const offset = 1 - (pictureHeightPx - stripPx) * widthPx * 4;
  const watch: PictureWatch = { names, samples: [], tileShownAtMs: null, longTasks: [] };
  Object.assign(globalThis, { pictureWatch: watch });
  const context = new OffscreenCanvas(widthPx, stripPx).getContext("2d", { willReadFrequently: true });
  const last = new Map<string, number>();
  const nowMs = () => performance.timeOrigin + performance.now();

  function shownPicture(tile: ParentNode): HTMLVideoElement | HTMLCanvasElement | undefined {
    const all = tile.querySelectorAll<HTMLVideoElement | HTMLCanvasElement>("video, canvas[data-transport]");
    // a try that is not shown yet lies behind
    return [...all].find(({ style }) => style.zIndex !== "-1" && style.visibility !== "hidden");
  }

  function look(name: string, tile: ParentNode): void {
    const picture = shownPicture(tile);
    const isVideo = picture instanceof HTMLVideoElement;
    const fromWidthPx = isVideo ? picture.videoWidth : (picture?.width ?? 0);
    const fromHeightPx = isVideo ? picture.videoHeight : (picture?.height ?? 0);
    if (!picture || !context || fromWidthPx === 0) return;
    const fromStripPx = (fromHeightPx * stripPx) / pictureHeightPx;
    const fromTopPx = fromHeightPx - fromStripPx;
    context.drawImage(picture, 0, fromTopPx, fromWidthPx, fromStripPx, 0, 0, widthPx, stripPx);
    const { data } = context.getImageData(0, 0, widthPx, stripPx);
    const clockMs = readClock(data, widthPx, pictureHeightPx, 4, offset);
    if (clockMs === undefined || clockMs === last.get(name)) return;
    last.set(name, clockMs);
    watch.samples.push({ name, atMs: nowMs(), clockMs });
  }

  function lookAll(): void {
    requestAnimationFrame(lookAll);
    if (watch.names.length === 0) return;
    const tiles = [...document.querySelectorAll("article[data-camera-id]")];
    const foreign = tiles.length === 0 ? document.querySelector("video") : null;
    if (tiles.length > 0 || foreign) watch.tileShownAtMs ??= nowMs();
    if (foreign) look("", document);
    for (const tile of tiles) {
      const name = tile.getAttribute("aria-label") ?? "";
      if (watch.names === "all" || watch.names.includes(name)) look(name, tile);
    }
  }

  requestAnimationFrame(lookAll);
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      watch.longTasks.push({ atMs: performance.timeOrigin + startTime, ms: duration });
  }).observe({ type: "longtask" });
}

/** Watches every page and frame that is loaded from now on. */
export async function installWatch(page: Page, names: "all" | string[]): Promise<void> {
  await page.addInitScript(
    `(${watchPictures.toString()})(${readSceneClock.toString()}, ${JSON.stringify(names)})`,
  );
}

export async function tileShownAtMs(page: Page): Promise<number | null> {
  return page.evaluate(
    () => (globalThis as unknown as { pictureWatch: PictureWatch }).pictureWatch.tileShownAtMs,
  );
}

/** Tasks of the page's main thread of more than 50 ms that began since then, in ms. */
export async function longTasksSince(page: Page, sinceMs: number): Promise<number[]> {
  const tasks = await page.evaluate(
    () => (globalThis as unknown as { pictureWatch: PictureWatch }).pictureWatch.longTasks,
  );
  return tasks.filter(({ atMs }) => atMs >= sinceMs).map(({ ms }) => ms);
}

export async function samplesSince(frame: Page | Frame, sinceMs: number): Promise<Sample[]> {
  return frame.evaluate(
    (since) =>
      (globalThis as unknown as { pictureWatch: PictureWatch }).pictureWatch.samples.filter(
        ({ atMs }) => atMs >= since,
      ),
    sinceMs,
  );
}

/** Waits until a picture was seen; throws when none is in time. */
export async function untilSeen(page: Page, timeoutMs: number): Promise<void> {
  await page.waitForFunction(
    () => (globalThis as unknown as { pictureWatch?: { samples: unknown[] } }).pictureWatch?.samples.length,
    null,
    { timeout: timeoutMs },
  );
}

/** Looks at these pictures from now on, and forgets what was seen. */
export async function lookAt(frame: Page | Frame, names: "all" | string[]): Promise<void> {
  await frame.evaluate((only) => {
    const { pictureWatch } = globalThis as unknown as { pictureWatch: PictureWatch };
    Object.assign(pictureWatch, { names: only, samples: [] });
  }, names);
}

/** How long ago the camera sent what a sample shows. Right up to the clip's length. */
export function ageMs({ atMs, clockMs }: Sample, { startedAtMs, clipMs }: Timeline): number {
  const dueMs = (atMs - startedAtMs) % clipMs;
  return (dueMs - clockMs + clipMs) % clipMs;
}
