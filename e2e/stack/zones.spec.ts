import type { Page } from "@playwright/test";
import { fillPath, paths } from "#contract/paths.ts";
import { CameraZones } from "#contract/zones.ts";
import { expect, test } from "../support/fixtures.ts";
import { SHOP_SCENE } from "../support/material.ts";

declare global {
  /** The scenes of the last list of cameras that the page gave to its station's worker. */
  var toldScenes: unknown[] | undefined;
}

/** Notes what is said to workers, and changes nothing of it. */
async function listenToStation(page: Page) {
  await page.addInitScript(() => {
    const say: (message: unknown, ...rest: never[]) => void = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message: unknown, ...rest: never[]) {
      const told = message as { type?: string; cameras?: { zones: unknown }[] } | null;
      if (told?.type === "cameras") globalThis.toldScenes = told.cameras?.map(({ zones }) => zones);
      return say.call(this, message, ...rest);
    };
  });
}

const toldToStation = (page: Page) => page.evaluate(() => globalThis.toldScenes ?? []);

test("a zone and a queue rule made in the page survive a reload and reach the station", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  await listenToStation(page);
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: false });
  const camera = await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0) });
  await page.goto(`${gateway.url}/cameras`);
  await page.getByRole("link", { name: "Zones and rules: Till" }).click();
  await page.getByRole("group", { name: "Add a zone" }).getByRole("button", { name: "Left half" }).click();
  await page.getByRole("textbox", { name: "Corner 2: from the left edge" }).fill("40");
  await page.getByRole("combobox", { name: "Add a rule" }).click();
  await page.getByRole("option", { name: "Queue", exact: true }).click();
  await page.getByRole("textbox", { name: "From so many people on" }).fill("4");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Not saved yet")).toBeHidden();

  const answer = await fetch(gateway.url + fillPath(paths.cameraZones, { id: camera.id }));
  const stored = CameraZones.parse(await answer.json());
  const [zone] = stored.zones;
  expect(zone).toMatchObject({ name: "Left half", kind: "zone" });
  expect(zone?.points[1]).toEqual({ x: 0.4, y: 0 });
  expect(stored.rules).toMatchObject([{ kind: "queue", threshold: 4, zoneId: zone?.id }]);
  await expect.poll(() => toldToStation(page)).toEqual([stored]);

  await page.reload();
  await expect(page.getByRole("button", { name: /^Left half/ }).first()).toBeVisible();
  await page.getByRole("button", { name: /^Queue 4 people or more/ }).click();
  await expect(page.getByRole("textbox", { name: "From so many people on" })).toHaveValue("4");
  await expect.poll(() => toldToStation(page)).toEqual([stored]);
});

test("a change made elsewhere reaches an open page, and is not overwritten unseen", async ({
  page,
  gatewayWith,
}) => {
  await listenToStation(page);
  const gateway = await gatewayWith({ mediamtx: false });
  const camera = await gateway.addCamera({
    name: "Till",
    mainAddress: "rtsp://127.0.0.1:9/none",
    analysed: false,
  });
  const path = gateway.url + fillPath(paths.cameraZones, { id: camera.id });
  const change = async (version: number, picturesPerS: number) => {
    const response = await fetch(path, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ version, zones: [], lines: [], rules: [], picturesPerS }),
    });
    expect(response.status).toBe(200);
    return CameraZones.parse(await response.json());
  };
  await page.goto(`${gateway.url}/cameras/${camera.id}/zones`);
  const rate = page.getByRole("textbox", { name: "Looks a second" });
  await expect(rate).toHaveValue("1");
  const first = await change(0, 2);
  await expect(rate).toHaveValue("2");
  await expect.poll(() => toldToStation(page)).toEqual([first]);

  await rate.fill("5");
  await change(1, 3);
  await expect(page.getByText("Somebody changed this meanwhile")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await page.getByRole("button", { name: "Load theirs" }).click();
  await expect(rate).toHaveValue("3");
});
