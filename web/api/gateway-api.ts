import type { z } from "zod";
import { CameraHealthList } from "#contract/camera-health.ts";
import {
  Camera,
  type CameraChange,
  CameraList,
  type NewCamera,
  ProbeAnswer,
  type ProbeRequest,
} from "#contract/cameras.ts";
import { EventPage, type EventQuery } from "#contract/events.ts";
import { EvidenceData, type SnapshotRequest, SnapshotTicket } from "#contract/evidence.ts";
import { ListedModel, type ModelChange, type ModelCheck, ModelList } from "#contract/models.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { KnownPlate, KnownPlates, PlateImport, type PlateInput, type PlateList } from "#contract/plates.ts";
import { SettingList, type SettingsChange } from "#contract/settings.ts";
import { Station, StationAnswer, StationList, type StationReport } from "#contract/stations.ts";
import { Health } from "#contract/system.ts";
import { CameraZones, type CameraZonesChange, CameraZonesList, Shop } from "#contract/zones.ts";
import { type CallsDeps, createCalls, withQuery } from "./calls.ts";

/** A heartbeat that takes longer is worth less than the next one. */
const HEARTBEAT_TIMEOUT_MS = 2_500;

/** A large file over a slow disk. */
const UPLOAD_TIMEOUT_MS = 180_000;

/** Typed calls to the gateway. */
export function createGatewayApi(deps: CallsDeps) {
  const calls = createCalls(deps);
  const { ask, tell } = calls;
  return {
    /** For parts of the API that only one screen needs: sinks-api.ts. */
    calls,
    health: (signal?: AbortSignal) => ask(Health, paths.health, { signal }),
    models: (signal?: AbortSignal) => ask(ModelList, paths.models, { signal }),
    /** Hands a model file over; the gateway answers what it says about itself. */
    addModel: (file: File) =>
      ask(ListedModel, withQuery(paths.models, { name: file.name }), {
        method: "POST",
        file: { type: "application/octet-stream", content: file },
        timeoutMs: UPLOAD_TIMEOUT_MS,
      }),
    changeModel: (id: string, change: ModelChange) =>
      ask(ListedModel, fillPath(paths.model, { id }), { method: "PATCH", body: change }),
    tellModelCheck: (id: string, check: ModelCheck) =>
      ask(ListedModel, fillPath(paths.modelCheck, { id }), { method: "PUT", body: check }),
    removeModel: (id: string) => tell(fillPath(paths.model, { id }), { method: "DELETE" }),
    /** Null: the gateway's own order of preference. */
    chooseModel: (id: string | null) => tell(paths.chosenModel, { method: "PUT", body: { id } }),
    cameras: async (signal?: AbortSignal) => (await ask(CameraList, paths.cameras, { signal })).cameras,
    camerasHealth: async (signal?: AbortSignal) =>
      (await ask(CameraHealthList, paths.camerasHealth, { signal })).health,
    addCamera: (camera: NewCamera) => ask(Camera, paths.cameras, { method: "POST", body: camera }),
    changeCamera: (id: string, change: CameraChange) =>
      ask(Camera, fillPath(paths.camera, { id }), { method: "PATCH", body: change }),
    removeCamera: (id: string) => tell(fillPath(paths.camera, { id }), { method: "DELETE" }),
    /** Reads the camera again now, also one whose password was refused. */
    retryCamera: (id: string) => tell(fillPath(paths.cameraRetry, { id }), { method: "POST" }),
    zones: async (signal?: AbortSignal) => (await ask(CameraZonesList, paths.zones, { signal })).zones,
    changeZones: (cameraId: string, change: CameraZonesChange) =>
      ask(CameraZones, fillPath(paths.cameraZones, { id: cameraId }), { method: "PUT", body: change }),
    shop: (signal?: AbortSignal) => ask(Shop, paths.shop, { signal }),
    changeShop: (shop: Shop) => ask(Shop, paths.shop, { method: "PUT", body: shop }),
    settings: (signal?: AbortSignal) => ask(SettingList, paths.settings, { signal }),
    changeSettings: (values: SettingsChange["values"]) =>
      ask(SettingList, paths.settings, { method: "PUT", body: { values } satisfies SettingsChange }),
    plates: async (signal?: AbortSignal) => (await ask(KnownPlates, paths.plates, { signal })).plates,
    addPlate: (plate: PlateInput) => ask(KnownPlate, paths.plates, { method: "POST", body: plate }),
    replacePlate: (id: string, plate: PlateInput) =>
      ask(KnownPlate, fillPath(paths.plate, { id }), { method: "PUT", body: plate }),
    removePlate: (id: string) => tell(fillPath(paths.plate, { id }), { method: "DELETE" }),
    /** `list`: of lines of the file that name none. */
    importPlates: (content: Blob, list: PlateList) =>
      ask(PlateImport, withQuery(paths.platesCsv, { list }), {
        method: "POST",
        file: { type: "text/csv", content },
      }),
    stations: (signal?: AbortSignal) => ask(StationList, paths.stations, { signal }),
    stationHeartbeat: (id: string, report: StationReport) =>
      ask(StationAnswer, fillPath(paths.stationHeartbeat, { id }), {
        method: "POST",
        body: report,
        signal: AbortSignal.timeout(HEARTBEAT_TIMEOUT_MS),
      }),
    renameStation: (id: string, name: string) =>
      ask(Station, fillPath(paths.station, { id }), { method: "PATCH", body: { name } }),
    forgetStation: (id: string) => tell(fillPath(paths.station, { id }), { method: "DELETE" }),
    probe: (request: z.input<typeof ProbeRequest>, signal?: AbortSignal) =>
      ask(ProbeAnswer, paths.probe, { method: "POST", body: request, signal }),
    /** What is known of a picture of evidence; `not_found` until it is here, `gone` when its time is over. */
    evidenceData: (mediaId: string, signal?: AbortSignal) =>
      ask(EvidenceData, fillPath(paths.evidenceData, { mediaId }), { signal }),
    /** Leave to keep a picture of a camera, to be brought under the id that it names. */
    askSnapshot: (cameraId: string, request: SnapshotRequest) =>
      ask(SnapshotTicket, fillPath(paths.cameraSnapshot, { id: cameraId }), {
        method: "POST",
        body: request,
      }),
    events: (query: Partial<EventQuery>, signal?: AbortSignal) =>
      ask(EventPage, withQuery(paths.events, query), { signal }),
  };
}
export type GatewayApi = ReturnType<typeof createGatewayApi>;
