import { z } from "zod";
import { withoutPicture } from "./plate-vote.ts";
import { VehicleFacts, type VehicleWatch } from "./vehicle-watch.ts";

/** A plate that was told, as `foldPlate` writes it, and when its vehicle was seen last. */
export const ToldPlate = z.object({ plate: z.string(), seenAtMs: z.number() });
export type ToldPlate = z.infer<typeof ToldPlate>;

/**
 * What a later life of the station, or another station, needs of a camera's plates to go on: what was told, and the
 * vehicles that are followed, by the ids of the tracker. Good only beside the tracker's state of the same moment.
 */
export const PlateMemory = z.object({
  told: z.array(ToldPlate),
  vehicles: z.array(VehicleFacts.extend({ trackId: z.int() })),
});
export type PlateMemory = z.infer<typeof PlateMemory>;

export const NO_PLATES: PlateMemory = { told: [], vehicles: [] };

/** What the stage knows of a camera. By track id. */
export type CameraPlates = { vehicles: Map<number, VehicleWatch>; told: ToldPlate[] };

/** A vote takes 0.7 to 2 KB of JSON, and all that is known of a camera must fit into 64 KB. */
const VOTES_AT_MOST = 8;
const SETTLED_AT_MOST = 24;
/** A vehicle unseen for longer is no news any more; the station itself goes on no longer either. */
const GO_ON_AT_MOST_MS = 180_000;

/** The vehicles seen last; pictures are not remembered. */
export function memoryOf({ vehicles, told }: CameraPlates): PlateMemory {
  const newest = [...vehicles]
    .map(([trackId, { bestPicture: _, ...facts }]) => ({ ...facts, trackId }))
    .toSorted((a, b) => b.seenAtMs - a.seenAtMs);
  const votes = newest.filter(({ plate, vote }) => plate === null && vote !== null);
  const settled = newest.filter(({ plate }) => plate !== null);
  return {
    told: told.map((one) => ({ ...one })),
    vehicles: [...votes.slice(0, VOTES_AT_MOST), ...settled.slice(0, SETTLED_AT_MOST)],
  };
}

/** To go on from at `atMs`. What had been looked at enough is looked at anew: a picture to show is missing. */
export function platesFrom({ told, vehicles }: PlateMemory, atMs: number): CameraPlates {
  const recent = vehicles.filter(({ seenAtMs }) => Math.abs(atMs - seenAtMs) < GO_ON_AT_MOST_MS);
  return {
    told: told.map((one) => ({ ...one })),
    vehicles: new Map(
      recent.map(({ trackId, vote, ...facts }) => [
        trackId,
        { ...facts, vote: vote && withoutPicture(vote), looks: 0, bestPicture: null },
      ]),
    ),
  };
}

/** Pictures that have voted and are not told yet. */
export const readsIn = ({ vehicles }: PlateMemory): number =>
  vehicles.reduce((sum, { vote }) => sum + (vote?.reads ?? 0), 0);
