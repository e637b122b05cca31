import {
  type Station,
  type StationAnswer,
  type StationList,
  type StationReport,
  WATCH_LIMIT_BYTES,
} from "#contract/stations.ts";
import { GatewayError } from "../kernel/errors.ts";
import { createFenceHistory, type Grant, HISTORY_MS } from "./fence-history.ts";
import { decideLeases, isHeard, type Lease } from "./lease-policy.ts";

/** A station as the database knows it. `heardAtMs` is by the gateway's clock, right to a minute. */
export type KnownStation = { id: string; name: string; capacity: number; heardAtMs: number };

/** Writes are on disk when a call returns; one that throws wrote nothing. */
export type StationStore = {
  load(): { stations: KnownStation[]; grants: Grant[] };
  saveStation(station: KnownStation): void;
  removeStation(id: string): void;
  /** New ones, and known ones that ended or go on after all; all or none. */
  saveGrants(grants: Grant[]): void;
  /** Forgets grants of before then, but for the last one of each camera. */
  pruneGrants(beforeMs: number): void;
};

export type ManageStationsDeps = {
  store: StationStore;
  /** In the order of adding. */
  cameras(): { id: string; analysed: boolean }[];
  /** Looks a second that the camera asks for. */
  picturesPerS(cameraId: string): number;
  /** Called when somebody got a lease or lost one. */
  onChange(): void;
  nowMs(): number;
  /** A clock that nobody sets: a jump of the other must not make every station silent. */
  steadyMs(): number;
};

type Held = Lease & { grant: Grant; isTold: boolean };
type Open = KnownStation & {
  /** By the steady clock. */
  lastHeardMs: number;
  savedAtMs: number;
  /** Null before its first word since the gateway's start. */
  report: StationReport | null;
};
type KeptWatch = { fence: number; watch: unknown; atMs: number };

const SAVE_EVERY_MS = 60_000;
const FORGET_AFTER_MS = 30 * 24 * 3_600_000;
/** A capacity that wobbles moves nothing. */
const CAPACITY_STEP = 0.25;

/**
 * The stations and their leases. Everything is decided in one turn of the event loop, and on disk before it is told:
 * no two decisions cross, and no fence is ever handed out twice.
 */
