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
  /** How many looks a second it asks for; a station's capacity is so many in all. */
  weightOf: WeightOf;
  /** The highest fence the camera ever had; 0 before the first. */
  lastFence(cameraId: string): number;
};

type WeightOf = (cameraId: string) => number;

type Load = { id: string; capacity: number; cameras: string[]; weight: number };

/**
 * Who looks at what from now on. Each camera has one holder at most; a camera is only moved from a station that lives
 * by first asking it back, so that never two look at it.
 *
 * Spread by capacity: no camera could go to another station and leave both less full than the fuller was. With too
 * little capacity everywhere all cameras are given out all the same, as evenly: a shop sees each camera a little less
 * often rather than some not at all, and the screen says so.
 */
export function decideLeases(question: LeaseQuestion): Lease[] {
  const { nowMs, stations, cameras, weightOf, lastFence } = question;
  const kept = stillGood(question);
  const loads = stations.flatMap(({ id, capacity, heardAtMs }): Load[] =>
    capacity !== null && isHeard(heardAtMs, nowMs) ? [{ id, capacity, cameras: [], weight: 0 }] : [],
  );
  function give(load: Load | null | undefined, cameraId: string): void {
    if (!load) return;
    load.cameras.push(cameraId);
    load.weight += weightOf(cameraId);
  }
  for (const { cameraId, stationId, recalledAtMs } of kept.values()) {
    if (recalledAtMs === null)
      give(
        loads.find(({ id }) => id === stationId),
        cameraId,
      );
  }
  // what is on its way back counts where it will go, or more would be asked back for the same end
  const free = new Set(cameras.filter((cameraId) => kept.get(cameraId)?.recalledAtMs !== null));
  for (const cameraId of free) give(leastFull(loads, weightOf(cameraId)), cameraId);
  level(loads, free, new Map(cameras.map((cameraId, place) => [cameraId, place])), weightOf);
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

/** The station that would be least full with this weight more. */
const leastFull = (loads: Load[], weight: number): Load | null =>
  loads.reduce<Load | null>((best, load) => (best && !fitsBetter(load, best, weight) ? best : load), null);

type Move = { giver: Load; taker: Load; cameraId: string };

/** Moves cameras from fuller stations to emptier ones, while that helps. */
function level(loads: Load[], free: Set<string>, order: Map<string, number>, weightOf: WeightOf): void {
  for (;;) {
    const move = helpfulMove(loads, free, order, weightOf);
    if (!move) return;
    const { giver, taker, cameraId } = move;
    const weight = weightOf(cameraId);
    giver.cameras = giver.cameras.filter((other) => other !== cameraId);
    giver.weight -= weight;
    taker.cameras.push(cameraId);
    taker.weight += weight;
  }
}

/** From the fullest to where it fits best; of the cameras with which that helps the cheapest to move. */
function helpfulMove(
  loads: Load[],
  free: Set<string>,
  order: Map<string, number>,
  weightOf: WeightOf,
): Move | null {
  for (const giver of loads.toSorted((a, b) => b.weight * a.capacity - a.weight * b.capacity)) {
    const others = loads.filter((load) => load !== giver);
    const helps = (cameraId: string): boolean => {
      const taker = leastFull(others, weightOf(cameraId));
      return taker !== null && isLessFull(taker, weightOf(cameraId), giver);
    };
    const cameraId = cheapest(giver.cameras.filter(helps), free, order);
    const taker = cameraId === null ? null : leastFull(others, weightOf(cameraId));
    if (cameraId !== null && taker) return { giver, taker, cameraId };
  }
  return null;
}

/** Weights come from numbers such as 0.1: what differs by less than this is equal. */
const EPSILON = 1e-9;

// fractions compared without dividing: a/b < c/d is a*d < c*b
/** With `more`, still less full than the other is. */
const isLessFull = (load: Load, more: number, other: Load): boolean =>
  (load.weight + more) * other.capacity < other.weight * load.capacity - EPSILON;

function fitsBetter(a: Load, b: Load, weight: number): boolean {
  const difference = (a.weight + weight) * b.capacity - (b.weight + weight) * a.capacity;
  return Math.abs(difference) < EPSILON ? a.capacity > b.capacity : difference < 0;
}

/** One that nobody looks at yet, or else the last; null where there is none. */
function cheapest(cameras: string[], free: Set<string>, order: Map<string, number>): string | null {
  const rank = (cameraId: string) =>
    free.has(cameraId) ? Number.POSITIVE_INFINITY : (order.get(cameraId) ?? 0);
  return cameras.reduce<string | null>(
    (best, cameraId) => (best === null || rank(cameraId) > rank(best) ? cameraId : best),
    null,
  );
}
