import { livePage } from "../pages/live-page.ts";
import type { Fault } from "../support/cameras.ts";
import { expect, test } from "../support/fixtures.ts";
import { SHOP_SCENE } from "../support/material.ts";

const CASES: { name: string; fault: Fault; says: RegExp }[] = [
  { name: "freezes", fault: { kind: "freeze" }, says: /frozen|no new picture/i },
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
    const cameras = await camerasWith({ clip: SHOP_SCENE });
    const gateway = await gatewayWith({ mediamtx: false });
    await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0) });
    const live = livePage(page);
    await live.open(gateway.url);
    await live.expectMoving("Till");

    await cameras.setFault(0, fault);
    if (fault.kind === "not_found") {
      // a running stream goes on: the camera restarts with the path gone
      await cameras.setListening(false);
      await cameras.setListening(true);
    }
    await expect(live.tile("Till")).toHaveAttribute("data-status", /^(stalled|failed|connecting)$/, {
      timeout: 10_000,
    });
    await expect(live.tile("Till")).toContainText(says, { timeout: 10_000 });

    await cameras.clearFault(0);
    await expect(live.tile("Till")).toHaveAttribute("data-status", "playing", { timeout: 10_000 });
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

  const response = await fetch(`${gateway.url}/api/cameras/${camera.id}`, {
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
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: false });
  await cameras.setFault(0, { kind: "unauthorized" });
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0) });
  const live = livePage(page);
  await live.open(gateway.url);
  await expect(live.tile("Till")).toContainText(/password/i, { timeout: 10_000 });
  await cameras.clearFault(0);
  await live.tile("Till").getByRole("button", { name: "Try again" }).click();
  await live.expectPlaying("Till");
});

test("a camera whose plug is pulled and put back plays again by itself", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: false });
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0) });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectMoving("Till");
  await cameras.setListening(false);
  await expect(live.tile("Till")).not.toHaveAttribute("data-status", "playing", { timeout: 10_000 });
  await cameras.setListening(true);
  await live.expectPlaying("Till");
  await live.expectMoving("Till");
});
