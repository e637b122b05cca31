import type { Picture } from "../detector.ts";

/** 640x360, the size of many sub streams. */
const SIZE = { widthPx: 640, heightPx: 360 };

export const greyPicture = (): Picture => drawn(() => 128);

/** Blocks of many shades, always the same ones. */
export const patternPicture = (): Picture =>
  drawn((at) => {
    const column = Math.floor((at % SIZE.widthPx) / 20);
    const row = Math.floor(at / SIZE.widthPx / 20);
    return (column * 73 + row * 151 + column * row * 37) % 256;
  });

function drawn(valueAt: (at: number) => number): Picture {
  const { widthPx, heightPx } = SIZE;
  const lumaBytes = widthPx * heightPx;
  const chromaBytes = lumaBytes / 4;
  const plane = (offset: number, strideBytes: number) => ({ offset, strideBytes, stepBytes: 1 });
  return {
    ...SIZE,
    bytes: Uint8Array.from({ length: lumaBytes + 2 * chromaBytes }, (_, at) => valueAt(at)),
    pixels: {
      kind: "yuv420",
      y: plane(0, widthPx),
      u: plane(lumaBytes, widthPx / 2),
      v: plane(lumaBytes + chromaBytes, widthPx / 2),
      matrix: "bt601",
      fullRange: false,
    },
  };
}
