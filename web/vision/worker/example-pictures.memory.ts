import type { Picture } from "../detector.ts";

/** For tests: numbers from 0 to 1 that follow no pattern, the same in every run. */
export function aRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

export type Brightness = (x: number, y: number) => number;

/** For tests: a picture of which brightness alone is told; its colours are grey. */
export function aPicture(brightness: Brightness, { widthPx = 640, heightPx = 360 } = {}): Picture {
  const lumaBytes = widthPx * heightPx;
  const bytes = new Uint8Array((lumaBytes * 3) / 2).fill(128, lumaBytes);
  for (let y = 0, at = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1, at += 1) {
      bytes[at] = Math.max(0, Math.min(255, Math.round(brightness(x, y))));
    }
  }
  const chroma = { strideBytes: widthPx / 2, stepBytes: 1 };
  return {
    widthPx,
    heightPx,
    bytes,
    pixels: {
      kind: "yuv420",
      y: { offset: 0, strideBytes: widthPx, stepBytes: 1 },
      u: { offset: lumaBytes, ...chroma },
      v: { offset: lumaBytes + lumaBytes / 4, ...chroma },
      matrix: "bt601",
      fullRange: false,
    },
  };
}
