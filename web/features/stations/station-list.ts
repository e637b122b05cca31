import type { Station, StationList } from "#contract/stations.ts";

/** This device first, then those that work, then those that are silent, the newest first. */
export function inOrder(stations: Station[], ownId: string): Station[] {
  const rank = ({ id, isHere }: Station) => (id === ownId ? 0 : isHere ? 1 : 2);
  return stations.toSorted(
    (a, b) => rank(a) - rank(b) || (a.isHere ? 0 : silence(a) - silence(b)) || a.name.localeCompare(b.name),
  );
}

const silence = ({ heardAgoMs }: Station): number => heardAgoMs ?? Number.POSITIVE_INFINITY;

/** A camera counts as kept up with when so much of its rate is reached. */
const REACHED_SHARE = 0.9;

export const isBehind = ({ askedPerS, reachedPerS }: { askedPerS: number; reachedPerS: number }): boolean =>
  reachedPerS < askedPerS * REACHED_SHARE;

/** Pictures do not come by the clock: one in ten that is left out says nothing yet. */
const SKIPPED_SHARE = 0.1;

type Looked = Station["cameras"];

/** Pictures of it came and were left out: its device is full. One that sends none is not. */
export const isCrowdedOut = ({ askedPerS, skippedPerS }: Looked[number]): boolean =>
  skippedPerS > askedPerS * SKIPPED_SHARE;

export const crowdedOut = (cameras: Looked): Looked => cameras.filter(isCrowdedOut);

/** Of all devices that are here. */
export const lookedAtNow = ({ stations }: StationList): Looked =>
  stations.flatMap(({ isHere, cameras }) => (isHere ? cameras : []));

/** How much of what a device bears it does, 0 to 1. */
export const useOf = ({ picturesPerS, capacity }: Station): number => Math.min(1, picturesPerS / capacity);
