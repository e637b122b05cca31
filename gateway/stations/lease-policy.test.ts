import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STATION_TIMES } from "#contract/stations.ts";
import { decideLeases, type Lease, type LeaseQuestion, type LeasingStation } from "./lease-policy.ts";

const NOW_MS = 100_000;
const at = (id: string, capacity: number | null, silentMs = 0): LeasingStation => ({
  id,
  capacity,
  heardAtMs: NOW_MS - silentMs,
});
const lease = (
  cameraId: string,
  stationId: string,
  fence = 1,
  recalledAtMs: number | null = null,
): Lease => ({
  cameraId,
  stationId,
  fence,
  recalledAtMs,
});
const cams = (count: number) => Array.from({ length: count }, (_, index) => `cam${index}`);

const decide = (question: Partial<LeaseQuestion>) =>
  decideLeases({
    nowMs: NOW_MS,
    stations: [],
    cameras: [],
    leases: [],
    weightOf: () => 1,
    lastFence: () => 1,
    ...question,
  });

/** `cam0@a1` for a lease with fence 1, `cam0@a1!` while it is asked back. */
const told = (leases: Lease[]) =>
  leases.map(
    ({ cameraId, stationId, fence, recalledAtMs }) =>
      `${cameraId}@${stationId}${fence}${recalledAtMs === null ? "" : "!"}`,
  );

describe("who looks at what", () => {
  const silent = STATION_TIMES.leaseMs + 1;
  test.each<[string, Partial<LeaseQuestion>, string[]]>([
    ["nobody, without a station", { cameras: cams(1) }, []],
    [
      "the only station, under a fence higher than ever",
      { cameras: cams(1), stations: [at("a", 4)] },
      ["cam0@a2"],
    ],
    [
      "two equal stations, half each",
      { cameras: cams(4), stations: [at("a", 9), at("b", 9)] },
      ["cam0@a2", "cam1@b2", "cam2@a2", "cam3@b2"],
    ],
    [
      "a tablet and a computer, by capacity",
      { cameras: cams(4), stations: [at("tablet", 2), at("computer", 6)] },
      ["cam0@computer2", "cam1@computer2", "cam2@computer2", "cam3@tablet2"],
    ],
    [
      "everybody a part of what is too much for all",
      { cameras: cams(6), stations: [at("a", 1), at("b", 2)] },
      ["cam0@b2", "cam1@b2", "cam2@a2", "cam3@b2", "cam4@b2", "cam5@a2"],
    ],
    [
      "a camera that asks for three looks a second as much as three others",
      {
        cameras: cams(4),
        stations: [at("a", 9), at("b", 9)],
        weightOf: (id) => (id === "cam0" ? 3 : 1),
      },
      ["cam0@a2", "cam1@b2", "cam2@b2", "cam3@b2"],
    ],
    [
      "who looks already, when nothing changes",
      {
        cameras: cams(2),
        stations: [at("a", 4), at("b", 4)],
        leases: [lease("cam0", "b"), lease("cam1", "a")],
      },
      ["cam0@b1", "cam1@a1"],
    ],
    [
      "who was silent for less than a lease, still",
      { cameras: cams(1), stations: [at("a", 4, silent - 1), at("b", 4)], leases: [lease("cam0", "a")] },
      ["cam0@a1"],
    ],
    [
      "another, when its station is silent for longer",
      { cameras: cams(1), stations: [at("a", 4, silent), at("b", 4)], leases: [lease("cam0", "a")] },
      ["cam0@b2"],
    ],
    [
      "nobody, when the only one is silent",
      { cameras: cams(1), stations: [at("a", 4, silent)], leases: [lease("cam0", "a")] },
      [],
    ],
    [
      "who did before the gateway's start, until it had time to say so",
      { cameras: cams(2), stations: [at("a", null), at("b", 4)], leases: [lease("cam0", "a")] },
      ["cam0@a1", "cam1@b2"],
    ],
    [
      "a new station gets half, once that is given back",
      { cameras: cams(4), stations: [at("a", 9), at("b", 9)], leases: cams(4).map((id) => lease(id, "a")) },
      ["cam0@a1", "cam1@a1", "cam2@a1!", "cam3@a1!"],
    ],
    [
      "what is on its way back asks for no more",
      {
        cameras: cams(4),
        stations: [at("a", 9), at("b", 9)],
        leases: [
          lease("cam0", "a"),
          lease("cam1", "a"),
          lease("cam2", "a", 1, NOW_MS),
          lease("cam3", "a", 1, NOW_MS),
        ],
      },
      ["cam0@a1", "cam1@a1", "cam2@a1!", "cam3@a1!"],
    ],
    [
      "what is asked back and not given is taken after the time of a lease",
      {
        cameras: cams(2),
        stations: [at("a", 9), at("b", 9)],
        leases: [lease("cam0", "a"), lease("cam1", "a", 1, NOW_MS - silent)],
      },
      ["cam0@a1", "cam1@b2"],
    ],
    ["nobody, at a camera that is off", { stations: [at("a", 4)], leases: [lease("cam0", "a")] }, []],
  ])("%s", (_, question, expected) => {
    expect(told(decide(question)).toSorted()).toEqual(expected.toSorted());
  });
});

type World = Pick<LeaseQuestion, "nowMs" | "leases" | "weightOf"> & {
  stations: Map<string, LeasingStation>;
  wanted: Set<string>;
};

