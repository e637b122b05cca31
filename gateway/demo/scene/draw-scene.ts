import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createScene } from "./scene.ts";
import { SCENE } from "./story.ts";
import { sceneTruth } from "./truth.ts";

/**
 * Draws `shop-scene.mp4` and its list of who is where when. Only needed after a change to the scene; wants ffmpeg.
 * The same ffmpeg makes the same file.
 */
const ENCODER = [
  "-c:v libx264 -preset veryslow -crf 31 -x264-params ip_factor=1.15 -threads 1 -pix_fmt yuv420p",
  // baseline and no B-frames: every browser plays it, by every transport, without holding pictures back
  "-profile:v baseline -bf 0 -g 15 -keyint_min 15 -sc_threshold 0",
  "-colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m -color_range tv",
  "-bsf:v filter_units=remove_types=6 -fflags +bitexact -flags:v +bitexact -map_metadata -1 -movflags +faststart",
].flatMap((line) => line.split(" "));

const output = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

function startEncoder(): ChildProcess {
  const size = `${SCENE.widthPx}x${SCENE.heightPx}`;
  const input = `-y -v error -f rawvideo -pix_fmt rgb24 -s ${size} -r ${SCENE.fps} -i -`.split(" ");
  const scale = ["-vf", "scale=out_color_matrix=smpte170m:out_range=tv:flags=accurate_rnd+bitexact"];
  return spawn("ffmpeg", [...input, ...scale, ...ENCODER, output("shop-scene.mp4")], {
    stdio: ["pipe", "inherit", "inherit"],
  });
}

const encoder = startEncoder();
const scene = createScene();
const frames = (SCENE.lengthMs * SCENE.fps) / 1000;
for (let frame = 0; frame < frames; frame++) {
  const { pixels } = scene.drawAt(Math.round((frame * 1000) / SCENE.fps));
  if (!encoder.stdin?.write(Buffer.from(pixels))) await once(encoder.stdin ?? encoder, "drain");
}
encoder.stdin?.end();
const [exitCode] = await once(encoder, "close");
if (exitCode !== 0) throw new Error(`ffmpeg ended with ${exitCode}`);
await writeFile(output("shop-scene.truth.json"), `${JSON.stringify(sceneTruth(), null, 2)}\n`);
