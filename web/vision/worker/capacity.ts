import type { ModelEntry } from "#contract/system.ts";
import type { DeviceChoice } from "./station-memory.ts";

export type How = Pick<DeviceChoice, "executionProvider" | "sessions" | "longestPx">;

/** A first run looks for the best way for so long at most. */
export const MEASURE_AT_MOST_MS = 20_000;
/** One way may take so long, shaders compiled and all. */
const ONE_WAY_AT_MOST_MS = 8_000;
/** With less left a way is not tried any more: loading alone takes so long. */
const TOO_LITTLE_LEFT_MS = 1_500;
/** More sessions compete with the page and the decoders for the cores, which must be worth it. */
const MORE_SESSIONS_MUST_GAIN = 1.1;
/** The graphics processor must win clearly: it is also what draws the page. */
const GPU_MUST_GAIN = 1.25;
/** A device that manages fewer looks at smaller pictures: a rough look at every camera beats a fine one at two. */
const FEW_PICTURES_PER_S = 4;
/** Steps down from the model's own size; 320x192 costs 0.58 of 416x256 (person AP50 .578 beside .669). */
const SMALLER_PX = [512, 416, 320];
/** What detection may take of a device that also decodes, compares and draws. */
const SHARE_FOR_DETECTION = 0.8;

type ChooseHowDeps = {
  entry: Pick<ModelEntry, "input">;
  cores: number;
  /** Whether there is a real graphics processor behind WebGPU. */
  hasGpu: boolean;
  /** Pictures a second by all sessions together; rejects where that way does not work or takes too long. */
  measure(how: How, atMostMs: number): Promise<number>;
  nowMs(): number;
};

/** Tries the ways to run a model on this device, one after the other: side by side they would disturb each other. */
export async function chooseHow(deps: ChooseHowDeps): Promise<DeviceChoice> {
  const untilMs = deps.nowMs() + MEASURE_AT_MOST_MS;

  async function rateOf(how: How): Promise<DeviceChoice | null> {
    const leftMs = untilMs - deps.nowMs();
    if (leftMs < TOO_LITTLE_LEFT_MS) return null;
    const rate = deps.measure(how, Math.min(leftMs, ONE_WAY_AT_MOST_MS));
    return rate.then(
      (picturesPerSecond) => ({ ...how, picturesPerSecond }),
      () => null,
    );
  }

  const usual = usualHow(deps.entry, deps.cores);
  let best: DeviceChoice = { ...usual, picturesPerSecond: null };
  for (const sessions of sessionsToTry(deps.cores)) {
    const way = await rateOf({ ...usual, sessions });
    const [fewer, more] = best.sessions < sessions ? [best, way] : [way, best];
    const isMoreWorthIt = rate(more) > rate(fewer) * MORE_SESSIONS_MUST_GAIN;
    best = (isMoreWorthIt ? more : fewer) ?? best;
  }
  if (deps.hasGpu) {
    // two on the graphics processor: one prepares its picture while the other's is computed
    const way = await rateOf({ ...usual, executionProvider: "webgpu", sessions: 2 });
    if (way && rate(way) > rate(best) * GPU_MUST_GAIN) best = way;
  }
  for (const longestPx of smallerThan(usual.longestPx)) {
    if (best.picturesPerSecond === null || best.picturesPerSecond >= FEW_PICTURES_PER_S) break;
    const { executionProvider, sessions } = best;
    const way = await rateOf({ executionProvider, sessions, longestPx });
    if (way && rate(way) > rate(best)) best = way;
  }
  return best;
}

const rate = (way: DeviceChoice | null): number => way?.picturesPerSecond ?? 0;

/** How a model is run where nothing could be measured. */
export const usualHow = ({ input }: Pick<ModelEntry, "input">, cores: number): How => ({
  executionProvider: "wasm",
  sessions: Math.min(Math.max(cores, 1), 4),
  longestPx: Math.max(input.widthPx, input.heightPx),
});

/** Two cores bear two sessions, that much is known. */
function sessionsToTry(cores: number): number[] {
  if (cores <= 2) return [Math.max(cores, 1)];
  if (cores < 6) return [Math.min(cores, 4), 2];
  return [4, Math.min(cores - 2, 8)];
}

const smallerThan = (longestPx: number): number[] => SMALLER_PX.filter((smaller) => smaller < longestPx);

/** The same model with a smaller input; both sides stay multiples of 32. */
export function withLongestSide<Entry extends Pick<ModelEntry, "input">>(
  entry: Entry,
  longestPx: number,
): Entry {
  const { widthPx, heightPx } = entry.input;
  const ratio = longestPx / Math.max(widthPx, heightPx);
  if (ratio === 1) return entry;
  const side = (px: number) => Math.max(32, Math.round((px * ratio) / 32) * 32);
  return { ...entry, input: { ...entry.input, widthPx: side(widthPx), heightPx: side(heightPx) } };
}

/**
 * Cameras this device bears at one picture a second each, where something moves on all of them: a still picture needs no
 * detector, so that it bears two to four times as many calm ones.
 */
export const camerasOf = ({ picturesPerSecond }: DeviceChoice): number | null =>
  picturesPerSecond === null ? null : Math.max(1, Math.floor(picturesPerSecond * SHARE_FOR_DETECTION));
