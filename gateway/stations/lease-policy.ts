import { STATION_TIMES } from "#contract/stations.ts";

export type Lease = {
  cameraId: string;
  stationId: string;
  /** Rises with each lease of the camera, for ever. */
  fence: number;
  /** Since when its station is to give it back, because another is to have it; null while it may keep it. */
  recalledAtMs: number | null;
};

/** `capacity` is null for a station of before the gateway's start that was not heard since: it keeps what it has. */
export type LeasingStation = { id: string; capacity: number | null; heardAtMs: number };

export type LeaseQuestion = {
  nowMs: number;
  stations: LeasingStation[];
  /** Those to be looked at; the last ones move first. */
  cameras: string[];
  leases: Lease[];
  /** The highest fence the camera ever had; 0 before the first. */
  lastFence(cameraId: string): number;
};

type Load = { id: string; capacity: number; cameras: string[] };

/**
 * Who looks at what from now on. Each camera has one holder at most; a camera is only moved from a station that lives
 * by first asking it back, so that never two look at it.
 *
 * Spread by capacity: no camera could go to another station and leave both less full than the fuller was. With too
 * little capacity everywhere all cameras are given out all the same, as evenly: a shop sees each camera a little less
 * often rather than some not at all, and the screen says so.
 */
export function decideLeases(question: LeaseQuestion): Lease[] {
  const { nowMs, stations, cameras, lastFence } = question;
  const kept = stillGood(question);
  const loads = stations.flatMap(({ id, capacity, heardAtMs }): Load[] =>
    capacity !== null && isHeard(heardAtMs, nowMs) ? [{ id, capacity, cameras: [] }] : [],
  );
  for (const { cameraId, stationId, recalledAtMs } of kept.values()) {
    if (recalledAtMs === null) loads.find(({ id }) => id === stationId)?.cameras.push(cameraId);
  }
  // what is on its way back counts where it will go, or more would be asked back for the same end
  const free = new Set(cameras.filter((cameraId) => kept.get(cameraId)?.recalledAtMs !== null));
  for (const cameraId of free) leastFull(loads)?.cameras.push(cameraId);
  level(loads, free, new Map(cameras.map((cameraId, place) => [cameraId, place])));
  const target = new Map(loads.flatMap(({ id, cameras: own }) => own.map((cameraId) => [cameraId, id])));
  return cameras.flatMap((cameraId): Lease[] => {
    const lease = kept.get(cameraId);
    const stationId = target.get(cameraId);
    if (!lease) {
      return stationId === undefined
        ? []
        : [{ cameraId, stationId, fence: lastFence(cameraId) + 1, recalledAtMs: null }];
    }
    const isMoving = lease.recalledAtMs === null && stationId !== undefined && stationId !== lease.stationId;
    return [isMoving ? { ...lease, recalledAtMs: nowMs } : lease];
  });
}

export const isHeard = (heardAtMs: number, nowMs: number): boolean =>
  nowMs - heardAtMs <= STATION_TIMES.leaseMs;

/** By camera: leases of cameras that are still wanted, at stations that still live, not asked back for too long. */
function stillGood({ nowMs, stations, cameras, leases }: LeaseQuestion): Map<string, Lease> {
  const wanted = new Set(cameras);
  const alive = new Set(stations.filter(({ heardAtMs }) => isHeard(heardAtMs, nowMs)).map(({ id }) => id));
  const good = leases.filter(
    ({ cameraId, stationId, recalledAtMs }) =>
      wanted.has(cameraId) && alive.has(stationId) && isHeard(recalledAtMs ?? nowMs, nowMs),
  );
  return new Map(good.map((lease) => [lease.cameraId, lease]));
}

/** The station that would be least full with one more. */
const leastFull = (loads: Load[]): Load | null =>
  loads.reduce<Load | null>((best, load) => (best && !fitsBetter(load, best) ? best : load), null);

const fullest = (loads: Load[]): Load | null =>
  loads.reduce<Load | null>((most, load) => (most && !isFuller(load, most) ? most : load), null);

/** Moves cameras from the fullest station to the one that would be least full with them, while that helps. */
function level(loads: Load[], free: Set<string>, order: Map<string, number>): void {
  for (;;) {
    const giver = fullest(loads);
    const taker = leastFull(loads);
    if (!giver || !taker || !helps(giver, taker)) return;
    const cameraId = cheapest(giver.cameras, free, order);
    giver.cameras = giver.cameras.filter((other) => other !== cameraId);
    taker.cameras.push(cameraId);
  }
}

// fractions compared without dividing: a/b < c/d is a*d < c*b
const isFuller = (a: Load, b: Load): boolean => a.cameras.length * b.capacity > b.cameras.length * a.capacity;
const helps = (giver: Load, taker: Load): boolean =>
  (taker.cameras.length + 1) * giver.capacity < giver.cameras.length * taker.capacity;

function fitsBetter(a: Load, b: Load): boolean {
  const difference = (a.cameras.length + 1) * b.capacity - (b.cameras.length + 1) * a.capacity;
  return difference === 0 ? a.capacity > b.capacity : difference < 0;
}

/** One that nobody looks at yet, or else the last. Called with at least one. */
function cheapest(cameras: string[], free: Set<string>, order: Map<string, number>): string {
  const rank = (cameraId: string) =>
    free.has(cameraId) ? Number.POSITIVE_INFINITY : (order.get(cameraId) ?? 0);
  return cameras.reduce((best, cameraId) => (rank(cameraId) > rank(best) ? cameraId : best));
}
