import { EventRecord } from "#contract/events.ts";
import { CameraHealthPayload } from "#contract/payloads.ts";
import { livePage } from "../pages/live-page.ts";
import { expect, type Starters, test } from "../support/fixtures.ts";
import { hasMediamtx, NO_MEDIAMTX, SHOP_SCENE } from "../support/material.ts";

/** One simulated camera, "Till", that plays on a page by the best way there is. */
async function playingTill({
  page,
  gatewayWith,
  camerasWith,
}: Starters & { page: import("@playwright/test").Page }) {
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ mediamtx: hasMediamtx() });
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0), analysed: false });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectMoving("Till");
  return { cameras, gateway, live, till: live.tile("Till") };
}

const TRANSPORTS = ["webrtc", "hls", "direct"] as const;

for (const transport of TRANSPORTS) {
  test.describe(`by ${transport}`, () => {
    test.beforeEach(async ({ page }) => {
      test.skip(transport !== "direct" && !hasMediamtx(), NO_MEDIAMTX);
      await page.addInitScript((name) => localStorage.setItem("guarita.transport", name), transport);
    });

    test("a camera that stops sending is stalled, its age shows, and it moves again after", async ({
      page,
      gatewayWith,
      camerasWith,
    }) => {
      const { cameras, live, till } = await playingTill({ page, gatewayWith, camerasWith });
      await live.expectPlaying("Till", transport);
      await cameras.setFault(0, { kind: "freeze" });
      // before the gateway's watchdog, which takes 15 s, has a word for it
      await live.expectStatus("Till", "stalled");
      await expect(till).toContainText(/\d+ s/);
      await cameras.clearFault(0);
      await live.expectPlaying("Till", transport);
      await live.expectMoving("Till");
    });

    test("a camera that repeats one picture is frozen, however lively it sends", async ({
      page,
      gatewayWith,
      camerasWith,
    }) => {
      const { cameras, live } = await playingTill({ page, gatewayWith, camerasWith });
      await live.expectPlaying("Till", transport);
      await cameras.setFault(0, { kind: "frozen_picture" });
      await live.expectStatus("Till", "frozen", 40_000);
      await cameras.clearFault(0);
      await live.expectPlaying("Till", transport);
      await live.expectMoving("Till");
    });

    test("a camera that was without power plays again by itself", async ({
      page,
      gatewayWith,
      camerasWith,
    }) => {
      const { cameras, live } = await playingTill({ page, gatewayWith, camerasWith });
      await cameras.setListening(false);
      await live.expectStatus("Till", "offline");
      await cameras.setListening(true);
      await live.expectPlaying("Till", transport);
      await live.expectMoving("Till");
    });

    test("a gateway that was killed and started again shows moving pictures again", async ({
      page,
      gatewayWith,
      camerasWith,
    }) => {
      const { gateway, live } = await playingTill({ page, gatewayWith, camerasWith });
      await gateway.kill();
      // a WebRTC picture comes past the gateway and goes on, until the next gateway ends the media server left behind
      if (transport !== "webrtc") await live.expectStatus("Till", /stalled|offline/);
      await gateway.start();
      if (transport !== "direct")
        await expect.poll(async () => (await gateway.health()).media.status).toBe("running");
      await live.expectPlaying("Till", transport);
      await live.expectMoving("Till");
    });
  });
}

test("a camera that is off for long is left alone, and is back soon after it answers", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { cameras, gateway, live } = await playingTill({ page, gatewayWith, camerasWith });
  await cameras.setListening(false);
  await expect
    .poll(async () => (await gateway.camerasHealth())[0]?.circuit, { timeout: 40_000 })
    .toBe("open");
  await live.expectStatus("Till", "offline");
  await cameras.setListening(true);
  // far sooner than the minute for which a camera that fails is left alone
  await live.expectPlaying("Till");
  await live.expectMoving("Till");
});

test("a frozen camera is started anew by the watchdog, counted, and told as camera.health", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { cameras, gateway } = await playingTill({ page, gatewayWith, camerasWith });
  const told = () =>
    gateway
      .storedEvents()
      .filter((row) => row.event_name === "camera.health")
      .map((row) => CameraHealthPayload.parse(JSON.parse(row.payload ?? "")).status);
  await expect.poll(told).toContain("online");
  await cameras.setFault(0, { kind: "freeze" });
  await expect.poll(told, { timeout: 40_000 }).toContain("frozen");
  await expect
    .poll(async () => (await gateway.camerasHealth())[0]?.watchdogRestarts, { timeout: 40_000 })
    .toBeGreaterThan(0);
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).toMatch(
    /^watchdog_restarts_total\{.*\} [1-9]/m,
  );
  await cameras.clearFault(0);
  await expect.poll(() => told().at(-1), { timeout: 30_000 }).toBe("online");
  for (const { event_name, ts, store_id, source, receipt_id } of gateway.storedEvents())
    EventRecord.parse({ event_name, ts, store_id, source, receipt_id });
});

test("nothing plays that nobody sees, and what is seen again plays again", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { live } = await playingTill({ page, gatewayWith, camerasWith });
  const show = (state: "hidden" | "visible") =>
    page.evaluate((visibility) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => visibility });
      Object.defineProperty(document, "hidden", { configurable: true, get: () => visibility === "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await show("hidden");
  await live.expectStatus("Till", "idle");
  await expect(live.picture("Till")).toHaveCount(0);
  await show("visible");
  await live.expectPlaying("Till");
  await live.expectMoving("Till");
});

test("a dozen dead cameras hold up neither the page nor the one that lives", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const cameras = await camerasWith({ clip: SHOP_SCENE, cameras: 13 });
  const gateway = await gatewayWith({ mediamtx: hasMediamtx() });
  for (let i = 1; i <= 12; i++) {
    await cameras.setFault(i, { kind: "black_hole" });
    await gateway.addCamera({ name: `Dead ${i}`, mainAddress: cameras.address(i), analysed: false });
  }
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0), analysed: false });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectPlaying("Till");
  await live.expectMoving("Till");
  await live.expectStatus("Dead 1", "offline", 30_000);
  // the page's own requests come through while all those wait
  const health = await page.evaluate(async () => (await fetch("/api/health", { cache: "no-store" })).status);
  expect(health).toBe(200);
});
