import { createRandom } from "../random.ts";

/** What a fault strikes; in one round each of them is struck at most once. */
export const FAULTS = {
  gateway: ["killed", "disk_full", "gateway_clock_jumps"],
  page: ["page_closed", "page_crashed", "page_clock_jumps"],
  network: ["offline", "cut", "lost_answers", "half_answers"],
  receiver: [
    "receiver_400",
    "receiver_429",
    "receiver_500",
    "receiver_slow",
    "receiver_half_reply",
    "receiver_lost_answers",
    "receiver_gone",
  ],
} as const;
type Struck = keyof typeof FAULTS;
export type FaultName = (typeof FAULTS)[Struck][number];

/** `strength` is 0 to 1, for what a fault still has to choose. */
export type PlannedFault = { name: FaultName; atMs: number; forMs: number; strength: number };

/** How often each is struck in a round. A gateway takes seconds to start, and is struck less. */
const CHANCES: Record<Struck, number> = { gateway: 0.35, page: 0.45, network: 0.5, receiver: 0.5 };
const LATEST_START_MS = 500;
const LENGTH_MS = { least: 250, most: 1_100 };

/** What cannot be had here. */
type Missing = { has(name: FaultName): boolean };

/** What goes wrong in a round, and when; the same for the same seed and number. At least one thing does. */
export function planRound(seed: number, round: number, missing: Missing = new Set()): PlannedFault[] {
  const random = createRandom(seed, round);
  const possible = (Object.keys(FAULTS) as Struck[]) // exactly these
    .map((kind) => ({ kind, names: FAULTS[kind].filter((name) => !missing.has(name)) }))
    .filter(({ names }) => names.length > 0);
  const struck = possible.filter(({ kind }) => random.chance(CHANCES[kind]));
  if (struck.length === 0) struck.push(random.oneOf(possible));
  return struck
    .map(({ names }) => ({
      name: random.oneOf(names),
      atMs: random.between(0, LATEST_START_MS),
      forMs: random.between(LENGTH_MS.least, LENGTH_MS.most),
      strength: random.fraction(),
    }))
    .sort((a, b) => a.atMs - b.atMs);
}
