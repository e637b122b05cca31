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
import { ErrorAnswer } from "#contract/errors.ts";
import { EventPage, type EventQuery } from "#contract/events.ts";
import { EvidenceData, type SnapshotRequest, SnapshotTicket } from "#contract/evidence.ts";
import { ListedModel, type ModelChange, type ModelCheck, ModelList } from "#contract/models.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { KnownPlate, KnownPlates, PlateImport, type PlateInput, type PlateList } from "#contract/plates.ts";
import { SettingList, type SettingsChange } from "#contract/settings.ts";
import { Station, StationAnswer, StationList, type StationReport } from "#contract/stations.ts";
import { Health } from "#contract/system.ts";
import { CameraZones, type CameraZonesChange, CameraZonesList, Shop } from "#contract/zones.ts";
import { ApiError } from "./api-error.ts";

type GatewayApiDeps = {
  fetch: typeof fetch;
  /** A gateway that accepts a connection and says nothing counts as unreachable after this. */
  timeoutMs?: number;
};

type Call = {
  method?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  file?: { type: string; content: Blob };
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
};

/** A heartbeat that takes longer is worth less than the next one. */
const HEARTBEAT_TIMEOUT_MS = 2_500;

/** A large file over a slow disk. */
const UPLOAD_TIMEOUT_MS = 180_000;

/** Typed calls to the gateway. Every one rejects with ApiError, or with the signal's reason when aborted. */
export function createGatewayApi({ fetch, timeoutMs = 10_000 }: GatewayApiDeps) {
  async function send(path: string, call: Call): Promise<Response> {
    const { method = "GET", body, file, signal } = call;
    const request: RequestInit = { method, signal: withTimeout(signal, call.timeoutMs ?? timeoutMs) };
    if (body !== undefined) {
      request.headers = { "content-type": "application/json" };
      request.body = JSON.stringify(body);
    }
    if (file) {
      request.headers = { "content-type": file.type };
      request.body = file.content;
    }
    const response = await fetch(path, request).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new ApiError("unreachable", "the gateway does not answer", { cause });
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  async function ask<T extends z.ZodType>(answer: T, path: string, call: Call = {}): Promise<z.output<T>> {
    const response = await send(path, call);
    const json: unknown = await response.json().catch((cause: unknown) => {
      call.signal?.throwIfAborted();
      throw new ApiError("bad_answer", `no JSON from ${path}`, { cause });
    });
    const parsed = answer.safeParse(json);
    if (!parsed.success)
      throw new ApiError("bad_answer", `unexpected answer from ${path}`, { cause: parsed.error });
    return parsed.data;
  }

  return {
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
    async removeModel(id: string): Promise<void> {
      const response = await send(fillPath(paths.model, { id }), { method: "DELETE" });
      await response.body?.cancel();
    },
    /** Null: the gateway's own order of preference. */
    async chooseModel(id: string | null): Promise<void> {
      const response = await send(paths.chosenModel, { method: "PUT", body: { id } });
      await response.body?.cancel();
    },
    cameras: async (signal?: AbortSignal) => (await ask(CameraList, paths.cameras, { signal })).cameras,
    camerasHealth: async (signal?: AbortSignal) =>
      (await ask(CameraHealthList, paths.camerasHealth, { signal })).health,
    addCamera: (camera: NewCamera) => ask(Camera, paths.cameras, { method: "POST", body: camera }),
    changeCamera: (id: string, change: CameraChange) =>
      ask(Camera, fillPath(paths.camera, { id }), { method: "PATCH", body: change }),
    async removeCamera(id: string): Promise<void> {
      const response = await send(fillPath(paths.camera, { id }), { method: "DELETE" });
      await response.body?.cancel();
    },
    /** Reads the camera again now, also one whose password was refused. */
    async retryCamera(id: string): Promise<void> {
      const response = await send(fillPath(paths.cameraRetry, { id }), { method: "POST" });
      await response.body?.cancel();
    },
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
    async removePlate(id: string): Promise<void> {
      const response = await send(fillPath(paths.plate, { id }), { method: "DELETE" });
      await response.body?.cancel();
    },
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
    async forgetStation(id: string): Promise<void> {
      const response = await send(fillPath(paths.station, { id }), { method: "DELETE" });
      await response.body?.cancel();
    },
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

function withTimeout(signal: AbortSignal | undefined, timeoutMs: number): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

function withQuery(path: string, query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The gateway gives seconds; a proxy may give a date, which nobody here waits for. */
function retryAfterMs(response: Response): number | null {
  const header = response.headers.get("retry-after");
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1_000 : null;
}

/** A refusal in the contract's form keeps its code; anything else (a proxy's page) is a bad answer. */
async function refusal(response: Response): Promise<ApiError> {
  const parsed = ErrorAnswer.safeParse(await response.json().catch(() => null));
  if (parsed.success) {
    const { code, message, traceId, present } = parsed.data.error;
    return new ApiError(code, message, { traceId, present, retryAfterMs: retryAfterMs(response) });
  }
  // 502 to 504 come from a proxy before a gateway that is down
  const isDown = [502, 503, 504].includes(response.status);
  return new ApiError(isDown ? "unreachable" : "bad_answer", `HTTP ${response.status}`);
}
