import { livePage } from "../pages/live-page.ts";
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
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectPlaying("Till");
  await page.getByRole("button", { name: "Enlarge Till" }).click();
  const keep = page.getByRole("button", { name: "Keep this picture" });
  await keep.click();
  await expect(page.getByText("Picture kept. It is under Events.")).toBeVisible();
  await expect(keep).toBeEnabled();
  await keep.click();
  await expect(page.getByText(/A picture was kept a moment ago. Try again in \d+ s/)).toBeVisible();

  const told = gateway.storedEvents().filter(({ event_name }) => event_name === "camera.snapshot");
  expect(told.map(({ camera_id }) => camera_id)).toEqual([camera.id]);
  expect(JSON.parse(told[0]?.payload ?? "{}")).toMatchObject({ width: 640, height: 360, reason: "person" });

  await page.getByRole("link", { name: "Events" }).first().click();
  const thumbnail = page.getByRole("img", { name: /Picture of Till/ });
  await expect(thumbnail).toBeVisible();
  await expect.poll(() => thumbnail.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(640);
  await page.getByRole("button", { name: /Enlarge the picture of Till/ }).click();
  const large = page.getByRole("dialog").getByRole("img", { name: /Picture of Till/ });
  await expect.poll(() => large.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(640);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect((await saved).suggestedFilename()).toMatch(/^[0-9a-f-]{36}\.jpg$/);
});
