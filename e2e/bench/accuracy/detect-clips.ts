import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as ort from "onnxruntime-web/wasm";
import type { Detection, Picture } from "../../../web/vision/detector.ts";
import { aModel } from "../../../web/vision/worker/examples.memory.ts";
import { createOnnxDetector } from "../../../web/vision/worker/onnx-detector.ts";

// Runs the default model once over the clips of ../shared/footage, a picture a second, and writes what it found to
// web/vision/worker/clip-detections.json: the tests of the rules on clips then need neither clips nor a model.
// `npm run bench accuracy -- --only happenings` says how well the rules tell what happens there.
// `node e2e/bench/accuracy/detect-clips.ts && npm run format`, with ffmpeg on the path.

const root = new URL("../../../", import.meta.url);
const FOOTAGE = new URL("../shared/footage/", root);
const MODEL = new URL("../shared/models/yolox_nano.onnx", root);
const LABELS = new URL("../shared/models/coco_classes.txt", root);
const OUT = new URL("web/vision/worker/clip-detections.json", root);

/** `everyNth` picture of the file is a second after the one before. */
const CLIPS = [
  { name: "one-by-one-person-detection-40s", everyNth: 10, widthPx: 768, heightPx: 432 },
  { name: "classroom-preview-pingpong", everyNth: 12, widthPx: 480, heightPx: 270 },
  { name: "store-aisle-detection-preview-pingpong", everyNth: 12, widthPx: 480, heightPx: 270 },
  { name: "bottle-detection", everyNth: 30, widthPx: 640, heightPx: 360 },
  { name: "worker-zone-detection-preview-pingpong", everyNth: 12, widthPx: 480, heightPx: 270 },
];
type Clip = (typeof CLIPS)[number];

function* picturesOf({ name, everyNth, widthPx, heightPx }: Clip): Generator<Picture> {
  const input = new URL(`${name}.mp4`, FOOTAGE).pathname;
  const filter = ["-vf", `select=not(mod(n\\,${everyNth}))`, "-fps_mode", "vfr"];
  const raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"];
  const all = execFileSync("ffmpeg", ["-v", "error", "-i", input, ...filter, ...raw], {
    maxBuffer: 1_000_000_000,
  });
  const chromaPx = Math.ceil(widthPx / 2);
  const lumaBytes = widthPx * heightPx;
  const chromaBytes = chromaPx * Math.ceil(heightPx / 2);
  const sizeBytes = lumaBytes + 2 * chromaBytes;
  for (let at = 0; at + sizeBytes <= all.length; at += sizeBytes) {
    const chroma = (offset: number) => ({ offset, strideBytes: chromaPx, stepBytes: 1 });
    yield {
      widthPx,
      heightPx,
      bytes: new Uint8Array(all.subarray(at, at + sizeBytes)),
      pixels: {
        kind: "yuv420",
        y: { offset: 0, strideBytes: widthPx, stepBytes: 1 },
        u: chroma(lumaBytes),
        v: chroma(lumaBytes + chromaBytes),
        matrix: "bt601",
        fullRange: false,
      },
    };
  }
}

async function openDetector() {
  ort.env.wasm.numThreads = 1;
  const labels = readFileSync(LABELS, "utf8").trim().split(/\r?\n/);
  const runtime = {
    executionProvider: "wasm",
    createSession: (bytes: Uint8Array) =>
      ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] }),
    makeTensor: (data: Float32Array, dims: number[]) => new ort.Tensor("float32", data, dims),
  };
  const entry = { ...aModel({ labels }), askedLabels: ["bottle"] };
  return createOnnxDetector(runtime, entry, new Uint8Array(readFileSync(MODEL)));
}

const fine = (value: number): number => Math.round(value * 1_000) / 1_000;

/** One row: label, score, left, top, width, height. */
const rowOf = ({ label, score, box }: Detection) =>
  [label, ...[score, box.left, box.top, box.width, box.height].map(fine)] as const;

if (!existsSync(FOOTAGE) || !existsSync(MODEL)) {
  console.log("skipped: the shared footage or model is not beside the project");
  process.exit(0);
}
const detector = await openDetector();
const found: Record<string, { aspect: number; looks: ReturnType<typeof rowOf>[][] }> = {};
for (const clip of CLIPS) {
  const looks = [];
  for (const picture of picturesOf(clip)) looks.push((await detector.detect(picture)).found.map(rowOf));
  found[clip.name] = { aspect: fine(clip.widthPx / clip.heightPx), looks };
  console.log(`${clip.name}: ${looks.length} pictures`);
}
writeFileSync(OUT, `${JSON.stringify(found)}\n`);
