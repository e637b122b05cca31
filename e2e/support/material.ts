import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "./processes.ts";

/** The folder of models and clips that may lie beside the project. */
export const SHARED = join(ROOT, "..", "shared");

/** A clip of the shared folder, or undefined where it is missing. */
export function sharedClip(name: string): string | undefined {
  const file = join(SHARED, "footage", name);
  return existsSync(file) ? file : undefined;
}

export const hasRealModel = (): boolean => existsSync(join(SHARED, "models", "yolox_nano.onnx"));

/** The drawn shop scene that comes with the project. */
export const SHOP_SCENE = join(ROOT, "gateway", "demo", "shop-scene.mp4");

/** Pictures a second of the drawn scene, each with a clock of its own (scene-clock.ts). */
export const SHOP_SCENE_FPS = 15;

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));

export const ffmpegFile = (): string | undefined => onPath("ffmpeg");
export const NO_FFMPEG = "no ffmpeg on this machine";

/** The MediaMTX that a gateway of the tests would run, if there is one. */
export const mediamtxFile = (): string | undefined =>
  process.env.GUARITA_MEDIAMTX || onPath(process.platform === "win32" ? "mediamtx.exe" : "mediamtx");

/** WebRTC and HLS need a real MediaMTX. */
export const hasMediamtx = (): boolean => mediamtxFile() !== undefined;

export const NO_MEDIAMTX = "no MediaMTX on this machine";
export const NO_SHARED = "the shared models and clips are not beside the project";
