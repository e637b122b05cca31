import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ffmpegFile, NO_FFMPEG, NO_SHARED, SHARED, sharedClip } from "./material.ts";

/** What stands on the drawn plate. */
export const CLIP_PLATE = "ANT2358";

const LOT = sharedClip("person-bicycle-car-detection.mp4");
const PLATE = join(SHARED, "images", "synthetic-plates", `${CLIP_PLATE}.jpg`);

/** Why no such clip can be made here, or null. */
export function plateClipObstacle(): string | null {
  if (!LOT || !existsSync(PLATE)) return NO_SHARED;
  return ffmpegFile() ? null : NO_FFMPEG;
}

/**
 * Makes a clip of 16 s in `folder`: a car with a drawn plate rolls through an empty car park, from second 3 to second
 * 12. The car is a real one, cut from a picture of a real car park. Returns the file.
 */
export function makePlateClip(folder: string): string {
  const file = join(folder, "plate.mp4");
  const lot = "[0:v]crop=384:288:0:60,scale=1280:960,loop=-1:1:0,setpts=N/10/TB";
  const graph = [
    `${lot},split[left][right]`,
    "[right]crop=640:960:640:0,scale=1280:960[empty]",
    "[left]crop=340:600:0:120[plain]",
    "[1:v]crop=200:80:218:262,scale=150:-1[plate]",
    "[plain][plate]overlay=x=165:y=182[car]",
    "[empty][car]overlay=x='if(between(t,3,12),20+6*(t-3),-400)':y=120[all]",
  ];
  const input = ["-ss", "3", "-i", LOT ?? "", "-loop", "1", "-i", PLATE];
  const coding = "-r 10 -g 10 -bf 0 -c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p".split(" ");
  const output = ["-map", "[all]", "-t", "16", ...coding, file];
  const filter = ["-filter_complex", graph.join(";")];
  execFileSync(ffmpegFile() ?? "", ["-loglevel", "error", "-y", ...input, ...filter, ...output]);
  return file;
}
