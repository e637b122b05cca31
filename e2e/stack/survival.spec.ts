import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures.ts";
import { SHOP_SCENE } from "../support/material.ts";
import {
  endWorker,
  lookedAtSince,
  noteLooks,
  STARTED_WITHIN_MS,
  useSmallModel,
  workersOf,
} from "../support/station-page.ts";
import { expectWholeMinutes, MINUTE_MS, minutesOf, queuesOf, startOfMinute } from "../support/told.ts";

const CAMERAS = 3;
/** A station that has time goes on within 5 s of its worker's death; a machine that runs more than this is given more. */
const GOES_ON_WITHIN_MS = 30_000;
/** Of 60 looks: two deaths take 5 s each at most, and the state on disk is 5 s old at most. */
const LOOKS_AT_LEAST = 42;

/** Ends these workers, and waits until every camera is looked at again. */
async function endAndGoOn(page: Page, entry: "station" | "detector"): Promise<void> {
  const workers = workersOf(page, entry);
  expect(workers.length).toBeGreaterThan(0);
  await Promise.all(workers.map(endWorker));
  // what was on its way to the page when the worker ended is no sign of life
  const endedAtMs = await page.evaluate(
    () => new Promise<number>((told) => setTimeout(() => told(Date.now()))),
  );
  await expect
    .poll(() => lookedAtSince(page, endedAtMs), { timeout: GOES_ON_WITHIN_MS, intervals: [100] })
    .toBe(CAMERAS);
}

test("workers that die are replaced: every camera goes on, and no minute is lost or doubled", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  test.setTimeout(330_000);
  await useSmallModel(page);
  await noteLooks(page);
  const cameras = await camerasWith({ clip: SHOP_SCENE, cameras: CAMERAS });
  const gateway = await gatewayWith({ mediamtx: false });
  const ids: string[] = [];
  for (let index = 0; index < CAMERAS; index += 1) {
    const address = cameras.address(index);
    ids.push((await gateway.addCamera({ name: `Till ${index + 1}`, mainAddress: address })).id);
  }
  await page.goto(gateway.url);
  const startedAtMs = Date.now();
  await expect.poll(() => lookedAtSince(page, startedAtMs), { timeout: STARTED_WITHIN_MS }).toBe(CAMERAS);

  // in a minute that was looked at from its start, and late enough in it that what was counted would be missed
  const minuteMs = startOfMinute(Date.now()) + MINUTE_MS;
  await expect.poll(() => Date.now(), { timeout: 2 * MINUTE_MS }).toBeGreaterThan(minuteMs + 25_000);
  await endAndGoOn(page, "detector");
  await endAndGoOn(page, "station");

  const nextMs = startOfMinute(Date.now()) + MINUTE_MS;
  const toldOfNext = () => minutesOf(gateway).filter(({ startAtMs }) => startAtMs === nextMs).length;
  await expect.poll(toldOfNext, { timeout: 3 * MINUTE_MS }).toBe(CAMERAS);
  expectWholeMinutes(gateway, ids, {
    fromMs: minuteMs,
    untilMs: nextMs + MINUTE_MS,
    leastLooks: LOOKS_AT_LEAST,
  });
});

test("a page reloaded in the middle of a queue tells one start and one end of it", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  test.setTimeout(240_000);
  await useSmallModel(page);
  await noteLooks(page);
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: false });
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0), queueThreshold: 2 });
  await page.goto(gateway.url);
  await expect.poll(() => queuesOf(gateway).length, { timeout: STARTED_WITHIN_MS }).toBeGreaterThan(0);
  const [queue] = queuesOf(gateway);
  expect(queue?.states).toEqual(["started"]);

  await page.reload();
  const reloadedAtMs = Date.now();
  await expect.poll(() => lookedAtSince(page, reloadedAtMs), { timeout: STARTED_WITHIN_MS }).toBe(1);

  const endedAt = () => queuesOf(gateway)[0]?.endedAt ?? null;
  await expect.poll(endedAt, { timeout: 60_000 }).not.toBeNull();
  const until = queuesOf(gateway).filter(({ startedAt }) => startedAt < (endedAt() ?? ""));
  expect(until).toEqual([{ ...queue, states: ["started", "ended"], endedAt: endedAt(), reasons: [] }]);
});
