import type { Picture } from "../detector.ts";
import { createBlockMeans, GATE_COLUMNS, GATE_ROWS } from "./block-means.ts";
import { createLightChange } from "./light-change.ts";

const BLOCKS = GATE_COLUMNS * GATE_ROWS;
/** Of the brightness, of 255: a change below is nothing anybody would see. */
const LEAST_CHANGE = 3;
/** Of what a block changes by from picture to picture in the mean: 5 standard deviations of Gaussian noise. */
const DEVIATIONS = 4.5;
/** However restless a block is (leaves, a screen), a change of this size is looked at. */
const NOISE_AT_MOST = 6;
/** What a block shows in the long run, and how restless it is, by parts a picture. */
const LEARN = { mean: 0.05, noise: 0.1 };
/** Before anything was learnt. */
const FIRST_NOISE = 2;
/** A change of one block alone is noise; a person far away in a sub stream covers two. */
const LEAST_NEIGHBOURS = 1;
/** More than this part of the picture changed at once: it is another scene, and what was learnt is no use. */
const ANOTHER_SCENE = 0.35;

export type Motion = { moved: boolean; changedBlocks: number };

/**
 * Tells for one camera whether its picture shows anything new, by the brightness of 64x36 blocks. Each block knows its
 * own mean and its own restlessness; a change of the light (a lamp, a cloud, the camera's exposure) is taken out first.
 * Keeps 30 kB, makes no object a picture but its answer.
 */
export function createMotionGate() {
  const readMeans = createBlockMeans();
  const readLight = createLightChange(BLOCKS);
  const now = new Float32Array(BLOCKS);
  const mean = new Float32Array(BLOCKS);
  const noise = new Float32Array(BLOCKS);
  /** What differed from the mean in this picture, and before it was read, in the one before. */
  const residual = new Float32Array(BLOCKS);
  const changed = new Uint8Array(BLOCKS);
  let shape = "";
  /** Pictures since it began; the first ones teach faster. */
  let seen = 0;
  /** Mean restlessness of all blocks: one that was calm by chance is not trusted to be calmer. */
  let overall = FIRST_NOISE;

  function begin(picture: Picture): void {
    shape = `${picture.widthPx}x${picture.heightPx}`;
    mean.set(now);
    noise.fill(FIRST_NOISE);
    residual.fill(0);
    seen = 0;
    overall = FIRST_NOISE;
  }

  /** How many blocks differ from what is usual there, with the new light taken out; marks them in `changed`. */
  function compare(): number {
    readLight(now, mean);
    let count = 0;
    for (let at = 0; at < BLOCKS; at += 1) {
      const limit = Math.max(LEAST_CHANGE, DEVIATIONS * Math.max(overall, noise[at] ?? 0));
      const isChanged = Math.abs((now[at] ?? 0) - (mean[at] ?? 0)) > limit ? 1 : 0;
      changed[at] = isChanged;
      count += isChanged;
    }
    return count;
  }

  /**
   * What stands still is no noise, however new it is: restlessness is what changes from one picture to the next. Nor is
   * what moves while somebody is known to be there; what moves and turns out to be nobody, again and again, is.
   */
  function learn(learnNoise: boolean): void {
    seen += 1;
    const rate = Math.max(LEARN.noise, 1 / (seen + 1));
    let sum = 0;
    for (let at = 0; at < BLOCKS; at += 1) {
      const difference = (now[at] ?? 0) - (mean[at] ?? 0);
      const stepped = Math.abs(difference - (residual[at] ?? 0));
      const learnt = LEARN.mean * difference;
      mean[at] = (mean[at] ?? 0) + learnt;
      residual[at] = difference - learnt;
      if (!learnNoise) continue;
      const before = noise[at] ?? 0;
      const after = Math.min(NOISE_AT_MOST, before + rate * (stepped - before));
      noise[at] = after;
      sum += after;
    }
    if (learnNoise) overall = sum / BLOCKS;
  }

  function hasCluster(): boolean {
    for (let at = 0; at < BLOCKS; at += 1) {
      if (changed[at] && neighbours(changed, at) >= LEAST_NEIGHBOURS) return true;
    }
    return false;
  }

  return {
    /** Whether there is anything new in this picture; the first one is new. `isBusy`: something is known to move here. */
    judge(picture: Picture, isBusy: boolean): Motion {
      readMeans(picture, now);
      if (shape !== `${picture.widthPx}x${picture.heightPx}`) {
        begin(picture);
        return { moved: true, changedBlocks: BLOCKS };
      }
      const changedBlocks = compare();
      if (changedBlocks > ANOTHER_SCENE * BLOCKS) {
        begin(picture);
        return { moved: true, changedBlocks };
      }
      const moved = changedBlocks > 0 && hasCluster();
      learn(!isBusy);
      return { moved, changedBlocks };
    },
    /** What the newest picture shows is usual from now on: it was looked at, and is nobody. */
    accept(): void {
      mean.set(now);
      residual.fill(0);
    },
  };
}
export type MotionGate = ReturnType<typeof createMotionGate>;

/** Changed blocks right, below and on both diagonals below: each pair is met once. */
function neighbours(changed: Uint8Array, at: number): number {
  const column = at % GATE_COLUMNS;
  const below = at + GATE_COLUMNS;
  const right = column + 1 < GATE_COLUMNS ? (changed[at + 1] ?? 0) + (changed[below + 1] ?? 0) : 0;
  const left = column > 0 ? (changed[below - 1] ?? 0) : 0;
  return right + left + (changed[below] ?? 0);
}
