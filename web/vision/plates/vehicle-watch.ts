import { z } from "zod";
import { FractionBox } from "#contract/payloads.ts";
import type { Picture } from "../detector.ts";
import { padded } from "./crop.ts";
import { PlateVote } from "./plate-vote.ts";

/** What is known of one vehicle's plate, but for the picture. Plain data. */
export const VehicleFacts = z.object({
  /** Null before the first read, and once it was told. */
  vote: PlateVote.nullable(),
  /** Told, or known to be told already under an earlier track. */
  plate: z.string().nullable(),
  firstReadAtMs: z.number(),
  seenAtMs: z.number(),
  /** Looks since `looksFrom` was where the vehicle stood. */
  looks: z.int().nonnegative(),
  looksFrom: FractionBox,
});

export type VehicleWatch = z.infer<typeof VehicleFacts> & {
  /** Of the vote's best read; null before the first, once it was told, and where it did not outlive the page. */
  bestPicture: Picture | null;
};

export const newWatch = (box: FractionBox): VehicleWatch => ({
  vote: null,
  bestPicture: null,
  plate: null,
  firstReadAtMs: 0,
  seenAtMs: 0,
  looks: 0,
  looksFrom: box,
});

/** So many looks at a vehicle that stands still; what is not legible by then is turned away, dark or too far. */
const LOOKS_AT_MOST = 12;
/** In the vehicle's own size: from there it is seen differently. */
const MOVED_BY = 0.25;

/** Whether looking again is pointless: often looked at, and where it was. One that has moved is looked at anew. */
export function isResting(vehicle: VehicleWatch, box: FractionBox): boolean {
  if (hasMoved(vehicle.looksFrom, box)) {
    vehicle.looks = 0;
    vehicle.looksFrom = box;
  }
  return isLookedAtEnough(vehicle);
}

export const isLookedAtEnough = ({ looks }: VehicleWatch): boolean => looks >= LOOKS_AT_MOST;

function hasMoved(from: FractionBox, to: FractionBox): boolean {
  const acrossBy = Math.abs(from.left + from.width / 2 - (to.left + to.width / 2)) / from.width;
  const downBy = Math.abs(from.top + from.height / 2 - (to.top + to.height / 2)) / from.height;
  const growth = (to.width * to.height) / (from.width * from.height);
  return acrossBy > MOVED_BY || downBy > MOVED_BY || growth > 1 + MOVED_BY || growth < 1 / (1 + MOVED_BY);
}

/** A plate may stick out of the box of its vehicle by as much. */
const REACH = 0.1;

/** The smallest vehicle around the middle of `plate`: one behind another has the larger box. */
export function vehicleOf<T extends { box: FractionBox }>(plate: FractionBox, vehicles: T[]): T | undefined {
  const x = plate.left + plate.width / 2;
  const y = plate.top + plate.height / 2;
  const isAround = ({ left, top, width, height }: FractionBox) =>
    x >= left && x <= left + width && y >= top && y <= top + height;
  return vehicles
    .filter(({ box }) => isAround(padded(box, REACH)))
    .toSorted((a, b) => a.box.width * a.box.height - b.box.width * b.box.height)[0];
}
