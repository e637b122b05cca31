import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { CameraHealth, CameraHealthList } from "#contract/camera-health.ts";
import {
  Camera,
  CameraChange,
  CameraList,
  CameraStream,
  NewCamera,
  ProbeAnswer,
  ProbeRequest,
} from "#contract/cameras.ts";
import { ErrorAnswer } from "#contract/errors.ts";
import { BatchAnswer, EventPage, EventQuery, EventRecord } from "#contract/events.ts";
import {
  EVIDENCE_HEADER,
  EvidenceAnswer,
  EvidenceData,
  EvidenceFacts,
  Sha256,
  SnapshotRequest,
  SnapshotTicket,
} from "#contract/evidence.ts";
import { FeedMessage } from "#contract/feed.ts";
import { ListedModel, ModelChange, ModelCheck, ModelChoice, ModelList } from "#contract/models.ts";
import { paths } from "#contract/paths.ts";
import { PAYLOADS } from "#contract/payloads.ts";
import {
  KnownPlate,
  KnownPlates,
  PlateExportQuery,
  PlateImport,
  PlateImportQuery,
  PlateInput,
} from "#contract/plates.ts";
import { SettingList, SettingsChange } from "#contract/settings.ts";
import {
  NewSink,
  ParkedCorrection,
  ParkedDiscard,
  ParkedEvent,
  ParkedMoved,
  ParkedPage,
  ParkedQuery,
  ParkedRetry,
  Sink,
  SinkChange,
  SinkList,
  SinkPause,
  SinkRemoveQuery,
  SinkTest,
} from "#contract/sinks.ts";
import {
  Station,
  StationAnswer,
  StationChange,
  StationLeave,
  StationList,
  StationReport,
} from "#contract/stations.ts";
import { Health } from "#contract/system.ts";
import { TapNotice, TapRequest } from "#contract/taps.ts";
import { CameraZones, CameraZonesChange, CameraZonesList, Shop } from "#contract/zones.ts";

/** Elements are checked one by one, so the wire schema of the batch (any elements) says less than this one. */
const Batch = z.strictObject({ events: z.array(EventRecord).min(1).max(500) });
const CameraId = { path: z.object({ id: z.uuid() }) };
const MediaId = { path: z.object({ mediaId: z.uuid() }) };
const PlateId = { path: z.object({ id: z.uuid() }) };
const StationId = { path: z.object({ id: z.uuid() }) };
const SinkId = { path: z.object({ id: z.uuid() }) };
const ModelId = { path: z.object({ id: z.string() }) };
const StreamId = { path: z.object({ id: z.uuid(), stream: CameraStream }) };

const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { "application/json": { schema } },
});
const refused = { default: json("Refused: the code says why.", ErrorAnswer) };
const nothing = { 204: { description: "Done." } };
const binary = (description: string, type: string) => ({ description, content: { [type]: {} } });
const sdp = { "application/sdp": { schema: z.string() } };
const body = (schema: z.ZodType) => ({ required: true, content: { "application/json": { schema } } });
const upgrade = { 101: { description: "Switches to WebSocket." } };

const operation = (summary: string, rest: ZodOpenApiOperationObject): ZodOpenApiOperationObject => ({
  summary,
  ...rest,
  responses: { ...rest.responses, ...refused },
});

