import type { FractionBox } from "#contract/payloads.ts";
import type { Picture, Plane } from "../detector.ts";

/** `box` grown on each side by `fraction` of its own width or height; may reach beyond the picture. */
export const padded = (box: FractionBox, fraction: number): FractionBox => ({
  left: box.left - fraction * box.width,
  top: box.top - fraction * box.height,
  width: box.width * (1 + 2 * fraction),
  height: box.height * (1 + 2 * fraction),
});

/** A part of a picture, and where exactly it lies in it, in fractions. */
export type Crop = { picture: Picture; box: FractionBox };

export const wholeOf = (picture: Picture): Crop => ({
  picture,
  box: { left: 0, top: 0, width: 1, height: 1 },
});

/**
 * What of `picture` lies in `box`, as a picture of its own over the same bytes: nothing is copied. The edges are moved
 * outwards to even pixels, where a chroma sample begins, and clipped to the picture; at least 2 x 2 pixels are left.
 */
export function cropOf(picture: Picture, box: FractionBox): Crop {
  const { widthPx, heightPx } = picture;
  const across = span(box.left * widthPx, (box.left + box.width) * widthPx, widthPx);
  const down = span(box.top * heightPx, (box.top + box.height) * heightPx, heightPx);
  return {
    picture: {
      ...picture,
      widthPx: across.lengthPx,
      heightPx: down.lengthPx,
      pixels: shifted(picture, across.startPx, down.startPx),
    },
    box: {
      left: across.startPx / widthPx,
      top: down.startPx / heightPx,
      width: across.lengthPx / widthPx,
      height: down.lengthPx / heightPx,
    },
  };
}

function span(fromPx: number, toPx: number, wholePx: number): { startPx: number; lengthPx: number } {
  const lastStartPx = Math.max(0, (Math.floor(wholePx / 2) - 1) * 2);
  const startPx = Math.min(lastStartPx, Math.max(0, Math.floor(fromPx / 2) * 2));
  const endPx = Math.min(wholePx, Math.max(startPx + 2, Math.ceil(toPx / 2) * 2));
  return { startPx, lengthPx: endPx - startPx };
}

function shifted({ pixels }: Picture, leftPx: number, topPx: number): Picture["pixels"] {
  if (pixels.kind === "rgbx")
    return { ...pixels, offset: pixels.offset + topPx * pixels.strideBytes + 4 * leftPx };
  const move = (plane: Plane, x: number, y: number): Plane => ({
    ...plane,
    offset: plane.offset + y * plane.strideBytes + x * plane.stepBytes,
  });
  return {
    ...pixels,
    y: move(pixels.y, leftPx, topPx),
    u: move(pixels.u, leftPx / 2, topPx / 2),
    v: move(pixels.v, leftPx / 2, topPx / 2),
  };
}

/** A box of the crop, in fractions of the crop, in fractions of the picture it was cut from. */
export const outOf = (crop: Crop, box: FractionBox): FractionBox => ({
  left: crop.box.left + box.left * crop.box.width,
  top: crop.box.top + box.top * crop.box.height,
  width: box.width * crop.box.width,
  height: box.height * crop.box.height,
});