const station = fc.constantFrom("a", "b", "c", "d");
const camera = fc.constantFrom(...cams(9));
const happening = fc.oneof(
  fc.record({ kind: fc.constant("hears" as const), id: station, capacity: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant("gives back" as const), id: station }),
  fc.record({ kind: fc.constant("leaves" as const), id: station }),
  fc.record({ kind: fc.constant("waits" as const), ms: fc.integer({ min: 0, max: 9_000 }) }),
  fc.record({ kind: fc.constant("wants" as const), camera, on: fc.boolean() }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Looks a second; every camera one, as most shops have it, or each its own. */
const weights: fc.Arbitrary<(cameraId: string) => number> = fc
  .option(fc.array(fc.constantFrom(0.1, 0.5, 1, 2, 10), { minLength: 9, maxLength: 9 }))
  .map((each) => (cameraId) => each?.[Number(cameraId.slice(3))] ?? 1);

function live(world: World, what: Happening): void {
  if (what.kind === "hears") {
    world.stations.set(what.id, { id: what.id, capacity: what.capacity, heardAtMs: world.nowMs });
  } else if (what.kind === "gives back") {
    world.leases = world.leases.filter((l) => l.stationId !== what.id || l.recalledAtMs === null);
  } else if (what.kind === "leaves") world.stations.delete(what.id);
  else if (what.kind === "waits") world.nowMs += what.ms;
  else if (what.on) world.wanted.add(what.camera);
  else world.wanted.delete(what.camera);
}

test("whatever comes when: one holder who lives, fences that rise, nobody idle while another is fuller", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 120 }), weights, (happenings, weightOf) => {
      const world: World = { nowMs: 0, stations: new Map(), wanted: new Set(), leases: [], weightOf };
      const fences = new Map<string, number>();
      for (const what of happenings) {
        live(world, what);
        const before = world.leases;
        const ask = () =>
          decideLeases({
            nowMs: world.nowMs,
            stations: [...world.stations.values()],
            cameras: [...world.wanted],
            leases: world.leases,
            weightOf: world.weightOf,
            lastFence: (id) => fences.get(id) ?? 0,
          });
        world.leases = ask();
        const here = [...world.stations.values()].filter(
          (s) => world.nowMs - s.heardAtMs <= STATION_TIMES.leaseMs,
        );
        const ids = world.leases.map(({ cameraId }) => cameraId);
        expect(new Set(ids).size).toBe(ids.length);
        if (here.length > 0) expect(new Set(ids)).toEqual(world.wanted);
        for (const { cameraId, stationId, fence } of world.leases) {
          expect(here.map(({ id }) => id)).toContain(stationId);
          const old = before.find((other) => other.cameraId === cameraId);
          if (old?.fence === fence) expect(stationId).toBe(old.stationId);
          else expect(fence).toBeGreaterThan(fences.get(cameraId) ?? 0);
          fences.set(cameraId, fence);
        }
        expect(ask()).toEqual(world.leases);
        expectLevel(world, here);
      }
    }),
    { numRuns: 300 },
  );
});

/** Once all is given back: no camera could move and leave both stations less full than the fuller one was. */
function expectLevel(world: World, here: LeasingStation[]): void {
  const settled = decideLeases({
    nowMs: world.nowMs,
    stations: here,
    cameras: [...world.wanted],
    leases: world.leases.filter(({ recalledAtMs }) => recalledAtMs === null),
    weightOf: world.weightOf,
    lastFence: () => 0,
  });
  expect(settled.filter(({ recalledAtMs }) => recalledAtMs !== null)).toEqual([]);
  const of = (id: string) => settled.filter((l) => l.stationId === id).map(({ cameraId }) => cameraId);
  const full = (id: string) => of(id).reduce((sum, cameraId) => sum + world.weightOf(cameraId), 0);
  for (const giver of here) {
    for (const taker of here) {
      if (giver === taker) continue;
      for (const cameraId of of(giver.id)) {
        const moved = (full(taker.id) + world.weightOf(cameraId)) * (giver.capacity ?? 1);
        expect(moved).toBeGreaterThan(full(giver.id) * (taker.capacity ?? 1) - 1e-6);
      }
    }
    const enough = here.reduce((sum, { capacity }) => sum + (capacity ?? 0), 0) >= world.wanted.size;
    const isUnit = [...world.wanted].every((cameraId) => world.weightOf(cameraId) === 1);
    if (enough && isUnit) expect(full(giver.id)).toBeLessThanOrEqual(giver.capacity ?? 0);
  }
}

test("a new station moves only what it gets, and nothing between the others", () => {
  const capacities = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      capacities,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 0, max: 40 }),
      (old, fresh, count) => {
        const stations = old.map((capacity, index) => at(`old${index}`, capacity));
        const cameras = cams(count);
        const before = decide({ stations, cameras });
        const all = [...stations, at("new", fresh)];
        const asked = decide({ stations: all, cameras, leases: before });
        const left = asked.filter(({ recalledAtMs }) => recalledAtMs === null);
        const after = decide({ stations: all, cameras, leases: left });
        const moved = after.filter(
          ({ cameraId, stationId }) => before.find((l) => l.cameraId === cameraId)?.stationId !== stationId,
        );
        expect(moved.every(({ stationId }) => stationId === "new")).toBe(true);
        expect(moved.length).toBe(asked.length - left.length);
      },
    ),
    { numRuns: 300 },
  );
});