const OPERATIONS: Record<string, ZodOpenApiPathsObject[string]> = {
  [paths.health]: { get: operation("How the gateway is.", { responses: { 200: json("Well.", Health) } }) },
  [paths.metrics]: {
    get: operation("Figures for Prometheus.", {
      responses: { 200: binary("Its text format.", "text/plain") },
    }),
  },
  [paths.openApi]: {
    get: operation("This document.", { responses: { 200: binary("OpenAPI 3.1.", "application/json") } }),
  },
  [paths.cameras]: {
    get: operation("All cameras.", { responses: { 200: json("In the order of adding.", CameraList) } }),
    post: operation("Adds a camera.", {
      requestBody: body(NewCamera),
      responses: { 201: json("Added.", Camera) },
    }),
  },
  [paths.probe]: {
    post: operation("What an address answers, within 5 s; nothing is stored.", {
      requestBody: body(ProbeRequest),
      responses: { 200: json("What it answered.", ProbeAnswer) },
    }),
  },
  [paths.camerasHealth]: {
    get: operation("How every camera is, and was over the last 24 hours.", {
      responses: { 200: json("In the order of adding.", CameraHealthList) },
    }),
  },
  [paths.camera]: {
    get: operation("One camera.", { requestParams: CameraId, responses: { 200: json("It.", Camera) } }),
    patch: operation("Changes the fields given.", {
      requestParams: CameraId,
      requestBody: body(CameraChange),
      responses: { 200: json("As it is now.", Camera) },
    }),
    delete: operation("Removes a camera.", { requestParams: CameraId, responses: nothing }),
  },
  [paths.cameraRetry]: {
    post: operation("Connects now, whatever the gateway waits for.", {
      requestParams: CameraId,
      responses: nothing,
    }),
  },
  [paths.cameraZones]: {
    get: operation("Zones, lines, masks and rules of a camera.", {
      requestParams: CameraId,
      responses: { 200: json("Version 0 where nothing was drawn.", CameraZones) },
    }),
    put: operation("Replaces all of it; `conflict` when the version is not the present one.", {
      requestParams: CameraId,
      requestBody: body(CameraZonesChange),
      responses: { 200: json("As it is now.", CameraZones) },
    }),
  },
  [paths.zones]: {
    get: operation("Zones, lines, masks and rules of all cameras.", {
      responses: { 200: json("In the order of the cameras.", CameraZonesList) },
    }),
  },
  [paths.shop]: {
    get: operation("Time zone and opening hours of the shop.", { responses: { 200: json("Them.", Shop) } }),
    put: operation("Replaces them; `conflict` when the version is not the present one.", {
      requestBody: body(Shop),
      responses: { 200: json("As they are now.", Shop) },
    }),
  },
  [paths.settings]: {
    get: operation("Every setting, its value and where that comes from.", {
      responses: { 200: json("In the order of --print-config.", SettingList) },
    }),
    put: operation("Writes settings into config.yaml; `conflict` where a variable or an option decides.", {
      requestBody: body(SettingsChange),
      responses: { 200: json("As they are now.", SettingList) },
    }),
  },
  [paths.events]: {
    get: operation("Stored events, newest first.", {
      requestParams: { query: EventQuery },
      responses: { 200: json("A page of them.", EventPage) },
    }),
    post: operation("Takes a batch in; answers each receipt after the commit is on disk.", {
      requestBody: body(Batch),
      responses: { 200: json("One answer an event, in the order of the batch.", BatchAnswer) },
    }),
  },
  [paths.evidence]: {
    get: operation("A picture of evidence.", {
      requestParams: MediaId,
      responses: { 200: binary("It.", "image/jpeg") },
    }),
    put: operation("Brings a picture; the same bytes again are fine. Answered when it is on disk.", {
      requestParams: {
        ...MediaId,
        header: z.object({
          [EVIDENCE_HEADER.sha256]: Sha256,
          [EVIDENCE_HEADER.facts]: z.string().describe("EvidenceFacts as JSON, in ASCII"),
        }),
      },
      requestBody: { required: true, content: { "image/jpeg": {} } },
      responses: {
        200: json("It was here already.", EvidenceAnswer),
        201: json("Stored.", EvidenceAnswer),
      },
    }),
  },
  [paths.evidenceData]: {
    get: operation("What is known of a picture besides its pixels.", {
      requestParams: MediaId,
      responses: { 200: json("It.", EvidenceData) },
    }),
  },
  [paths.cameraSnapshot]: {
    post: operation("Leave to keep a picture of this moment; whoever asks makes it, and brings it.", {
      requestParams: CameraId,
      requestBody: body(SnapshotRequest),
      responses: { 201: json("Under this id.", SnapshotTicket) },
    }),
  },
  [paths.plates]: {
    get: operation("Known plates.", { responses: { 200: json("By plate.", KnownPlates) } }),
    post: operation("Enters a plate.", {
      requestBody: body(PlateInput),
      responses: { 201: json("Entered.", KnownPlate) },
    }),
  },
  [paths.plate]: {
    put: operation("Replaces what is known of a plate.", {
      requestParams: PlateId,
      requestBody: body(PlateInput),
      responses: { 200: json("As it is now.", KnownPlate) },
    }),
    delete: operation("Removes a plate.", { requestParams: PlateId, responses: nothing }),
  },
  [paths.platesCsv]: {
    get: operation("Known plates as a file.", {
      requestParams: { query: PlateExportQuery },
      responses: { 200: binary("UTF-8 with a byte order mark.", "text/csv") },
    }),
    post: operation("Takes a file of plates in, line by line.", {
      requestParams: { query: PlateImportQuery },
      requestBody: { required: true, content: { "text/csv": { schema: z.string() } } },
      responses: { 200: json("What became of its lines.", PlateImport) },
    }),
  },
  [paths.stations]: {
    get: operation("Who analyses what, and which cameras nobody looks at.", {
      responses: { 200: json("Them.", StationList) },
    }),
  },
  [paths.station]: {
    patch: operation("Gives a station another name.", {
      requestParams: StationId,
      requestBody: body(StationChange),
      responses: { 200: json("As it is now.", Station) },
    }),
    delete: operation("Forgets a station.", { requestParams: StationId, responses: nothing }),
  },
  [paths.stationHeartbeat]: {
    post: operation("A station lives, and asks what it may look at; the first one enrols it.", {
      requestParams: StationId,
      requestBody: body(StationReport),
      responses: { 200: json("Its leases.", StationAnswer) },
    }),
  },
  [paths.stationLeave]: {
    post: operation("A station's page goes: its leases are free.", {
      requestParams: StationId,
      requestBody: body(StationLeave),
      responses: nothing,
    }),
  },
  [paths.models]: {
    get: operation("The models that find objects, and the files that lie here and cannot be used.", {
      responses: { 200: json("Those of the manifest, then the shop's own.", ModelList) },
    }),
    post: operation("Takes in a model file of the shop's own; nothing runs it before it is checked.", {
      requestParams: { query: z.object({ name: z.string().optional() }) },
      requestBody: { required: true, content: { "application/octet-stream": {} } },
      responses: { 201: json("What the file says about itself.", ListedModel) },
    }),
  },
  [paths.chosenModel]: {
    put: operation("Chooses the model that the shop's stations run.", {
      requestBody: body(ModelChoice),
      responses: nothing,
    }),
  },
  [paths.model]: {
    patch: operation("Says about an own model what its file does not; it is due for a check again.", {
      requestParams: ModelId,
      requestBody: body(ModelChange),
      responses: { 200: json("As it is known now.", ListedModel) },
    }),
    delete: operation("Removes an own model.", { requestParams: ModelId, responses: nothing }),
  },
  [paths.modelCheck]: {
    put: operation("Tells how an own model did on test pictures.", {
      requestParams: ModelId,
      requestBody: body(ModelCheck),
      responses: { 200: json("As it is known now.", ListedModel) },
    }),
  },
  [`${paths.modelFiles}/:file`]: {
    get: operation("A model's file, once it is here.", {
      requestParams: { path: z.object({ file: z.string() }) },
      responses: { 200: binary("The file.", "application/octet-stream") },
    }),
  },
  [paths.sinks]: {
    get: operation("Where events go, with each sink's ledger.", {
      responses: { 200: json("In the order of making.", SinkList) },
    }),
    post: operation("Adds a sink.", { requestBody: body(NewSink), responses: { 201: json("Added.", Sink) } }),
  },
  [paths.sink]: {
    get: operation("One sink.", { requestParams: SinkId, responses: { 200: json("It.", Sink) } }),
    put: operation("Replaces its settings; a secret that is not named stays.", {
      requestParams: SinkId,
      requestBody: body(SinkChange),
      responses: { 200: json("As it is now.", Sink) },
    }),
    delete: operation("Removes a sink; `conflict` while events wait or are parked, unless with `discard`.", {
      requestParams: { ...SinkId, query: SinkRemoveQuery },
      responses: nothing,
    }),
  },
  [paths.sinkPause]: {
    post: operation("Pauses a sink, or lets it go on; events are queued for it all the same.", {
      requestParams: SinkId,
      requestBody: body(SinkPause),
      responses: { 200: json("As it is now.", Sink) },
    }),
  },
  [paths.sinkTest]: {
    post: operation("Sends one test event at once, which enters no outbox and no ledger.", {
      requestParams: SinkId,
      responses: { 200: json("What it met.", SinkTest) },
    }),
  },
  [paths.sinkParked]: {
    get: operation("Events that a sink refused for good.", {
      requestParams: { ...SinkId, query: ParkedQuery },
      responses: { 200: json("The latest first.", ParkedPage) },
    }),
  },
  [paths.sinkParkedRetry]: {
    post: operation("Puts parked events back into the outbox.", {
      requestParams: SinkId,
      requestBody: body(ParkedRetry),
      responses: { 200: json("How many.", ParkedMoved) },
    }),
  },
  [paths.sinkParkedDiscard]: {
    post: operation("Gives parked events up.", {
      requestParams: SinkId,
      requestBody: body(ParkedDiscard),
      responses: { 200: json("How many.", ParkedMoved) },
    }),
  },
  [paths.sinkParkedExport]: {
    get: operation("All parked events of a sink, one a line.", {
      requestParams: SinkId,
      responses: { 200: binary("JSON lines, the latest first.", "application/x-ndjson") },
    }),
  },
  // after the words that stand in the same place
  [paths.sinkParkedOne]: {
    put: operation("Says what this sink is to be sent instead of a parked event's payload and meta.", {
      requestParams: { path: z.object({ id: z.uuid(), seq: z.int() }) },
      requestBody: body(ParkedCorrection),
      responses: { 200: json("As it is parked now.", ParkedEvent) },
    }),
  },
  [paths.feed]: {
    get: operation("WebSocket: what happens, as FeedMessage.", { responses: upgrade }),
  },
  [paths.taps]: {
    get: operation("WebSocket: encoded pictures; TapRequest in, TapNotice and access units out.", {
      responses: upgrade,
    }),
  },
  [paths.whep]: {
    post: operation("Opens a WebRTC session (WHEP).", {
      requestParams: StreamId,
      requestBody: { required: true, content: sdp },
      responses: { 201: { description: "The answer; the session is in Location.", content: sdp } },
    }),
  },
  [paths.whepSession]: {
    patch: operation("Adds a network candidate to a WebRTC session.", {
      requestParams: { path: z.object({ id: z.uuid(), stream: CameraStream, session: z.string() }) },
      requestBody: { required: true, content: { "application/trickle-ice-sdpfrag": { schema: z.string() } } },
      responses: nothing,
    }),
    delete: operation("Ends a WebRTC session.", {
      requestParams: { path: z.object({ id: z.uuid(), stream: CameraStream, session: z.string() }) },
      responses: nothing,
    }),
  },
  [`${paths.hls}/:file`]: {
    get: operation("HLS playlists and segments.", {
      requestParams: { path: z.object({ id: z.uuid(), stream: CameraStream, file: z.string() }) },
      responses: { 200: binary("A playlist or a segment.", "*/*") },
    }),
  },
};

