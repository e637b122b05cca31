/** Every path the gateway answers on, said once. `:id` is an Express parameter; `fillPath` fills it. */
export const paths = {
  health: "/api/health",
  /** For Prometheus, in its text format. */
  metrics: "/metrics",
  openApi: "/api/openapi.json",
  cameras: "/api/cameras",
  camera: "/api/cameras/:id",
  probe: "/api/cameras/probe",
  /** How every camera is and has been: camera-health.ts. */
  camerasHealth: "/api/cameras/health",
  /** POST: connect now, whatever the tap waits for (a wrong password waits for a person). */
  cameraRetry: "/api/cameras/:id/retry",
  /** Zones, lines, masks and rules of one camera: GET, and PUT of the whole. */
  cameraZones: "/api/cameras/:id/zones",
  /** Of all cameras at once. */
  zones: "/api/zones",
  /** Time zone and opening hours. */
  shop: "/api/shop",
  /** The gateway's own numbers: settings.ts. */
  settings: "/api/settings",
  events: "/api/events",
  /** Who analyses what: stations.ts. */
  stations: "/api/stations",
  station: "/api/stations/:id",
  stationHeartbeat: "/api/stations/:id/heartbeat",
  /** For `navigator.sendBeacon` of a page that goes. */
  stationLeave: "/api/stations/:id/leave",
  /** PUT and GET: a picture of evidence, evidence.ts. */
  evidence: "/api/media/:mediaId",
  /** What is known of it besides its pixels. */
  evidenceData: "/api/media/:mediaId/data",
  /** POST: the leave to keep a picture of this moment. */
  cameraSnapshot: "/api/cameras/:id/snapshot",
  /** Known plates: plates.ts. */
  plates: "/api/plates",
  plate: "/api/plates/:id",
  /** GET: all of them as a file. POST: takes a file in. */
  platesCsv: "/api/plates/csv",
  /** Where events are sent on to: sinks.ts. */
  sinks: "/api/sinks",
  sink: "/api/sinks/:id",
  sinkPause: "/api/sinks/:id/pause",
  sinkTest: "/api/sinks/:id/test",
  /** The dead letter: GET a page, POST what to do. `export` is JSON lines. */
  sinkParked: "/api/sinks/:id/parked",
  sinkParkedOne: "/api/sinks/:id/parked/:seq",
  sinkParkedRetry: "/api/sinks/:id/parked/retry",
  sinkParkedDiscard: "/api/sinks/:id/parked/discard",
  sinkParkedExport: "/api/sinks/:id/parked/export",
  /** Those that find objects, a shop's own files among them: models.ts. POST takes in a file. */
  models: "/api/models",
  /** PUT: which of them the shop's stations run. */
  chosenModel: "/api/models/chosen",
  /** A shop's own model: PATCH says what its file does not, DELETE removes it. */
  model: "/api/models/:id",
  /** PUT: how an own model did on test pictures. */
  modelCheck: "/api/models/:id/check",
  /** WebSocket: JSON messages of feed.ts. */
  feed: "/api/feed",
  /** WebSocket: messages of taps.ts. */
  taps: "/api/taps",
  /** WHEP: POST an offer. The session to PATCH and DELETE is in the answer's `Location`. `:stream` is main or sub. */
  whep: "/media/:id/:stream/whep",
  whepSession: "/media/:id/:stream/whep/:session",
  /** HLS playlists and segments below it. */
  hls: "/media/:id/:stream/hls",
  /** GET `/models/{file}` */
  modelFiles: "/models",
} as const;

/** `fillPath(paths.camera, { id })` */
export function fillPath(path: string, values: Record<string, string>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ""));
}
