import type { Page } from "@playwright/test";
import { fillPath, paths } from "#contract/paths.ts";
import { livePage } from "../pages/live-page.ts";
import type { Fault } from "../support/cameras.ts";
import { expect, type Starters, test } from "../support/fixtures.ts";
import { SHOP_SCENE } from "../support/material.ts";

/** One simulated camera, "Till", on a page; `prepare` may spoil it before the gateway knows it. */
async function watchTill(
  { page, gatewayWith, camerasWith }: Starters & { page: Page },
  prepare?: (cameras: Awaited<ReturnType<Starters["camerasWith"]>>) => Promise<void>,
) {
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: false });
  await prepare?.(cameras);
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0) });
  const live = livePage(page);
  await live.open(gateway.url);
  return { cameras, live, till: live.tile("Till") };
}

/** On a machine so slow that five tries fail before the fault is over, the camera is left alone for a minute. */
const LEFT_ALONE_MS = 60_000;

const CASES: { name: string; fault: Fault; says: RegExp }[] = [
  { name: "freezes", fault: { kind: "freeze" }, says: /stands still|frozen/i },
  { name: "repeats one picture", fault: { kind: "frozen_picture" }, says: /frozen/i },
  { name: "drops the connection", fault: { kind: "drop" }, says: /dropped|closed|connection/i },
  { name: "refuses connections", fault: { kind: "refuse" }, says: /refuse|connection|closed/i },
  { name: "has no such stream", fault: { kind: "not_found" }, says: /no such|not found|address/i },
];

for (const { name, fault, says } of CASES) {
  test(`a camera that ${name} is named on its tile, and plays again after it`, async ({
    page,
    gatewayWith,
    camerasWith,
  }) => {
    test.setTimeout(LEFT_ALONE_MS + 90_000);
    const { cameras, live, till } = await watchTill({ page, gatewayWith, camerasWith });
    await live.expectMoving("Till");

    await cameras.setFault(0, fault);
    await expect(till).toHaveAttribute("data-status", /^(stalled|frozen|offline)$/, { timeout: 10_000 });
    await expect(till).toContainText(says, { timeout: 10_000 });

    await cameras.clearFault(0);
    await expect(till).toHaveAttribute("data-status", "playing", { timeout: LEFT_ALONE_MS + 15_000 });
    await live.expectMoving("Till");
  });
}

test("a wrong password is named, is not tried again by itself, and the right one plays", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const cameras = await camerasWith({ clip: SHOP_SCENE, user: "loja", password: "certa" });
  const gateway = await gatewayWith({ mediamtx: false });
  const right = cameras.address(0);
  const camera = await gateway.addCamera({ name: "Till", mainAddress: right.replace("certa", "errada") });
  const live = livePage(page);
  await live.open(gateway.url);
  await expect(live.tile("Till")).toContainText(/password/i, { timeout: 10_000 });

  const response = await fetch(`${gateway.url}${fillPath(paths.camera, { id: camera.id })}`, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ mainAddress: right }),
  });
  expect(response.status).toBe(200);
  await live.expectPlaying("Till");
  await live.expectMoving("Till");
});

test("a camera whose password is put right on the camera plays again when a person asks", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { cameras, live, till } = await watchTill({ page, gatewayWith, camerasWith }, (spoiled) =>
    spoiled.setFault(0, { kind: "unauthorized" }),
  );
  await expect(till).toContainText(/password/i, { timeout: 10_000 });
  await cameras.clearFault(0);
  await till.getByRole("button", { name: "Try again" }).click();
  await live.expectPlaying("Till");
});

test("a camera whose plug is pulled and put back plays again by itself", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { cameras, live, till } = await watchTill({ page, gatewayWith, camerasWith });
  await live.expectMoving("Till");
  await cameras.setListening(false);
  await expect(till).not.toHaveAttribute("data-status", "playing", { timeout: 10_000 });
  await cameras.setListening(true);
  await live.expectPlaying("Till");
  await live.expectMoving("Till");
});