/** The OpenAPI document, made from the same schemas that check requests and answers. */
export function describeApi(version: string) {
  return createDocument(
    {
      openapi: "3.1.0",
      info: { title: "Guarita gateway", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
      paths: Object.fromEntries(
        Object.entries(OPERATIONS).map(([path, item]) => [path.replace(/:(\w+)/g, "{$1}"), item]),
      ),
      components: { schemas: { ...NAMED, ...payloadSchemas() } },
    },
    {
      override: ({ zodSchema, jsonSchema }) => {
        // the contract's only custom schema is "any JSON object"
        if (zodSchema._zod.def.type === "custom") jsonSchema.type = "object";
      },
    },
  );
}

const NAMED = {
  EventRecord,
  Camera,
  CameraHealth,
  CameraList,
  ErrorAnswer,
  EvidenceFacts,
  FeedMessage,
  TapRequest,
  TapNotice,
};

/** `QueueDetectedPayload` for `queue.detected`. */
function payloadSchemas(): Record<string, z.ZodType> {
  const named = Object.entries(PAYLOADS).map(([name, schema]): [string, z.ZodType] => {
    const words = name.split(".").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    return [`${words.join("")}Payload`, schema];
  });
  return Object.fromEntries(named);
}

/** The methods of a path, upper case, or none when it is no path of the gateway's. An exact path goes before a pattern. */
export function methodsOf(path: string): string[] {
  const patterns = Object.keys(OPERATIONS);
  const known = patterns.includes(path) ? path : patterns.find((pattern) => matches(pattern, path));
  const item = known === undefined ? undefined : OPERATIONS[known];
  const methods = Object.keys(item ?? {}).map((method) => method.toUpperCase());
  return methods.includes("GET") ? [...methods, "HEAD"] : methods;
}

const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replace(/:\w+/g, "[^/]+")}$`).test(path);
