/**
 * The clock of the drawn demo clip, in the picture itself: a strip of dark and light blocks along the bottom edge. Both
 * the one who draws it and the one who measures how old a picture is use this file. Positions are fractions of the
 * picture, so that it can be read at any size; a shortened or covered strip is noticed and not misread.
 *
 * Left to right: light, dark (what light and dark look like), 20 bits of milliseconds since the clip's start, highest
 * first, 8 bits of checksum, dark, light.
 */
export const SCENE_CLOCK = {
  blocks: 32,
  /** Height of the strip as a fraction of the picture's: 14 pixels of 360. */
  heightFraction: 14 / 360,
  maxMs: 2 ** 20 - 1,
};

/** Which blocks are light, left to right. */
export function sceneClockBlocks(clipMs: number): boolean[] {
  const bits = (value: number, count: number): boolean[] =>
    Array.from({ length: count }, (_, index) => ((value >> (count - 1 - index)) & 1) === 1);
  const checksum = ((clipMs >> 12) * 29 + (clipMs >> 6) * 13 + clipMs * 7 + 0x5a) & 0xff;
  return [true, false, ...bits(clipMs, 20), ...bits(checksum, 8), false, true];
}

/**
 * Milliseconds since the clip's start, or undefined where the picture shows no whole clock. `pixels` holds the picture
 * row by row, `step` values a pixel, the one at `offset` standing for its brightness: a luma plane, or RGBA with step 4
 * and offset 1. Refers to nothing outside itself, so that a test can run its source inside a page.
 */
export function readSceneClock(
  pixels: { readonly [index: number]: number },
  widthPx: number,
  heightPx: number,
  step = 1,
  offset = 0,
): number | undefined {
  const stripPx = (heightPx * 14) / 360;
  const rows = [0.35, 0.5, 0.65].map((part) => Math.floor(heightPx - stripPx * part));
  const levels = Array.from({ length: 32 }, (_, block) => {
    const columns = [0.35, 0.5, 0.65].map((part) => Math.floor(((block + part) * widthPx) / 32));
    const samples = rows.flatMap((y) => columns.map((x) => pixels[(y * widthPx + x) * step + offset] ?? 0));
    return samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  });
  const light = ((levels[0] ?? 0) + (levels[31] ?? 0)) / 2;
  const dark = ((levels[1] ?? 0) + (levels[30] ?? 0)) / 2;
  if (light - dark < 60) return undefined;
  const isLight = levels.map((level) => level > (light + dark) / 2);
  const guards = isLight[0] && !isLight[1] && !isLight[30] && isLight[31];
  const number = (from: number, to: number): number =>
    isLight.slice(from, to).reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
  const clipMs = number(2, 22);
  const checksum = ((clipMs >> 12) * 29 + (clipMs >> 6) * 13 + clipMs * 7 + 0x5a) & 0xff;
  return guards && number(22, 30) === checksum ? clipMs : undefined;
}
