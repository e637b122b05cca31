import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, chromium } from "@playwright/test";
import { type SimulatedCameras, startCameras } from "../../support/cameras.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { SHOP_SCENE } from "../../support/material.ts";
import { browserOptions } from "../browser.ts";
import type { Report } from "../report.ts";
import { type MediamtxPages, startMediamtxPages } from "./mediamtx-pages.ts";
import type { Way } from "./view.ts";

const MEDIA_TIMEOUT_MS = 15_000;

/** Simulated cameras, a gateway that knows them, and a browser; all end with the measurement. */
export type Stage = {
  cameras: SimulatedCameras;
  gateway: Gateway;
  cameraIds: string[];
  browser: Browser;
  /** The gateway's MediaMTX runs. */
  hasMedia: boolean;
};

export const cameraName = (index: number): string => `Camera ${index + 1}`;

export async function withStage(
  { count, report }: { count: number; report: Report },
  run: (stage: Stage) => Promise<void>,
): Promise<void> {
  const cameras = await startCameras({ clip: SHOP_SCENE, cameras: count });
  const gateway = await startGateway();
  const browser = await chromium.launch(browserOptions());
  try {
    const cameraIds: string[] = [];
    for (let i = 0; i < count; i++) {
      const camera = { name: cameraName(i), mainAddress: cameras.address(i), analysed: false };
      cameraIds.push((await gateway.addCamera(camera)).id);
    }
    const obstacle = await mediaObstacle(gateway);
    if (obstacle) report.skip("everything by webrtc and hls", obstacle);
    await run({ cameras, gateway, cameraIds, browser, hasMedia: !obstacle });
  } finally {
    await browser.close();
    await gateway.stop();
    await cameras.stop();
  }
}

/** Why the gateway has no MediaMTX to play by, or undefined once it runs. */
export async function mediaObstacle(gateway: Gateway): Promise<string | undefined> {
  const untilMs = Date.now() + MEDIA_TIMEOUT_MS;
  for (;;) {
    const { status, reason } = (await gateway.health()).media;
    if (status === "running") return undefined;
    const isStarting = status === "starting" || status === "restarting";
    if (!isStarting || Date.now() > untilMs)
      return `MediaMTX is ${status}: ${reason ?? "no reason was given"}`;
    await sleep(200);
  }
}

/** MediaMTX's own pages of the same cameras, or undefined, said by name, where they cannot be had. */
export async function tryMediamtxPages(
  { cameras, hasMedia }: Stage,
  { count, report }: { count: number; report: Report },
): Promise<MediamtxPages | undefined> {
  if (!hasMedia) return undefined;
  try {
    return await startMediamtxPages(Array.from({ length: count }, (_, index) => cameras.address(index)));
  } catch (error) {
    report.skip("everything on MediaMTX's own pages", error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Our page by each transport that this machine can play by. */
export function pinnedWays({ gateway, hasMedia }: Stage): Way[] {
  const transports = hasMedia ? (["webrtc", "hls", "direct"] as const) : (["direct"] as const);
  return transports.map((transport) => ({ name: transport, url: gateway.url, transport }));
}

/** Our page as it comes. */
export const ladderWay = ({ gateway }: Stage): Way => ({ name: "ladder", url: gateway.url });

/** MediaMTX's own pages of the first camera. */
export function mediamtxWays(pages: MediamtxPages | undefined): Way[] {
  if (!pages) return [];
  return [
    { name: "mediamtx_page", url: pages.webrtc(0) },
    { name: "mediamtx_hls_page", url: pages.hls(0) },
  ];
}
