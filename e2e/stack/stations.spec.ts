import { randomUUID } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { BatchAnswer } from "#contract/events.ts";
import { anEvent } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import { STATION_TIMES } from "#contract/stations.ts";
import { bareStation, post } from "../support/bare-station.ts";
import { expect, test } from "../support/fixtures.ts";
import type { Gateway } from "../support/gateway.ts";
import { SHOP_SCENE } from "../support/material.ts";
import {
  lookedAtSince,
  noteLooks,
  reportCapacity,
  STARTED_WITHIN_MS,
  useSmallModel,
} from "../support/station-page.ts";
import { expectWholeMinutes, MINUTE_MS, minutesOf, startOfMinute } from "../support/told.ts";

const CAMERAS = 4;
/** Cameras that each page says it can hold. */
const CAPACITY = 8;
/** From the last word of a station to another one that looks at its cameras. */
const TAKEN_OVER_WITHIN_MS = 10_000;

/** Of the minute in which one dies: as long as its cameras are nobody's, and its last word is 3 s old. */
const LOOKS_AT_LEAST = 45;

/** A page in a browser profile of its own: a station of its own. */
async function openStation(browser: Browser, gateway: Gateway): Promise<{ page: Page; id: string }> {
  const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
  await useSmallModel(page);
  await noteLooks(page);
  await reportCapacity(page, CAPACITY);
  await page.goto(gateway.url);
  const id = await page.evaluate(() => localStorage.getItem("guarita.station-id"));
  return { page, id: id ?? "" };
}

/** The renderer ends as in a crash: the page says nothing any more, not even goodbye. */
async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent("crash");
  await page.goto("chrome://crash").catch(() => {}); // there is no page any more that could answer
  await crashed;
}

test("two pages share four cameras; when one dies the other has them within 10 s, and no minute is doubled", async ({
  browser,
  gatewayWith,
  camerasWith,
}) => {
  test.setTimeout(300_000);
  const cameras = await camerasWith({ clip: SHOP_SCENE, cameras: CAMERAS });
  const gateway = await gatewayWith({ mediamtx: false });
  const ids: string[] = [];
  for (let index = 0; index < CAMERAS; index += 1) {
    const address = cameras.address(index);
    ids.push((await gateway.addCamera({ name: `Till ${index + 1}`, mainAddress: address })).id);
  }
  /** Cameras of a station that it really looks at. */
  const lookedAt = async (id: string) => {
    const station = (await gateway.stations()).stations.find((known) => known.id === id);
    return (station?.cameras ?? []).filter(({ reachedPerS }) => reachedPerS > 0).length;
  };

  const first = await openStation(browser, gateway);
  await expect.poll(() => lookedAt(first.id), { timeout: STARTED_WITHIN_MS }).toBe(CAMERAS);
  const second = await openStation(browser, gateway);
  expect(second.id).not.toBe(first.id);
  await expect.poll(() => lookedAt(second.id), { timeout: STARTED_WITHIN_MS }).toBe(CAMERAS / 2);
  await expect.poll(() => lookedAt(first.id)).toBe(CAMERAS / 2);
  expect((await gateway.stations()).unwatched).toEqual([]);

  // in a minute that both looked at from its start, and late enough in it that what the one counted would be missed
  const minuteMs = startOfMinute(Date.now()) + MINUTE_MS;
  await expect.poll(() => Date.now(), { timeout: 2 * MINUTE_MS }).toBeGreaterThan(minuteMs + 25_000);
  await crash(first.page);
  await expect
    .poll(() => lookedAtSince(second.page, minuteMs + 25_000), {
      timeout: TAKEN_OVER_WITHIN_MS,
      intervals: [100],
    })
    .toBe(CAMERAS);
  await expect.poll(() => lookedAt(second.id)).toBe(CAMERAS);
  const { stations, unwatched } = await gateway.stations();
  expect(stations.map(({ id, isHere }) => [id, isHere])).toEqual([
    [first.id, false],
    [second.id, true],
  ]);
  expect(unwatched).toEqual([]);

  const nextMs = minuteMs + MINUTE_MS;
  const toldOfNext = () => minutesOf(gateway).filter(({ startAtMs }) => startAtMs === nextMs).length;
  await expect.poll(toldOfNext, { timeout: 3 * MINUTE_MS }).toBe(CAMERAS);
  expectWholeMinutes(gateway, ids, {
    fromMs: minuteMs,
    untilMs: nextMs + MINUTE_MS,
    leastLooks: LOOKS_AT_LEAST,
  });
});

test("what a silent station says of the time after its lease is refused, of the time before it stored", async ({
  gatewayWith,
}) => {
  const gateway = await gatewayWith({ mediamtx: false });
  for (let index = 0; index < CAMERAS; index += 1) {
    await gateway.addCamera({ name: `Till ${index + 1}`, mainAddress: "rtsp://127.0.0.1:9/cam" });
  }
  const first = bareStation(gateway);
  const second = bareStation(gateway);
  const round = async () => {
    await first.speak();
    await second.speak();
    return [first.held().length, second.held().length];
  };
  await expect.poll(round, { intervals: [200] }).toEqual([CAMERAS / 2, CAMERAS / 2]);
  const [lost] = first.held();
  const silentSinceMs = Date.now();
  await expect
    .poll(
      async () => {
        await second.speak();
        return second.held().length;
      },
      { intervals: [300], timeout: 20_000 },
    )
    .toBe(CAMERAS);
  const tookMs = Date.now() - silentSinceMs;
  expect(tookMs).toBeGreaterThan(STATION_TIMES.leaseMs - 500);
  expect(tookMs).toBeLessThan(TAKEN_OVER_WITHIN_MS);
  const taken = second.held().find(({ cameraId }) => cameraId === lost?.cameraId);
  expect(taken?.fence).toBeGreaterThan(lost?.fence ?? Number.POSITIVE_INFINITY);

  const { storeId } = await gateway.health();
  const told = (fence: number | undefined, atMs: number) =>
    anEvent({
      receipt_id: randomUUID(),
      store_id: storeId,
      camera_id: lost?.cameraId ?? "",
      ts: new Date(atMs).toISOString(),
      meta: { fence },
    });
  const events = [
    told(lost?.fence, silentSinceMs),
    told(lost?.fence, Date.now()),
    told(taken?.fence, Date.now()),
  ];
  const { receipts } = BatchAnswer.parse(await (await post(gateway.url + paths.events, { events })).json());
  expect(receipts.map((answer) => (answer.outcome === "refused" ? answer.code : answer.outcome))).toEqual([
    "stored",
    "stale_lease",
    "stored",
  ]);

  // a gateway that was killed hands out no old fence, and takes nothing from who still speaks
  await gateway.kill();
  await gateway.start();
  const before = second.held();
  await second.speak();
  expect(second.held()).toEqual(before);
});
