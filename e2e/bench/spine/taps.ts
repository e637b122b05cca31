import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { parseAccessUnit } from "#contract/access-unit.ts";
import { paths } from "#contract/paths.ts";
import type { TapRequest } from "#contract/taps.ts";
import { startCameras } from "../../support/cameras.ts";
import { startGateway } from "../../support/gateway.ts";
import { SHOP_SCENE } from "../../support/material.ts";
import { cpuSeconds, rssMb } from "../../support/usage.ts";
import type { Bench } from "../report.ts";

const CAMERAS = 100;
const SETTLE_MS = 10_000;
const MEASURE_MS = 20_000;

/** The gateway's share of a core, and its memory, while one page takes key frames of 100 cameras (640x360, 15 fps). */
export const tapsBench: Bench = {
  name: "taps",
  async run(report) {
    const cameras = await startCameras({ clip: SHOP_SCENE, cameras: CAMERAS });
    const gateway = await startGateway({ mediamtx: false });
    try {
      const ids: string[] = [];
      for (let i = 0; i < CAMERAS; i++) {
        ids.push((await gateway.addCamera({ name: `Camera ${i}`, mainAddress: cameras.address(i) })).id);
      }
      const socket = new WebSocket(gateway.url.replace("http", "ws") + paths.taps);
      socket.binaryType = "arraybuffer";
      const seen = new Map<number, number>();
      socket.on("message", (data, isBinary) => {
        // arraybuffer was asked for above
        if (isBinary) {
          const { subscriptionId } = parseAccessUnit(data as ArrayBuffer);
          seen.set(subscriptionId, (seen.get(subscriptionId) ?? 0) + 1);
        }
      });
      await new Promise((resolve) => socket.once("open", resolve));
      for (const [id, cameraId] of ids.entries()) {
        const request: TapRequest = { type: "subscribe", id, cameraId, stream: "main", frames: "key" };
        socket.send(JSON.stringify(request));
      }
      await sleep(SETTLE_MS);
      seen.clear();
      const { pid } = gateway.process();
      const [cpuBefore, startedAtMs] = [cpuSeconds(pid), performance.now()];
      await sleep(MEASURE_MS);
      const seconds = (performance.now() - startedAtMs) / 1000;
      report.add("taps.cpu_percent_100", ((cpuSeconds(pid) - cpuBefore) / seconds) * 100, "%");
      report.add("taps.rss_mb_100", rssMb(pid), "MB");
      const pictures = [...seen.values()].reduce((total, count) => total + count, 0);
      report.add("taps.key_frames_per_s_100", pictures / seconds, "1/s");
      if (seen.size < CAMERAS) throw new Error(`only ${seen.size} of ${CAMERAS} cameras sent pictures`);
      socket.close();
    } finally {
      await gateway.stop();
      await cameras.stop();
    }
  },
};
