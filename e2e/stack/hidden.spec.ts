import config from "../../playwright.config.ts";
import { bareStation } from "../support/bare-station.ts";
import { expect, test } from "../support/fixtures.ts";
import { longestGapMs, noteTicks, openTabs, ticksOf } from "../support/hidden-tab.ts";
import { SHOP_SCENE } from "../support/material.ts";
import {
  lookedAtSince,
  looksOf,
  noteLooks,
  reportCapacity,
  STARTED_WITHIN_MS,
  useSmallModel,
} from "../support/station-page.ts";
import { expectWholeMinutes, MINUTE_MS, minutesOf, startOfMinute } from "../support/told.ts";

const CAMERAS = 3;
/** Cameras that the page says it can hold: so many that none of the few is better off elsewhere. */
const CAPACITY = 8;
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
    await reportCapacity(page, CAPACITY);
    await page.goto(gateway.url);
    const openedAtMs = Date.now();
    await expect.poll(() => lookedAtSince(page, openedAtMs), { timeout: STARTED_WITHIN_MS }).toBe(CAMERAS);

    await tabs.open();
    await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe("hidden");
    const hiddenAtMs = Date.now();
    // too small to be given a camera that somebody has; it takes what a silent station loses
    const rival = bareStation(gateway, { capacity: 1 });
    const taken = new Set<string>();
    const heldUpMs = async () => {
      await rival.speak();
      for (const { cameraId } of rival.held()) taken.add(cameraId);
      return longestGapMs((await ticksOf(page)).filter((atMs) => atMs > hiddenAtMs));
    };
    await expect
      .poll(heldUpMs, { timeout: 3 * MINUTE_MS, intervals: [1_000] })
      .toBeGreaterThan(0.9 * MINUTE_MS);
    expect([...taken]).toEqual([]);
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
    expect(await page.evaluate(() => document.visibilityState)).toBe("hidden");
  } finally {
    await tabs.close();
  }
});
