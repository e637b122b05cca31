import { createHash } from "node:crypto";
import { EventPage } from "#contract/events.ts";
import { EvidenceData } from "#contract/evidence.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { expect, test } from "../support/fixtures.ts";
import { SHOP_SCENE } from "../support/material.ts";

test("a person keeps a picture of a camera that no station analyses, and finds it among the events", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: false });
  const camera = await gateway.addCamera({
    name: "Till",
    mainAddress: cameras.address(0),
    analysed: false,
  });
  await page.goto(gateway.url);
  await page.getByRole("button", { name: "Enlarge Till" }).click();
  const keep = page.getByRole("button", { name: "Keep this picture" });
  await keep.click();
  await expect(page.getByText("Picture kept. It is under Events.")).toBeVisible();
  // on a busy machine more than 10 s may lie between two presses: then the next one comes in time
  await expect(async () => {
    await keep.click();
    const refused = page.getByText(/A picture was kept a moment ago. Try again in \d+ s/);
    await expect(refused).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });

  const told = gateway.storedEvents().filter(({ event_name }) => event_name === "camera.snapshot");
  expect(new Set(told.map(({ camera_id }) => camera_id))).toEqual(new Set([camera.id]));
  const payloads = told.map(({ payload }) => JSON.parse(payload ?? "{}"));
  expect(new Set(payloads.map(({ media_id }) => media_id)).size).toBe(told.length);
  expect(payloads[0]).toMatchObject({ width: 640, height: 360, reason: "person" });

  await page.getByRole("link", { name: "Events" }).first().click();
  const thumbnail = page.getByRole("img", { name: /Picture of Till/ }).first();
  await expect(thumbnail).toBeVisible();
  await expect.poll(() => thumbnail.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(640);
  await page
    .getByRole("button", { name: /Enlarge the picture of Till/ })
    .first()
    .click();
  const large = page.getByRole("dialog").getByRole("img", { name: /Picture of Till/ });
  await expect.poll(() => large.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(640);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect((await saved).suggestedFilename()).toMatch(/^[0-9a-f-]{36}\.jpg$/);
});

test("a queue that begins is told with the picture of its moment, and the gateway has it", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  test.setTimeout(240_000);
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: false });
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0), queueThreshold: 2 });
  await page.goto(gateway.url);
  const ask = async (path: string) => fetch(gateway.url + path);
  const started = async () => {
    const { events } = EventPage.parse(await (await ask(`${paths.events}?event_name=queue.detected`)).json());
    return events.find(({ payload }) => payload?.state === "started");
  };
  await expect.poll(started, { timeout: 120_000 }).toBeDefined();
  const event = await started();
  const mediaId = String(event?.meta?.media_id);
  // the event may be faster than its picture, which follows by itself
  const picture = async () => ask(fillPath(paths.evidence, { mediaId }));
  await expect.poll(async () => (await picture()).status, { timeout: 30_000 }).toBe(200);
  const bytes = Buffer.from(await (await picture()).arrayBuffer());
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(event?.meta?.sha256);
  const data = EvidenceData.parse(await (await ask(fillPath(paths.evidenceData, { mediaId }))).json());
  expect(data).toMatchObject({ reason: "queue", widthPx: 640, heightPx: 360, cameraId: event?.camera_id });
  expect(data.boxes.filter(({ label }) => label === "person").length).toBeGreaterThanOrEqual(2);
  expect(new Date(data.takenAtMs).toISOString()).toBe(event?.ts);
});
