import config from "../../playwright.config.ts";
import { expect, test } from "../support/fixtures.ts";
import { longestGapMs, noteTicks, openTabs, ticksOf } from "../support/hidden-tab.ts";
import { SHOP_SCENE } from "../support/material.ts";
import {
  lookedAtSince,
  looksOf,
  noteLooks,
  STARTED_WITHIN_MS,
  useSmallModel,
} from "../support/station-page.ts";
import { expectWholeMinutes, MINUTE_MS, minutesOf, startOfMinute } from "../support/told.ts";

const CAMERAS = 3;
/** The browser's own is 5 minutes; what comes after it is the same. */
const GRACE_S = 10;
/** Of a minute. A station that were held up as its page is would have one or two. */
const LOOKS_AT_LEAST = 45;

test("a hidden tab goes on analysing while the browser holds its timers up, and loses no minute and no lease", async ({
  gatewayWith,
  camerasWith,
}) => {
  test.setTimeout(330_000);
  const cameras = await camerasWith({ clip: SHOP_SCENE, cameras: CAMERAS });
  const gateway = await gatewayWith({ mediamtx: false });
  const ids: string[] = [];
  for (let index = 0; index < CAMERAS; index += 1) {
    const address = cameras.address(index);
    ids.push((await gateway.addCamera({ name: `Till ${index + 1}`, mainAddress: address })).id);
  }
  const tabs = await openTabs(config.use?.launchOptions ?? {}, { graceS: GRACE_S });
  try {
    const page = await tabs.open();
    await useSmallModel(page);
    await noteLooks(page);
    await noteTicks(page);
    await page.goto(gateway.url);
    const openedAtMs = Date.now();
    await expect.poll(() => lookedAtSince(page, openedAtMs), { timeout: STARTED_WITHIN_MS }).toBe(CAMERAS);

    await tabs.open();
    await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe("hidden");
    const hiddenAtMs = Date.now();
    const heldUpMs = async () => longestGapMs((await ticksOf(page)).filter((atMs) => atMs > hiddenAtMs));
    await expect.poll(heldUpMs, { timeout: 3 * MINUTE_MS }).toBeGreaterThan(0.9 * MINUTE_MS);
    const minuteAgoMs = Date.now() - MINUTE_MS;
    const looks = Object.values(await looksOf(page)).map((all) =>
      all.filter(({ atMs }) => atMs > minuteAgoMs),
    );
    expect(looks.map(({ length }) => length >= LOOKS_AT_LEAST)).toEqual(Array(CAMERAS).fill(true));

    const fromMs = startOfMinute(hiddenAtMs) + MINUTE_MS;
    const told = () => minutesOf(gateway).filter(({ startAtMs }) => startAtMs === fromMs).length;
    await expect.poll(told, { timeout: 2 * MINUTE_MS }).toBe(CAMERAS);
    expectWholeMinutes(gateway, ids, {
      fromMs,
      untilMs: fromMs + MINUTE_MS,
      leastLooks: LOOKS_AT_LEAST,
    });
    for (const cameraId of ids) {
      const fences = minutesOf(gateway, { cameraId }).map(({ fence }) => fence);
      expect(new Set(fences).size).toBe(1);
    }
    expect(await page.evaluate(() => document.visibilityState)).toBe("hidden");
  } finally {
    await tabs.close();
  }
});
