import { setTimeout as sleep } from "node:timers/promises";
import { startCameras } from "../../support/cameras.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { type KeyFrames, takeKeyFrames } from "../../support/key-frames.ts";
import { SHOP_SCENE } from "../../support/material.ts";
import { cpuSeconds, rssMb } from "../../support/usage.ts";
import type { Bench } from "../report.ts";

const CAMERAS = 100;
const SETTLE_MS = 10_000;
const MEASURE_MS = 20_000;

/** A gateway with 100 cameras (640x360, 15 fps) whose key frames somebody takes. */
export type TappedGateway = { gateway: Gateway } & Pick<KeyFrames, "takeSeen">;

export async function withTappedGateway(
  { mediamtx, analysed }: { mediamtx: boolean; analysed: boolean },
  run: (tapped: TappedGateway) => Promise<void>,
): Promise<void> {
  const cameras = await startCameras({ clip: SHOP_SCENE, cameras: CAMERAS });
  const gateway = await startGateway({ mediamtx });
  try {
    const ids: string[] = [];
    for (let i = 0; i < CAMERAS; i++) {
      const camera = { name: `Camera ${i}`, mainAddress: cameras.address(i), analysed };
      ids.push((await gateway.addCamera(camera)).id);
    }
    const taken = await takeKeyFrames(gateway.url, ids);
    await sleep(SETTLE_MS);
    await run({ gateway, takeSeen: taken.takeSeen });
    taken.close();
  } finally {
    await gateway.stop();
    await cameras.stop();
  }
}

/** Shares of a core that processes spend while the key frames are taken. Throws where a camera sends none. */
export async function measureTaps({ takeSeen }: TappedGateway, pids: number[]) {
  takeSeen();
  const [before, startedAtMs] = [pids.map(cpuSeconds), performance.now()];
  await sleep(MEASURE_MS);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const cpuPercents = pids.map((pid, index) => ((cpuSeconds(pid) - (before[index] ?? 0)) / seconds) * 100);
  const { pictures, cameras } = takeSeen();
  if (cameras < CAMERAS) throw new Error(`only ${cameras} of ${CAMERAS} cameras sent pictures`);
  return { cpuPercents, keyFramesPerS: pictures / seconds };
}

/** The gateway's share of a core, and its memory, while one page takes key frames of 100 cameras. */
export const tapsBench: Bench = {
  name: "taps",
  async run(report) {
    await withTappedGateway({ mediamtx: false, analysed: true }, async (tapped) => {
      const { pid } = tapped.gateway.process();
      const { cpuPercents, keyFramesPerS } = await measureTaps(tapped, [pid]);
      report.add("taps.cpu_percent_100", cpuPercents[0] ?? Number.NaN, "%");
      report.add("taps.rss_mb_100", rssMb(pid), "MB");
      report.add("taps.key_frames_per_s_100", keyFramesPerS, "1/s");
    });
  },
};
