import type { Picture, Plane } from "../detector.ts";

/** The input of one network run: the picture fills `contentWidthPx` x `contentHeightPx` at the top left. */
export type InputSize = {
  widthPx: number;
  heightPx: number;
  contentWidthPx: number;
  contentHeightPx: number;
};

/** Grey around the picture, as in the training of YOLOX. */
const PAD = 114;

/**
 * Fits a picture into `longestPx` and rounds each side of the input up to a multiple of `strideMultiplePx`: 16:9 at
 * 416 becomes 416x256, which costs 0.6 of 416x416. `null` keeps the square.
 */
export function inputSizeFor(
  picture: { widthPx: number; heightPx: number },
  input: { widthPx: number; heightPx: number },
  strideMultiplePx: number | null,
): InputSize {
  const ratio = Math.min(input.widthPx / picture.widthPx, input.heightPx / picture.heightPx);
  const contentWidthPx = Math.max(1, Math.round(picture.widthPx * ratio));
  const contentHeightPx = Math.max(1, Math.round(picture.heightPx * ratio));
  const fit = (contentPx: number, wholePx: number) =>
    strideMultiplePx === null
      ? wholePx
      : Math.min(wholePx, Math.ceil(contentPx / strideMultiplePx) * strideMultiplePx);
  return {
    widthPx: fit(contentWidthPx, input.widthPx),
    heightPx: fit(contentHeightPx, input.heightPx),
    contentWidthPx,
    contentHeightPx,
  };
}

/**
 * Letterboxed BGR, NCHW, shape [1, 3, heightPx, widthPx], values 0..255, bilinear between pixel centres, padded below
 * and to the right. Writes every number of `into`, whose length is 3 * heightPx * widthPx.
 */
export function letterbox(picture: Picture, size: InputSize, into: Float32Array): void {
  pad(size, into);
  if (picture.pixels.kind === "yuv420") fromYuv(picture, picture.pixels, size, into);
  else fromRgbx(picture, picture.pixels, size, into);
}

function pad(size: InputSize, into: Float32Array): void {
  const planePx = size.widthPx * size.heightPx;
  for (let plane = 0; plane < 3 * planePx; plane += planePx) {
    into.fill(PAD, plane + size.contentHeightPx * size.widthPx, plane + planePx);
    if (size.contentWidthPx === size.widthPx) continue;
    for (let row = 0; row < size.contentHeightPx; row += 1) {
      const start = plane + row * size.widthPx;
      into.fill(PAD, start + size.contentWidthPx, start + size.widthPx);
    }
  }
}

/** For each target pixel of one axis: the two source pixels around its centre (in bytes) and the weight of the second. */
type Axis = { first: Int32Array; second: Int32Array; weight: Float32Array };

/** A few sizes of cameras in each of their planes. */
const AXES_AT_MOST = 32;
const axes = new Map<string, Axis>();

/** Tables depend on sizes alone and are made once. */
function axis(sourcePx: number, targetPx: number, bytesPerPx: number): Axis {
  const key = `${sourcePx}>${targetPx}x${bytesPerPx}`;
  const known = axes.get(key);
  if (known) return known;
  if (axes.size >= AXES_AT_MOST) axes.clear();
  const made = newAxis(sourcePx, targetPx, bytesPerPx);
  axes.set(key, made);
  return made;
}

function newAxis(sourcePx: number, targetPx: number, bytesPerPx: number): Axis {
  const made: Axis = {
    first: new Int32Array(targetPx),
    second: new Int32Array(targetPx),
    weight: new Float32Array(targetPx),
  };
  for (let at = 0; at < targetPx; at += 1) {
    const centre = ((at + 0.5) * sourcePx) / targetPx - 0.5;
    const clamped = Math.min(Math.max(centre, 0), sourcePx - 1);
    const first = Math.floor(clamped);
    made.first[at] = first * bytesPerPx;
    made.second[at] = Math.min(first + 1, sourcePx - 1) * bytesPerPx;
    made.weight[at] = clamped - first;
  }
  return made;
}

/** A row of each plane, used again for every row of every picture. */
const rows = [new Float32Array(), new Float32Array(), new Float32Array()];

function rowOf(index: 0 | 1 | 2, lengthPx: number): Float32Array {
  const row = rows[index];
  if (row && row.length >= lengthPx) return row;
  const made = new Float32Array(lengthPx);
  rows[index] = made;
  return made;
}

type Size = { widthPx: number; heightPx: number };
type Sampler = { bytes: Uint8Array; plane: Plane; across: Axis; down: Axis; values: Float32Array };

