import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "../kernel/logger.ts";
import { type Clip, loadClip } from "./clip.ts";
import { type CameraPlan, createSimulatedCameras, type SimulatedCameras } from "./simulated-cameras.ts";

export type DemoCamera = {
  name: string;
  place: string;
  /** For the gateway's camera list; good until `stop`. */
  address: string;
  /** File name of the clip it loops. */
  clip: string;
  /** True for the drawn shop, the only pictures the demonstration detector understands. */
  drawn: boolean;
  /** Whom to name beside the picture. */
  credit?: string;
};

type DemoCamerasDeps = {
  nowMs: () => number;
  log: Logger;
  /** Default 4. */
  count?: number;
  /** Folder with real clips, shown after the drawn shop where they are found; null for none. Default: beside the project. */
  sharedFootage?: string | null;
};

type Part = Omit<DemoCamera, "address"> & { path: string; file: string; aheadMs: number };

const PLACE = "Loja de demonstração";
const SHOP_SCENE = fileURLToPath(new URL("shop-scene.mp4", import.meta.url));
const BESIDE_THE_PROJECT = fileURLToPath(new URL("../../../shared/footage", import.meta.url));
const FOOTAGE_CREDIT = "Sample videos by Intel, CC BY 4.0, modified";
const FOOTAGE = [
  { path: "corredor", name: "Corredor (demonstração)", clip: "store-aisle-detection-preview-pingpong.mp4" },
  { path: "balcao", name: "Balcão (demonstração)", clip: "one-by-one-person-detection-40s.mp4" },
  { path: "sala", name: "Sala (demonstração)", clip: "classroom-preview-pingpong.mp4" },
];

/** Starts the cameras of `--demo` on loopback. Returns at once: a clip is read when its camera is first asked for. */
export async function startDemoCameras(deps: DemoCamerasDeps): Promise<{
  cameras: DemoCamera[];
  /** For faults on command. */
  simulated: SimulatedCameras;
  stop(): Promise<void>;
}> {
  const { nowMs, log, count = 4, sharedFootage = BESIDE_THE_PROJECT } = deps;
  const parts = chooseParts(count, sharedFootage);
  const clips = new Map(parts.map(({ file }) => [file, once(() => loadClip(file))] as const));
  const plans = parts.map(({ path, file, aheadMs }): CameraPlan => {
    const clip = clips.get(file);
    if (clip === undefined) throw new Error(`${file} was left out`);
    return { path, clip, aheadMs };
  });
  const simulated = createSimulatedCameras({ cameras: plans, nowMs, log });
  await simulated.start();
  const cameras = parts.map(
    ({ path, name, place, clip, drawn, credit }): DemoCamera => ({
      name,
      place,
      address: simulated.addressOf(path),
      clip,
      drawn,
      ...(credit !== undefined && { credit }),
    }),
  );
  return { cameras, simulated, stop: simulated.stop };
}

/** The drawn shop first; then each real clip that is there; then the shop again, at other moments of its day. */
function chooseParts(count: number, folder: string | null): Part[] {
  const footage = FOOTAGE.flatMap(({ path, name, clip }): Part[] => {
    const file = folder === null ? "" : join(folder, clip);
    if (!existsSync(file)) return [];
    return [{ path, name, place: PLACE, clip, file, drawn: false, credit: FOOTAGE_CREDIT, aheadMs: 0 }];
  });
  const shops = Array.from({ length: count }, (_, index): Part => {
    const number = index === 0 ? "" : ` ${index + 1}`;
    return {
      path: `caixa${index + 1}`,
      name: `Caixa${number} (demonstração)`,
      place: PLACE,
      clip: "shop-scene.mp4",
      file: SHOP_SCENE,
      drawn: true,
      // people are in the picture as soon as somebody looks
      aheadMs: 4_000 + index * 11_000,
    };
  });
  return [...shops.slice(0, 1), ...footage, ...shops.slice(1)].slice(0, count);
}

/** What could not be read is tried again by the next who asks. */
function once(load: () => Promise<Clip>): () => Promise<Clip> {
  let loaded: Promise<Clip> | undefined;
  return () => {
    loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
}
