import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { livePage } from "../pages/live-page.ts";
import { expect, type Starters, test } from "../support/fixtures.ts";
import {
  hasMediamtx,
  mediamtxFile,
  NO_MEDIAMTX,
  NO_SHARED,
  SHOP_SCENE,
  sharedClip,
} from "../support/material.ts";

const WITH_B_FRAMES = sharedClip("store-aisle-detection-preview-pingpong.mp4");

async function oneCamera(
  { gatewayWith, camerasWith }: Starters,
  { clip = SHOP_SCENE, mediamtx = true }: { clip?: string; mediamtx?: boolean } = {},
) {
  const cameras = await camerasWith({ clip });
  const gateway = await gatewayWith({ mediamtx });
  const camera = await gateway.addCamera({
    name: "Till",
    mainAddress: cameras.address(0),
    analysed: false,
  });
  return { cameras, gateway, camera };
}

test("without a media server a camera plays by direct, and the tile says why", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  const { gateway } = await oneCamera({ gatewayWith, camerasWith }, { mediamtx: false });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectPlaying("Till", "direct");
  await live.openTransport("Till");
  await expect(page.getByText(/media server is not here/i)).toBeVisible();
});

test("while the media server is away the picture goes on by direct, and climbs back to WebRTC after", async ({
  page,
  gatewayWith,
  camerasWith,
}, info) => {
  test.skip(!hasMediamtx(), NO_MEDIAMTX);
  mkdirSync(info.outputDir, { recursive: true });
  const program = info.outputPath("mediamtx");
  symlinkSync(mediamtxFile() ?? "", program);
  const cameras = await camerasWith({ clip: SHOP_SCENE });
  const gateway = await gatewayWith({ env: { GUARITA_MEDIAMTX: program } });
  await gateway.addCamera({ name: "Till", mainAddress: cameras.address(0), analysed: false });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectPlaying("Till", "webrtc");
  renameSync(program, `${program}.away`); // or it would be there again before anybody saw it gone
  gateway.killMediamtx();
  await live.expectPlaying("Till", "direct");
  await live.expectMoving("Till");
  renameSync(`${program}.away`, program);
  await expect(live.tile("Till")).toHaveAttribute("data-transport", "webrtc", { timeout: 60_000 });
  await live.expectMoving("Till");
});

test("a browser without WebRTC plays by HLS, and the tile says why", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  test.skip(!hasMediamtx(), NO_MEDIAMTX);
  const { gateway } = await oneCamera({ gatewayWith, camerasWith });
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "RTCPeerConnection"));
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectPlaying("Till", "hls");
  await live.expectMoving("Till");
  await live.openTransport("Till");
  await expect(page.getByText(/browser lacks/i)).toBeVisible();
});

test("a browser that refuses WebRTC's packets falls to HLS by itself", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  test.skip(!hasMediamtx(), NO_MEDIAMTX);
  const { gateway } = await oneCamera({ gatewayWith, camerasWith });
  // as behind a firewall: the offer is answered, and no packet ever comes
  await page.route("**/main/whep", async (route) => {
    const response = await route.fetch();
    const answer = (await response.text()).replaceAll(/a=candidate:.*\r\n/g, "");
    await route.fulfill({ response, body: answer });
  });
  const live = livePage(page);
  await live.open(gateway.url);
  await expect(live.tile("Till")).toHaveAttribute("data-transport", "hls", { timeout: 40_000 });
  await live.expectMoving("Till");
});

test("a camera with B-frames plays by HLS, and the tile says why", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  test.skip(!hasMediamtx(), NO_MEDIAMTX);
  test.skip(!WITH_B_FRAMES, NO_SHARED);
  const { gateway } = await oneCamera({ gatewayWith, camerasWith }, { clip: WITH_B_FRAMES ?? "" });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectPlaying("Till", "hls");
  await live.openTransport("Till");
  await expect(page.getByText(/B-frames/)).toBeVisible();
});

test("a browser that can play nothing says so", async ({ page, gatewayWith, camerasWith }) => {
  const { gateway } = await oneCamera({ gatewayWith, camerasWith }, { mediamtx: false });
  await page.addInitScript(() => {
    for (const name of ["RTCPeerConnection", "MediaSource", "VideoDecoder"])
      Reflect.deleteProperty(globalThis, name);
  });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectStatus("Till", "unsupported");
});

test("a person pins a camera to a transport, and lets go of it", async ({
  page,
  gatewayWith,
  camerasWith,
}) => {
  test.skip(!hasMediamtx(), NO_MEDIAMTX);
  const { gateway } = await oneCamera({ gatewayWith, camerasWith });
  const live = livePage(page);
  await live.open(gateway.url);
  await live.expectPlaying("Till", "webrtc");
  await live.pinCamera("Till", "HLS");
  await live.expectPlaying("Till", "hls");
  await page.reload();
  await live.expectPlaying("Till", "hls");
  await live.pinCamera("Till", /automatic/i);
  await live.expectPlaying("Till", "webrtc");
});