function planeSampler(
  bytes: Uint8Array,
  plane: Plane,
  source: Size,
  target: Size,
  index: 0 | 1 | 2,
): Sampler {
  return {
    bytes,
    plane,
    across: axis(source.widthPx, target.widthPx, plane.stepBytes),
    down: axis(source.heightPx, target.heightPx, plane.strideBytes),
    values: rowOf(index, target.widthPx),
  };
}

/** Fills the sampler's row with a bilinear row of its plane, 0..255. */
function sampleRow({ bytes, plane, across, down, values }: Sampler, row: number): void {
  const { first, second, weight } = across;
  const top = plane.offset + (down.first[row] ?? 0);
  const bottom = plane.offset + (down.second[row] ?? 0);
  const fall = down.weight[row] ?? 0;
  for (let x = 0; x < first.length; x += 1) {
    // In bounds by construction; `?? 0` satisfies the index check without a branch the compiler keeps.
    const left = first[x] ?? 0;
    const right = second[x] ?? 0;
    const run = weight[x] ?? 0;
    const topLeft = bytes[top + left] ?? 0;
    const bottomLeft = bytes[bottom + left] ?? 0;
    const above = topLeft + ((bytes[top + right] ?? 0) - topLeft) * run;
    const below = bottomLeft + ((bytes[bottom + right] ?? 0) - bottomLeft) * run;
    values[x] = above + (below - above) * fall;
  }
}

type Yuv = Extract<Picture["pixels"], { kind: "yuv420" }>;

/** ITU-R BT.601 and BT.709: how much of Cb and Cr goes into blue, green and red. */
const MATRIX = {
  bt601: { blueU: 1.772, greenU: 0.344136, greenV: 0.714136, redV: 1.402 },
  bt709: { blueU: 1.8556, greenU: 0.187324, greenV: 0.468124, redV: 1.5748 },
};

function fromYuv(picture: Picture, pixels: Yuv, size: InputSize, into: Float32Array): void {
  const target = { widthPx: size.contentWidthPx, heightPx: size.contentHeightPx };
  const half = { widthPx: (picture.widthPx + 1) >> 1, heightPx: (picture.heightPx + 1) >> 1 };
  const luma = planeSampler(picture.bytes, pixels.y, picture, target, 0);
  const blueness = planeSampler(picture.bytes, pixels.u, half, target, 1);
  const redness = planeSampler(picture.bytes, pixels.v, half, target, 2);
  const [lumaRow, uRow, vRow] = [luma.values, blueness.values, redness.values];
  const { blueU, greenU, greenV, redV } = MATRIX[pixels.matrix];
  // Limited range: luma 16..235, chroma 16..240.
  const black = pixels.fullRange ? 0 : 16;
  const lumaGain = pixels.fullRange ? 1 : 255 / 219;
  const chromaGain = pixels.fullRange ? 1 : 255 / 224;
  const planePx = size.widthPx * size.heightPx;
  for (let row = 0; row < target.heightPx; row += 1) {
    sampleRow(luma, row);
    sampleRow(blueness, row);
    sampleRow(redness, row);
    let at = row * size.widthPx;
    for (let x = 0; x < target.widthPx; x += 1, at += 1) {
      const grey = ((lumaRow[x] ?? 0) - black) * lumaGain;
      const u = ((uRow[x] ?? 0) - 128) * chromaGain;
      const v = ((vRow[x] ?? 0) - 128) * chromaGain;
      into[at] = clamp(grey + blueU * u);
      into[at + planePx] = clamp(grey - greenU * u - greenV * v);
      into[at + 2 * planePx] = clamp(grey + redV * v);
    }
  }
}

function fromRgbx(
  picture: Picture,
  pixels: { offset: number; strideBytes: number },
  size: InputSize,
  into: Float32Array,
): void {
  const target = { widthPx: size.contentWidthPx, heightPx: size.contentHeightPx };
  const planePx = size.widthPx * size.heightPx;
  for (let colour = 0; colour < 3; colour += 1) {
    const plane = { offset: pixels.offset + colour, strideBytes: pixels.strideBytes, stepBytes: 4 };
    const sampler = planeSampler(picture.bytes, plane, picture, target, 0);
    const values = sampler.values.subarray(0, target.widthPx);
    // Bytes are red, green, blue; the network wants blue first.
    const start = (2 - colour) * planePx;
    for (let row = 0; row < target.heightPx; row += 1) {
      sampleRow(sampler, row);
      into.set(values, start + row * size.widthPx);
    }
  }
}

const clamp = (value: number): number => (value < 0 ? 0 : Math.min(value, 255));
