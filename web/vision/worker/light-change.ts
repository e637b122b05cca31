/** Differences are counted in bins of a quarter of a grey level, from -64 to 64. */
const BINS_PER_LEVEL = 4;
const REACH = 64;
const BINS = 2 * REACH * BINS_PER_LEVEL;

/**
 * Takes a change of the light out of what a camera usually shows. A lamp adds, an exposure multiplies: the middle
 * difference of the darker half of the blocks and that of the brighter half give both. What moves is in few blocks and
 * does not shift a median.
 */
export function createLightChange(blocks: number) {
  const dark = new Uint16Array(BINS);
  const bright = new Uint16Array(BINS);

  /** Changes `usual` into what it would be in the light of `now`. */
  return function applyLight(now: Float32Array, usual: Float32Array): void {
    dark.fill(0);
    bright.fill(0);
    let sum = 0;
    for (let at = 0; at < blocks; at += 1) sum += usual[at] ?? 0;
    const middle = sum / blocks;
    const sums = { dark: 0, bright: 0 };
    let darkBlocks = 0;
    for (let at = 0; at < blocks; at += 1) {
      const level = usual[at] ?? 0;
      const bin = binOf((now[at] ?? 0) - level);
      if (level < middle) {
        dark[bin] = (dark[bin] ?? 0) + 1;
        sums.dark += level;
        darkBlocks += 1;
      } else {
        bright[bin] = (bright[bin] ?? 0) + 1;
        sums.bright += level;
      }
    }
    const brightBlocks = blocks - darkBlocks;
    const brightShift = median(bright, brightBlocks);
    const darkShift = darkBlocks > 0 ? median(dark, darkBlocks) : brightShift;
    const distance = darkBlocks > 0 ? sums.bright / brightBlocks - sums.dark / darkBlocks : 0;
    // An even picture says nothing about a factor.
    const slope = distance > 16 ? (brightShift - darkShift) / distance : 0;
    const base = distance > 16 ? darkShift - (slope * sums.dark) / darkBlocks : (brightShift + darkShift) / 2;
    if (slope === 0 && base === 0) return;
    for (let at = 0; at < blocks; at += 1) {
      const level = usual[at] ?? 0;
      usual[at] = Math.min(255, Math.max(0, level + base + slope * level));
    }
  };
}

function binOf(difference: number): number {
  const bin = Math.round((difference + REACH) * BINS_PER_LEVEL);
  return bin < 0 ? 0 : Math.min(bin, BINS - 1);
}

function median(bins: Uint16Array, count: number): number {
  let left = count / 2;
  for (let bin = 0; bin < BINS; bin += 1) {
    left -= bins[bin] ?? 0;
    if (left <= 0) return bin / BINS_PER_LEVEL - REACH;
  }
  return 0;
}
