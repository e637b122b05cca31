import { afterEach, expect, test } from "vitest";
import { anId, aStationLedger } from "#contract/examples.ts";
import {
  STATION_TIMES,
  type StationAnswer,
  type StationReport,
  WATCH_LIMIT_BYTES,
} from "#contract/stations.ts";
import { type OpenDatabase, openDatabase } from "../kernel/database.ts";
import { createManageStations } from "./manage-stations.ts";
import { sqliteStations } from "./stations.sqlite.ts";

const opened: OpenDatabase[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

const [A, B] = [anId(), anId()];
const SESSION = anId();

function aReport(held: StationReport["held"] = [], overrides: Partial<StationReport> = {}): StationReport {
  const report = {
    name: "Till",
    session: SESSION,
    capacity: 8,
    picturesPerS: 4,
    msPerPicture: 50,
    model: "m",
  };
  return { ...report, held, returned: [], ...overrides };
}

const holding = (cameraId: string, fence: number, watch?: unknown) => ({
  cameraId,
  fence,
  askedPerS: 1,
  reachedPerS: 0.9,
  skippedPerS: 0,
  ...(watch === undefined ? {} : { watch }),
});

/** What a station that does as it is told holds next. */
const held = (answer: StationAnswer) => answer.leases.map(({ cameraId, fence }) => holding(cameraId, fence));
const ids = (answer: StationAnswer) => answer.leases.map(({ cameraId }) => cameraId);

/** A gateway's stations; `restart` makes them anew over the same database. */
async function aShop(cameraCount: number) {
  const database = await openDatabase(":memory:");
  opened.push(database);
  const cameras = Array.from({ length: cameraCount }, () => ({ id: anId(), analysed: true }));
  const clock = { ms: 1_000_000 };
  const changes = { count: 0 };
  const make = () =>
    createManageStations({
      store: sqliteStations(database),
      cameras: () => cameras,
      picturesPerS: () => 1,
      onChange: () => {
        changes.count += 1;
      },
      nowMs: () => clock.ms,
      steadyMs: () => clock.ms,
    });
  return { cameras, clock, changes, make };
}

test("the first word enrols a station and gives it the cameras; the same word again changes nothing", async () => {
  const { cameras, changes, make } = await aShop(2);
  const stations = make();
  const first = stations.heartbeat(A, aReport());
  expect(first).toEqual({
    leases: cameras.map(({ id }) => ({ cameraId: id, fence: 1, resume: null })),
    gone: [],
  });
  const again = stations.heartbeat(A, aReport(held(first), { name: "ignored from now on" }));
  expect(again).toEqual(first);
  expect(changes.count).toBe(1);
  expect(stations.list().stations).toMatchObject([
    { id: A, name: "Till", isHere: true, heardAgoMs: 0, cameras: [{ reachedPerS: 0.9 }, {}] },
  ]);
  expect(stations.list().unwatched).toEqual([]);
});

test("a second station gets its half when the first has given it back, with what was known of it", async () => {
  const { make } = await aShop(2);
  const stations = make();
  const first = stations.heartbeat(A, aReport());
  expect(stations.heartbeat(B, aReport())).toEqual({ leases: [], gone: [] });
  const told = stations.heartbeat(A, aReport(held(first)));
  const [moved] = told.gone;
  expect(told.leases).toHaveLength(1);
  expect(moved).toMatchObject({ reason: "moved", fence: 1 });
  expect(stations.heartbeat(B, aReport()).leases).toEqual([]); // still looked at by the first
  const cameraId = moved?.cameraId ?? "";
  stations.heartbeat(A, aReport(held(told), { returned: [{ cameraId, fence: 1, watch: { people: 3 } }] }));
  expect(stations.heartbeat(B, aReport()).leases).toEqual([
    { cameraId, fence: 2, resume: { ageMs: 0, watch: { people: 3 } } },
  ]);
});

test("a silent station's cameras go to another one, with the newest it said of them", async () => {
  const { cameras, clock, make } = await aShop(1);
  const stations = make();
  const cameraId = cameras[0]?.id ?? "";
  stations.heartbeat(A, aReport());
  stations.heartbeat(A, aReport([holding(cameraId, 1, "old")]));
  stations.heartbeat(A, aReport([holding(cameraId, 1, "new")]));
  clock.ms += STATION_TIMES.leaseMs;
  expect(stations.heartbeat(B, aReport()).leases).toEqual([]);
  clock.ms += 1;
  stations.tick();
  expect(stations.heartbeat(B, aReport()).leases).toEqual([
    { cameraId, fence: 2, resume: { ageMs: STATION_TIMES.leaseMs + 1, watch: "new" } },
  ]);
  // back from its sleep, the first learns that it is not its own any more, and is not believed
  const woken = stations.heartbeat(A, aReport([holding(cameraId, 1, "of the past")]));
  expect(woken).toEqual({ leases: [], gone: [{ cameraId, fence: 1, reason: "moved" }] });
  expect(stations.isStale(cameraId, 1, clock.ms)).toBe(true);
  expect(stations.isStale(cameraId, 1, clock.ms - 10)).toBe(false);
});

test("a station that was silent while nobody else was there keeps its lease, fence and all", async () => {
  const { clock, make } = await aShop(1);
  const stations = make();
  const first = stations.heartbeat(A, aReport());
  clock.ms += 60_000;
  stations.tick();
  expect(stations.list().unwatched).toMatchObject([{ reason: "no_station" }]);
  expect(stations.heartbeat(A, aReport(held(first)))).toEqual(first);
});

test("after a restart of the gateway stations keep what they hold, and no fence is given twice", async () => {
  const { clock, make } = await aShop(2);
  const before = make();
  const first = before.heartbeat(A, aReport());
  before.heartbeat(A, aReport(held(first)));
  const after = make();
  expect(after.heartbeat(B, aReport()).leases).toEqual([]);
  expect(ids(after.heartbeat(A, aReport(held(first)))).length).toBe(1); // half is asked back, none is taken
  clock.ms += 20_000;
  const third = make();
  clock.ms += STATION_TIMES.leaseMs + 1;
  const taken = third.heartbeat(B, aReport());
  expect(taken.leases.map(({ fence }) => fence).toSorted()).toEqual([2, 2]);
  expect(third.heartbeat(A, aReport(held(first))).gone).toMatchObject([
    { reason: "moved" },
    { reason: "moved" },
  ]);
});

test("a page that goes frees its cameras at once; the goodbye of a page before it does not", async () => {
  const { make } = await aShop(1);
  const stations = make();
  const first = stations.heartbeat(A, aReport());
  stations.heartbeat(B, aReport());
  stations.leave(A, anId());
  expect(stations.heartbeat(A, aReport(held(first))).leases).toHaveLength(1);
  stations.leave(A, SESSION);
  expect(stations.heartbeat(B, aReport()).leases).toMatchObject([{ fence: 2 }]);
});

test("a camera that is analysed no longer is looked at by nobody, and its station is told why", async () => {
  const { cameras, make } = await aShop(1);
  const stations = make();
  const first = stations.heartbeat(A, aReport());
  if (cameras[0]) cameras[0].analysed = false;
  expect(stations.heartbeat(A, aReport(held(first)))).toMatchObject({
    leases: [],
    gone: [{ reason: "off" }],
  });
  expect(stations.list().unwatched).toMatchObject([{ reason: "analysis_off" }]);
});

test("what a station knows of a camera is not kept when it is too large", async () => {
  const { cameras, make } = await aShop(1);
  const stations = make();
  const cameraId = cameras[0]?.id ?? "";
  stations.heartbeat(A, aReport());
  stations.heartbeat(A, aReport([holding(cameraId, 1, "x".repeat(WATCH_LIMIT_BYTES))]));
  stations.leave(A, SESSION);
  expect(stations.heartbeat(B, aReport()).leases).toMatchObject([{ resume: null }]);
});

test("a station keeps the name a person gave it, is forgotten on request, and comes back by itself", async () => {
  const { make } = await aShop(0);
  const stations = make();
  stations.heartbeat(A, aReport());
  expect(stations.rename(A, "Front desk").name).toBe("Front desk");
  stations.heartbeat(A, aReport());
  expect(
    make()
      .list()
      .stations.map(({ name }) => name),
  ).toEqual(["Front desk"]);
  stations.forget(A);
  expect(stations.list().stations).toEqual([]);
  expect(() => stations.rename(A, "x")).toThrow("no such station");
  stations.heartbeat(A, aReport());
  expect(stations.list().stations.map(({ name }) => name)).toEqual(["Till"]);
});

test("a capacity that wobbles moves nothing", async () => {
  const { make } = await aShop(9);
  const stations = make();
  let a = stations.heartbeat(A, aReport([], { capacity: 8 }));
  let b = stations.heartbeat(B, aReport([], { capacity: 8 }));
  for (let round = 0; round < 4; round += 1) {
    a = stations.heartbeat(A, aReport(held(a)));
    b = stations.heartbeat(B, aReport(held(b)));
  }
  expect([a.leases.length, b.leases.length].toSorted()).toEqual([4, 5]);
  const before = ids(a);
  for (const capacity of [7, 9, 10, 6]) {
    a = stations.heartbeat(A, aReport(held(a), { capacity }));
    b = stations.heartbeat(B, aReport(held(b)));
    expect(ids(a)).toEqual(before);
  }
});

test("a station's ledger is shown as it was said last, also when it has fallen silent", async () => {
  const { clock, make } = await aShop(1);
  const stations = make();
  stations.heartbeat(A, aReport());
  expect(stations.list().stations[0]?.ledger).toBeUndefined();
  const ledger = aStationLedger({ created: 3, acknowledged: 1, waiting: 2 });
  stations.heartbeat(A, aReport([], { ledger }));
  clock.ms += 60_000;
  expect(stations.list().stations[0]).toMatchObject({ isHere: false, ledger });
});
