import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHOP_SCENE, sharedClip } from "../../support/material.ts";

export type Scenes = { moving: string; still: string; remove(): void };

/** What ffmpeg is told to encode as a sub stream comes: 15 pictures and one key frame a second. */
export const AS_A_SUB_STREAM =
  "-an -r 15 -c:v libx264 -preset veryfast -crf 26 -g 15 -keyint_min 15 -sc_threshold 0 -bf 0 -pix_fmt yuv420p".split(
    " ",
  );
const SIZE = "scale=640:360:force_original_aspect_ratio=increase,crop=640:360";
/** A sensor at night. */
const NOISE = "noise=alls=8:allf=t";

/** People, whom every picture must be looked at for, and a place with nobody in it. Throws where ffmpeg is missing. */
export function makeScenes(): Scenes {
  const folder = mkdtempSync(join(tmpdir(), "guarita-bench-scenes-"));
  const moving = join(folder, "moving.mp4");
  const still = join(folder, "still.mp4");
  const frame = join(folder, "frame.png");
  const people = sharedClip("classroom-preview-pingpong.mp4") ?? SHOP_SCENE;
  const place = sharedClip("bottle-detection.mp4");
  const ffmpeg = (...args: string[]) => execFileSync("ffmpeg", ["-v", "error", "-y", ...args]);
  try {
    ffmpeg("-i", people, "-t", "30", "-vf", SIZE, ...AS_A_SUB_STREAM, moving);
    const source = place ? ["-i", place] : ["-f", "lavfi", "-i", "smptebars=s=640x360"];
    ffmpeg(...source, "-frames:v", "1", "-vf", SIZE, frame);
    ffmpeg(
      "-loop",
      "1",
      "-framerate",
      "15",
      "-i",
      frame,
      "-t",
      "20",
      "-vf",
      NOISE,
      ...AS_A_SUB_STREAM,
      still,
    );
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return { moving, still, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
