import type Sqlite from "better-sqlite3";
import type { CameraLeasesTable, StationsTable } from "../kernel/database.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Grant } from "./fence-history.ts";
import type { KnownStation, StationStore } from "./manage-stations.ts";

/**
 * Stations and leases in SQLite. Plain statements that do not await: a fence is on disk before anybody hears of it,
 * and no two decisions can cross.
 */
export function sqliteStations({ raw }: { raw: Sqlite.Database }): StationStore {
  const putStation = raw.prepare<StationsTable>(
    `insert into stations (id, name, capacity, heard_at_ms) values (@id, @name, @capacity, @heard_at_ms)
     on conflict (id) do update set name = @name, capacity = @capacity, heard_at_ms = @heard_at_ms`,
  );
  const removeStation = raw.prepare<[string]>("delete from stations where id = ?");
  const putLease = raw.prepare<CameraLeasesTable>(
    `insert into camera_leases (camera_id, fence, station_id, granted_at_ms, ended_at_ms)
     values (@camera_id, @fence, @station_id, @granted_at_ms, @ended_at_ms)
     on conflict (camera_id, fence) do update set ended_at_ms = @ended_at_ms`,
  );
  const pruneLeases = raw.prepare<[number]>(
    `delete from camera_leases where granted_at_ms < ? and fence <
     (select max(fence) from camera_leases newer where newer.camera_id = camera_leases.camera_id)`,
  );
  const writeAll = raw.transaction((grants: Grant[]) => {
    for (const grant of grants) putLease.run(toRow(grant));
  });

  return {
    load() {
      // the tables hold only what was written below
      const stations = raw.prepare("select * from stations").all() as StationsTable[];
      const leases = raw.prepare("select * from camera_leases").all() as CameraLeasesTable[];
      return { stations: stations.map(toStation), grants: leases.map(toGrant) };
    },
    saveStation: ({ id, name, capacity, heardAtMs }) =>
      orUnavailable(() => putStation.run({ id, name, capacity, heard_at_ms: heardAtMs })),
    removeStation: (id) => orUnavailable(() => removeStation.run(id)),
    saveGrants: (grants) => orUnavailable(() => writeAll(grants)),
    pruneGrants: (beforeMs) => orUnavailable(() => pruneLeases.run(beforeMs)),
  };
}

/** A full or locked disk: nothing was decided, and the station asks again. */
function orUnavailable(write: () => unknown): void {
  try {
    write();
  } catch (cause) {
    throw new GatewayError("storage_unavailable", "The gateway cannot write to its disk now.", { cause });
  }
}

const toStation = ({ id, name, capacity, heard_at_ms }: StationsTable): KnownStation => ({
  id,
  name,
  capacity,
  heardAtMs: heard_at_ms,
});

const toRow = (grant: Grant): CameraLeasesTable => ({
  camera_id: grant.cameraId,
  fence: grant.fence,
  station_id: grant.stationId,
  granted_at_ms: grant.grantedAtMs,
  ended_at_ms: grant.endedAtMs,
});

const toGrant = (row: CameraLeasesTable): Grant => ({
  cameraId: row.camera_id,
  fence: row.fence,
  stationId: row.station_id,
  grantedAtMs: row.granted_at_ms,
  endedAtMs: row.ended_at_ms,
});
