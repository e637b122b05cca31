import { expect, type Page, test } from "@playwright/test";
import { anId } from "#contract/examples.ts";
import { paths } from "#contract/paths.ts";
import type { Station } from "#contract/stations.ts";
import { madeGateway } from "../support/made-gateway.ts";

test.use({ serviceWorkers: "block" });

const aCamera = () => ({ cameraId: anId(), askedPerS: 1, reachedPerS: 1, skippedPerS: 0 });
/** One device with far more cameras than it bears when something moves on all of them. */
const office = (overrides: Partial<Station>): Station => ({
  id: anId(),
  name: "Office",
  isHere: true,
  heardAgoMs: 1_000,
  capacity: 14,
  picturesPerS: 7,
  msPerPicture: 40,
  model: "yolox-nano",
  cameras: Array.from({ length: 30 }, aCamera),
  ...overrides,
});

async function open(page: Page, station: Station): Promise<void> {
  const { url } = await madeGateway(page, ({ path }) =>
    path === paths.stations ? { json: { stations: [station], unwatched: [] } } : null,
  );
  await page.goto(`${url}/stations`);
}

test("a device that holds many calm cameras asks for no other", async ({ page }) => {
  await open(page, office({}));
  const card = page.getByRole("listitem", { name: "Office" });
  await expect(card).toContainText("50 % (bears 14 cameras in motion)");
  await expect(card).not.toContainText("less often");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("when more moves than a device bears, it is said how many cameras are seen less often", async ({
  page,
}) => {
  const cameras = Array.from({ length: 30 }, (_, index) =>
    index < 5 ? { ...aCamera(), reachedPerS: 0.6, skippedPerS: 0.4 } : aCamera(),
  );
  await open(page, office({ picturesPerS: 16, cameras }));
  const card = page.getByRole("listitem", { name: "Office" });
  await expect(card).toContainText("30 · 5 of them less often now");
  await expect(card).toContainText("100 % (bears 14 cameras");
  await expect(page.getByRole("alert")).toContainText("5 of 30 cameras are looked at less often now");
});