export function createManageStations(deps: ManageStationsDeps) {
  const { store, nowMs, steadyMs, onChange } = deps;
  const known = store.load();
  const history = createFenceHistory(known.grants);
  const stations = new Map(known.stations.map((station) => [station.id, asleep(station)]));
  const watches = new Map<string, KeptWatch>();
  let leases = new Map<string, Held>();
  // who held a camera when the gateway ended has the time of a lease to say that it still does
  for (const { cameraId } of known.grants) {
    const grant = history.newest(cameraId);
    if (grant && grant.endedAtMs === null && stations.has(grant.stationId))
      leases.set(cameraId, heldBy(grant));
  }

  function asleep(station: KnownStation): Open {
    return { ...station, lastHeardMs: steadyMs(), savedAtMs: station.heardAtMs, report: null };
  }

  function heldBy(grant: Grant, isTold = true): Held {
    const { cameraId, stationId, fence } = grant;
    return { cameraId, stationId, fence, recalledAtMs: null, grant, isTold };
  }

  const wanted = (): string[] => deps.cameras().flatMap(({ id, analysed }) => (analysed ? [id] : []));

  /** Makes `next` the leases there are. Throws, and changes nothing, when the disk refuses. */
  function become(next: Map<string, Held>): void {
    const endedAtMs = nowMs();
    const over = [...leases.values()].filter(({ cameraId, fence }) => next.get(cameraId)?.fence !== fence);
    const fresh = [...next.values()].filter(({ cameraId, fence }) => leases.get(cameraId)?.fence !== fence);
    if (over.length > 0 || fresh.length > 0) {
      store.saveGrants([
        ...over.map(({ grant }) => ({ ...grant, endedAtMs })),
        ...fresh.map(({ grant }) => ({ ...grant, endedAtMs: null })),
      ]);
    }
    for (const { grant } of over) grant.endedAtMs = endedAtMs;
    for (const { grant } of fresh) {
      grant.endedAtMs = null;
      if (history.lastFence(grant.cameraId) < grant.fence) history.add(grant);
    }
    const isRecalled = [...next.values()].some(
      ({ cameraId, recalledAtMs }) => recalledAtMs !== null && leases.get(cameraId)?.recalledAtMs === null,
    );
    leases = next;
    if (over.length > 0 || fresh.length > 0 || isRecalled) onChange();
  }

  function decide(current: Map<string, Held> = leases): void {
    const decided = decideLeases({
      nowMs: steadyMs(),
      stations: [...stations.values()].map(({ id, capacity, lastHeardMs, report }) => ({
        id,
        capacity: report ? capacity : null,
        heardAtMs: lastHeardMs,
      })),
      cameras: wanted(),
      leases: [...current.values()],
      weightOf: deps.picturesPerS,
      lastFence: history.lastFence,
    });
    become(new Map(decided.map((lease) => [lease.cameraId, withGrant(lease, current.get(lease.cameraId))])));
  }

  function withGrant({ cameraId, stationId, fence, recalledAtMs }: Lease, before: Held | undefined): Held {
    if (before?.fence === fence) return { ...before, recalledAtMs };
    const grant: Grant = { cameraId, fence, stationId, grantedAtMs: nowMs(), endedAtMs: null };
    return heldBy(grant, false);
  }

  function hear(id: string, report: StationReport): Open {
    const before = stations.get(id);
    const station: Open = {
      id,
      name: before?.name ?? report.name,
      capacity: steadyCapacity(before?.report ? before.capacity : undefined, report.capacity),
      heardAtMs: nowMs(),
      lastHeardMs: steadyMs(),
      savedAtMs: before?.savedAtMs ?? Number.NEGATIVE_INFINITY,
      report,
    };
    const isNews = before?.capacity !== station.capacity;
    if (isNews || Math.abs(nowMs() - station.savedAtMs) >= SAVE_EVERY_MS) save(station);
    stations.set(id, station);
    return station;
  }

  function save(station: Open): void {
    const { id, name, capacity, heardAtMs } = station;
    store.saveStation({ id, name, capacity, heardAtMs });
    station.savedAtMs = heardAtMs;
  }

  /** The leases without those that this station has given back, and with those it goes on with after a silence. */
  function afterReport(id: string, { held, returned }: StationReport): Map<string, Held> {
    const next = new Map(leases);
    const holds = new Map(held.map(({ cameraId, fence }) => [cameraId, fence]));
    for (const lease of leases.values()) {
      const isLeft = lease.stationId === id && lease.isTold && holds.get(lease.cameraId) !== lease.fence;
      if (isLeft) next.delete(lease.cameraId);
    }
    for (const { cameraId, fence } of held) {
      const last = history.newest(cameraId);
      const isItsOwn = last?.stationId === id && last.fence === fence;
      // nobody else can have been given it since
      if (isItsOwn && !next.has(cameraId)) next.set(cameraId, heldBy(last));
      if (isItsOwn) keepTold(next, cameraId);
    }
    for (const entry of [...held, ...returned]) keepWatch(id, entry);
    return next;
  }

  function keepTold(next: Map<string, Held>, cameraId: string): void {
    const lease = next.get(cameraId);
    if (lease && !lease.isTold) next.set(cameraId, { ...lease, isTold: true });
  }

  function keepWatch(id: string, entry: { cameraId: string; fence: number; watch?: unknown }): void {
    const { cameraId, fence, watch } = entry;
    const last = history.newest(cameraId);
    if (watch === undefined || last?.stationId !== id || last.fence !== fence) return;
    if (JSON.stringify(watch).length > WATCH_LIMIT_BYTES) return;
    watches.set(cameraId, { fence, watch, atMs: steadyMs() });
  }

  function answerTo(id: string, { held }: StationReport): StationAnswer {
    const holds = new Map(held.map(({ cameraId, fence }) => [cameraId, fence]));
    const own = [...leases.values()].filter(
      ({ stationId, recalledAtMs }) => stationId === id && recalledAtMs === null,
    );
    const may = new Map(own.map(({ cameraId, fence }) => [cameraId, fence]));
    const stillWanted = new Set(wanted());
    for (const lease of own) lease.isTold = true;
    return {
      leases: own.map(({ cameraId, fence }) => ({
        cameraId,
        fence,
        resume: holds.get(cameraId) === fence ? null : resumeOf(cameraId),
      })),
      gone: held.flatMap(({ cameraId, fence }) =>
        may.get(cameraId) === fence
          ? []
          : [{ cameraId, fence, reason: stillWanted.has(cameraId) ? ("moved" as const) : ("off" as const) }],
      ),
    };
  }

  function resumeOf(cameraId: string) {
    const kept = watches.get(cameraId);
    return kept ? { ageMs: steadyMs() - kept.atMs, watch: kept.watch } : null;
  }

  const isHere = ({ report, lastHeardMs }: Open): boolean =>
    report !== null && isHeard(lastHeardMs, steadyMs());

  function describe(station: Open): Station {
    const { id, name, capacity, report, lastHeardMs } = station;
    return {
      id,
      name,
      isHere: isHere(station),
      heardAgoMs: report ? steadyMs() - lastHeardMs : Math.max(0, nowMs() - station.heardAtMs),
      capacity,
      picturesPerS: report?.picturesPerS ?? 0,
      msPerPicture: report?.msPerPicture ?? 0,
      model: report?.model ?? "",
      cameras: [...leases.values()]
        .filter((lease) => lease.stationId === id)
        .map(({ cameraId }) => {
          const rates = report?.held.find((entry) => entry.cameraId === cameraId);
          const { askedPerS = 0, reachedPerS = 0, skippedPerS = 0 } = rates ?? {};
          return { cameraId, askedPerS, reachedPerS, skippedPerS };
        }),
      ...(report?.ledger && { ledger: report.ledger }),
    };
  }

  function unwatched(): StationList["unwatched"] {
    const somebodyIsHere = [...stations.values()].some(isHere);
    return deps.cameras().flatMap(({ id, analysed }): StationList["unwatched"] => {
      const lease = leases.get(id);
      const holder = lease && stations.get(lease.stationId);
      if (!analysed) return [{ cameraId: id, reason: "analysis_off" }];
      if (lease?.recalledAtMs === null && holder && isHere(holder)) return [];
      return [{ cameraId: id, reason: lease || somebodyIsHere ? "waiting" : "no_station" }];
    });
  }

  function find(id: string): Open {
    const station = stations.get(id);
    if (!station) throw new GatewayError("not_found", "There is no such station.");
    return station;
  }

  return {
    /** Throws `storage_unavailable` when the disk refuses: the station keeps what it has and asks again. */
    heartbeat(id: string, report: StationReport): StationAnswer {
      hear(id, report);
      decide(afterReport(id, report));
      return answerTo(id, report);
    },
    /** The page that spoke last as this station goes; a goodbye of one before it says nothing any more. */
    leave(id: string, session: string): void {
      const station = stations.get(id);
      if (station?.report?.session !== session) return;
      stations.set(id, { ...station, report: null, lastHeardMs: Number.NEGATIVE_INFINITY });
      decide();
    },
    rename(id: string, name: string): Station {
      const station = { ...find(id), name };
      save(station);
      stations.set(id, station);
      return describe(station);
    },
    /** One that still lives is back with its next word. */
    forget(id: string): void {
      find(id);
      store.removeStation(id);
      stations.delete(id);
      decide();
    },
    list: (): StationList => ({ stations: [...stations.values()].map(describe), unwatched: unwatched() }),
    isStale: history.isStale,
    /** To be called about once a second, and when the cameras are other ones. */
    tick: (): void => decide(),
    /** To be called about once an hour. */
    prune(): void {
      history.prune(nowMs());
      store.pruneGrants(nowMs() - HISTORY_MS);
      for (const station of stations.values()) {
        if (isHere(station) || nowMs() - station.heardAtMs < FORGET_AFTER_MS) continue;
        store.removeStation(station.id);
        stations.delete(station.id);
      }
    },
  };
}
export type ManageStations = ReturnType<typeof createManageStations>;

function steadyCapacity(before: number | undefined, told: number): number {
  const isNear = before !== undefined && Math.abs(told - before) <= before * CAPACITY_STEP;
  return isNear ? before : told;
}
