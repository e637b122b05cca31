import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventName, EventPage } from "#contract/events.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { expect, test } from "../support/fixtures.ts";
import { CLIP_PLATE, makePlateClip, plateClipObstacle } from "../support/plate-clip.ts";

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "guarita-e2e-plates-"));
});
test.afterEach(() => rmSync(folder, { recursive: true }));

test("a watched car that passes again and again is told once, with its plate, its picture and its note", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const obstacle = plateClipObstacle();
  test.skip(obstacle !== null, obstacle ?? "");
  test.setTimeout(240_000);
  const cameras = await camerasWith({ clip: makePlateClip(folder) });
  const gateway = await gatewayWith({ mediamtx: false });
  const camera = await gateway.addCamera({ name: "Gate", mainAddress: cameras.address(0) });

  await page.goto(`${gateway.url}/cameras`);
  await page.getByRole("link", { name: "Zones and rules: Gate" }).click();
  await page.getByRole("combobox", { name: "Add a rule" }).click();
  await page.getByRole("option", { name: "Plate on the watch list" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Not saved yet")).toBeHidden();
  await page.getByRole("link", { name: "Plates", exact: true }).first().click();
  await page.getByRole("button", { name: "Add plate" }).first().click();
  await page.getByRole("textbox", { name: "Plate" }).fill(`${CLIP_PLATE.slice(0, 3)}-${CLIP_PLATE.slice(3)}`);
  await page.getByText("Watched", { exact: true }).last().click();
  await page.getByRole("textbox", { name: "Note" }).fill("Unpaid bill");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText(`${CLIP_PLATE} was added`)).toBeVisible();

  const told = async (name: EventName) => {
    const answer = await fetch(`${gateway.url}${paths.events}?event_name=${name}`);
    return EventPage.parse(await answer.json()).events;
  };
  // a whole minute, in which the car passed more than once
  const platesSeen = async () => (await told("vision.metrics.v1")).map(({ payload }) => payload?.plates_seen);
  await expect.poll(platesSeen, { timeout: 180_000 }).toContain(1);
  const [event, ...more] = await told("compliance.detected");
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    camera_id: camera.id,
    payload: { rule: { kind: "plate_listed" }, plate: CLIP_PLATE, layout: "old" },
    meta: { listed: { list: "watched", match: "exact", plate: CLIP_PLATE, note: "Unpaid bill" } },
  });
  const mediaId = String(event?.payload?.media_id);
  await expect
    .poll(async () => (await fetch(gateway.url + fillPath(paths.evidence, { mediaId }))).status)
    .toBe(200);

  await page.getByRole("link", { name: "Events", exact: true }).first().click();
  await expect(page.getByText(`Plate on the watch list: ${CLIP_PLATE} (Unpaid bill)`)).toBeVisible();
  await expect(page.getByRole("img", { name: /Picture of Gate/ }).first()).toBeVisible();
});
