import type { Page } from "@playwright/test";
import { livePage } from "../pages/live-page.ts";
import { expect, type Starters, test } from "../support/fixtures.ts";
import { SHOP_SCENE } from "../support/material.ts";

/** `count` simulated cameras, "Camera 1" and on, on a page. */
async function openCameras(
  { page, gatewayWith, camerasWith }: Starters & { page: Page },
  { count, path = "/" }: { count: number; path?: string },
) {
  const cameras = await camerasWith({ clip: SHOP_SCENE, cameras: count });
  const gateway = await gatewayWith({ mediamtx: false });
  for (let i = 0; i < count; i++) {
    await gateway.addCamera({
      name: `Camera ${i + 1}`,
      mainAddress: cameras.address(i),
      analysed: false,
    });
  }
  const live = livePage(page);
  await live.open(gateway.url + path);
  return { cameras, gateway, live };
}

const tiles = (page: Page) => page.getByRole("article");

test("a layout shows its cameras in pages, and is remembered", async ({ page, gatewayWith, camerasWith }) => {
  const { live } = await openCameras({ page, gatewayWith, camerasWith }, { count: 6 });
  await expect(tiles(page)).toHaveCount(6);
  await page.keyboard.press("2");
  await expect(tiles(page)).toHaveCount(4);
  await page.keyboard.press("PageDown");
  await expect(tiles(page)).toHaveCount(2);
  await live.expectPlaying("Camera 5");
  await page.reload();
  await expect(tiles(page)).toHaveCount(2);
  await page.keyboard.press("PageUp");
  await expect(tiles(page)).toHaveCount(4);
});

test("a camera is enlarged, browsed and left by keyboard alone", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { live } = await openCameras({ page, gatewayWith, camerasWith }, { count: 4 });
  await live.expectPlaying("Camera 1");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(tiles(page)).toHaveCount(1);
  const first = await tiles(page).getAttribute("aria-label");
  await page.keyboard.press("ArrowRight");
  await expect(tiles(page)).not.toHaveAttribute("aria-label", first ?? "");
  await page.keyboard.press("Escape");
  await expect(tiles(page)).toHaveCount(4);
});

test("a snapshot of an enlarged camera is a JPEG of the camera's own size", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { live } = await openCameras({ page, gatewayWith, camerasWith }, { count: 2 });
  await live.expectPlaying("Camera 1");
  await page.getByRole("button", { name: "Enlarge Camera 1" }).click();
  await expect(tiles(page)).toHaveCount(1);
  await live.expectPlaying("Camera 1");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save a snapshot" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/^Camera-1_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.jpg$/);
  const bytes: Buffer[] = [];
  for await (const part of await file.createReadStream()) bytes.push(part);
  const size = await page.evaluate(async (base64) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/jpeg;base64,${base64}`)).blob());
    return [picture.width, picture.height];
  }, Buffer.concat(bytes).toString("base64"));
  expect(size).toEqual([640, 360]);
});

test("cameras are arranged by keyboard, and stay so", async ({ page, gatewayWith, camerasWith }) => {
  await openCameras({ page, gatewayWith, camerasWith }, { count: 3 });
  const order = () => tiles(page).evaluateAll((all) => all.map((tile) => tile.getAttribute("aria-label")));
  await expect.poll(order).toEqual(["Camera 1", "Camera 2", "Camera 3"]);
  await page.getByRole("button", { name: "Arrange cameras" }).click();
  await page.getByRole("button", { name: /Camera 1, position 1/ }).focus();
  // as a person who hears what is said: the next key comes after the words about the last
  await page.keyboard.press("Space");
  await expect(page.getByText("Camera 1 is over position 1 of 3.")).toBeAttached();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("Camera 1 is over position 2 of 3.")).toBeAttached();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Done" }).click();
  await expect.poll(order).toEqual(["Camera 2", "Camera 1", "Camera 3"]);
  await page.reload();
  await expect.poll(order).toEqual(["Camera 2", "Camera 1", "Camera 3"]);
});

test("the wall has no chrome, turns its pages, and outlives a gateway that is killed", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const path = "/wall?layout=1&rotate=5";
  const { gateway, live } = await openCameras({ page, gatewayWith, camerasWith }, { count: 2, path });
  await live.expectPlaying("Camera 1");
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await live.expectPlaying("Camera 2");
  await gateway.kill();
  await expect(page.getByText(/gateway cannot be reached/i)).toBeVisible();
  await gateway.start();
  await live.expectPlaying("Camera 1");
  await live.expectMoving("Camera 1");
});

test("36 cameras play at once on one page", async ({ page, gatewayWith, camerasWith }) => {
  test.setTimeout(150_000);
  await page.setViewportSize({ width: 1920, height: 1080 });
  const { live } = await openCameras({ page, gatewayWith, camerasWith }, { count: 36 });
  await page.keyboard.press("6");
  await expect(tiles(page)).toHaveCount(36);
  await expect
    .poll(() => page.locator('article[data-status="playing"]').count(), { timeout: 90_000 })
    .toBe(36);
  await live.expectMoving("Camera 36");
});
