/**
 * What a first try at analysis in a page looks like: a video, a canvas read back on the main thread, one session of
 * onnxruntime-web as it comes, the model's square input, one picture after the other. Counts them in `looked`.
 */
export const NAIVE_PAGE = `<!doctype html>
<meta charset="utf-8">
<title>naive</title>
<video muted loop playsinline src="/clip.mp4"></video>
<script type="module">
import * as ort from "/ort.mjs";

const SIDE = 416;
ort.env.wasm.wasmPaths = { wasm: "/ort-wasm-simd-threaded.wasm" };
const session = await ort.InferenceSession.create("/model.onnx", { executionProviders: ["wasm"] });
const video = document.querySelector("video");
await video.play();
const canvas = document.createElement("canvas");
canvas.width = canvas.height = SIDE;
const context = canvas.getContext("2d");

function readPicture() {
  const ratio = Math.min(SIDE / video.videoWidth, SIDE / video.videoHeight);
  context.fillStyle = "rgb(114, 114, 114)";
  context.fillRect(0, 0, SIDE, SIDE);
  context.drawImage(video, 0, 0, video.videoWidth * ratio, video.videoHeight * ratio);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const input = new Float32Array(3 * SIDE * SIDE);
  for (let at = 0; at < SIDE * SIDE; at++) {
    input[at] = data[4 * at + 2];
    input[at + SIDE * SIDE] = data[4 * at + 1];
    input[at + 2 * SIDE * SIDE] = data[4 * at];
  }
  return input;
}

function readPeople(head) {
  const people = [];
  for (let at = 0; at < head.length; at += 85) {
    const score = head[at + 4] * head[at + 5];
    if (score > 0.25) people.push(score);
  }
  return people;
}

globalThis.looked = 0;
for (;;) {
  const images = new ort.Tensor("float32", readPicture(), [1, 3, SIDE, SIDE]);
  const { output } = await session.run({ images });
  readPeople(output.data);
  globalThis.looked += 1;
  // the page must be able to draw
  await new Promise((resolve) => setTimeout(resolve));
}
</script>`;
