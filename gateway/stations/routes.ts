import { Router } from "express";
import { z } from "zod";
import { paths } from "#contract/paths.ts";
import {
  HEARTBEAT_LIMIT_BYTES,
  type Station,
  type StationAnswer,
  StationChange,
  StationLeave,
  type StationList,
  StationReport,
} from "#contract/stations.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { ManageStations } from "./manage-stations.ts";

export type StationRoutesDeps = {
  stations: Pick<ManageStations, "heartbeat" | "leave" | "rename" | "forget" | "list">;
};

const BODY_LIMIT_BYTES = 16 * 1024;
const StationId = z.uuid().toLowerCase();

export function stationRoutes({ stations }: StationRoutesDeps): Router {
  const router = Router();
  const body = jsonBody(BODY_LIMIT_BYTES);
  router.param("id", (_request, _response, next, id) =>
    next(StationId.safeParse(id).success ? null : "route"),
  );

  router.get(paths.stations, (_request, response) => {
    response.set("Cache-Control", "no-store").json(stations.list() satisfies StationList);
  });

  router.post(paths.stationHeartbeat, jsonBody(HEARTBEAT_LIMIT_BYTES), (request, response) => {
    const report = parseInput(StationReport, request.body);
    response.json(stations.heartbeat(idOf(request.params), report) satisfies StationAnswer);
  });

  router.post(paths.stationLeave, body, (request, response) => {
    stations.leave(idOf(request.params), parseInput(StationLeave, request.body).session);
    response.status(204).end();
  });

  router.patch(paths.station, body, (request, response) => {
    const { name } = parseInput(StationChange, request.body);
    response.json(stations.rename(idOf(request.params), name) satisfies Station);
  });

  router.delete(paths.station, (request, response) => {
    stations.forget(idOf(request.params));
    response.status(204).end();
  });

  return router;
}

const idOf = (params: unknown): string => parseInput(z.object({ id: StationId }), params, "not_found").id;
