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

/** How many cameras all devices that are here can hold, and how many they have. */
export function loadOf({ stations }: StationList): { capacity: number; cameras: number } {
  const here = stations.filter(({ isHere }) => isHere);
  return {
    capacity: here.reduce((sum, { capacity }) => sum + capacity, 0),
    cameras: here.reduce((sum, { cameras }) => sum + cameras.length, 0),
  };
}
