import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { NewCamera } from "#contract/cameras.ts";
import { ModelList } from "#contract/models.ts";
import { paths } from "#contract/paths.ts";
import type { SinkRhythm } from "#contract/sinks.ts";
import { type MediaState, type ModelEntry, ModelManifest } from "#contract/system.ts";
import { asksForPlates } from "#contract/zones.ts";
import { buildApp } from "./app.ts";
import { createCameraNames } from "./camera-names.ts";
import { createCameraSources } from "./camera-sources.ts";
import { createCameraHealth } from "./cameras/camera-health.ts";
import { sqliteCameras } from "./cameras/cameras.sqlite.ts";
import { createManageCameras, type ManageCameras } from "./cameras/manage-cameras.ts";
import { cameraRoutes } from "./cameras/routes.ts";
import { sqliteUptime } from "./cameras/uptime.sqlite.ts";
import type { Rests } from "./delivery/circuit.ts";
import { createDelivery } from "./delivery/delivery.ts";
import { deliveryRoutes } from "./delivery/routes.ts";
import { SINK_KINDS } from "./delivery/sinks/sink-kinds.ts";
import { startDemoCameras } from "./demo/demo-cameras.ts";
import { buildDemoDetector, DEMO_DETECTOR } from "./demo/detector/demo-detector.ts";
import { createRecordEvents } from "./events/record-events.ts";
import { eventRoutes } from "./events/routes.ts";
import { createSearchEvents } from "./events/search-events.ts";
import { whyRefused } from "./events/sort-batch.ts";
import { createStoreEvents } from "./events/store-events.ts";
import { createEvidence } from "./evidence/evidence.ts";
import { evidenceRoutes } from "./evidence/routes.ts";
import { createFeed } from "./feed.ts";
import { followChanges } from "./follow-changes.ts";
import { type Bus, createBus } from "./kernel/bus.ts";
import { takeDataFolder } from "./kernel/data-folder.ts";
import { type OpenDatabase, type OpenPostgres, openDatabase } from "./kernel/database.ts";
import { messageOf } from "./kernel/errors.ts";
import { createHashBook } from "./kernel/file-hash.ts";
import { newId, stableId } from "./kernel/ids.ts";
import type { Logger } from "./kernel/logger.ts";
import { createMetrics } from "./kernel/metrics.ts";
import { createSecretBox, loadKey, type SecretBox } from "./kernel/secret-box.ts";
import { attachSockets } from "./kernel/sockets.ts";
import { loadStoreId } from "./kernel/store-id.ts";
import { createMedia } from "./media/media.ts";
import { mediaRoutes } from "./media/routes.ts";
import { sqliteChoice } from "./models/choice.sqlite.ts";
import { createChooseModel } from "./models/choose-model.ts";
import { createModelFolders } from "./models/model-folders.ts";
import { createOwnModels } from "./models/own-models.ts";
import { modelRoutes } from "./models/routes.ts";
import { openSharedDatabase } from "./open-shared-database.ts";
import { createManagePlates } from "./plates/manage-plates.ts";
import { sqlitePlates } from "./plates/plates.sqlite.ts";
import { plateRoutes } from "./plates/routes.ts";
import type { SettingValues } from "./settings/catalogue.ts";
import { createManageSettings } from "./settings/manage-settings.ts";
import type { Settings } from "./settings/read-settings.ts";
import { settingRoutes } from "./settings/routes.ts";
import { createSetup, type Setup } from "./setup/setup.ts";
import { createManageStations } from "./stations/manage-stations.ts";
import { stationRoutes } from "./stations/routes.ts";
import { runStations } from "./stations/run-stations.ts";
import { sqliteStations } from "./stations/stations.sqlite.ts";
import { openEventStores } from "./stores.ts";
import { probeAddress } from "./taps/probe.ts";
import { createTaps } from "./taps/taps.ts";
import { watchCamera, watchedCounts } from "./watch-camera.ts";
import { createManageShop } from "./zones/manage-shop.ts";
import { createManageZones } from "./zones/manage-zones.ts";
import { zoneRoutes } from "./zones/routes.ts";
import { sqliteZones } from "./zones/zones.sqlite.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PROBE_TIMEOUT_MS = 5_000;
const nowMs = Date.now;
const steadyMs = () => performance.now();

export type Started =
  | { status: "running"; url: string; stop(): Promise<void> }
  /** One plain sentence for the person who started it; nothing was left running. */
  | { status: "refused"; message: string }
  /** It was told to stop while it still waited for its database. */
  | { status: "stopped" };

/**
 * Builds every part and joins them. Resolves once the page is served, or was refused, or `signal` ended the wait for a
 * database; what else is still missing comes in the background.
 */
export async function startGateway(settings: Settings, log: Logger, signal: AbortSignal): Promise<Started> {
  const { "storage.path": dataDir, "server.host": host, "server.port": port } = settings.config.values;
  const folder = takeDataFolder(dataDir);
  if (folder.status === "in_use") {
    return refuse(`Another Guarita works on the data in ${dataDir}; stop it, or set GUARITA_DATA.`);
  }
  if (folder.status === "unusable") {
    return refuse(`The data folder ${dataDir} cannot be used (${folder.reason}); set GUARITA_DATA.`);
  }
  const undo: (() => unknown)[] = [folder.release];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const local = await openDatabase(join(dataDir, "guarita.sqlite"));
    undo.push(local.close);
    const box = createSecretBox(loadKey(join(dataDir, "secret.key")));
    let shared: OpenPostgres | null = null;
    if (settings.databaseUrl !== undefined) {
      const opening = await openSharedDatabase({ databaseUrl: settings.databaseUrl, box, log, signal });
      if (opening.status !== "open") {
        await stop();
        return opening;
      }
      shared = opening.database;
      undo.push(shared.close);
    }
    const parts = await buildParts(settings, { local, shared, box }, log);
    undo.push(parts.stop);
    const server = createServer(parts.app);
    const sockets = attachSockets(server, {
      [paths.feed]: parts.feed.handleSocket,
      [paths.taps]: parts.taps.handleSocket,
    });
    const refusal = await listen(server, host, port);
    if (refusal !== undefined) {
      await stop();
      return refuse(refusal);
    }
    undo.push(() => closeServer(server, sockets));
    await parts.start();
    const address = server.address() as AddressInfo; // a server on a port has such an address
    return { status: "running", url: urlOf(host, address.port), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const refuse = (message: string): Started => ({ status: "refused", message });

/** `local` is this gateway's own; `shared`, where there is one, has what gateways share. */
type Storage = { local: OpenDatabase; shared: OpenPostgres | null; box: SecretBox };

async function buildParts({ config, demo }: Settings, { local, shared, box }: Storage, log: Logger) {
  const { "storage.path": dataDir } = config.values;
  const settings = createManageSettings({
    config,
    onChange(values) {
      log.level = values["log.level"];
    },
    log,
  });
  const startedAtMs = nowMs();
  const { version } = readJson("package.json") as { version: string };
  const manifest = ModelManifest.parse(readJson("models/manifest.json"));
  const gatewayId = await loadStoreId(local.db, newId);
  const storeId = shared ? await loadStoreId(shared.db, () => gatewayId) : gatewayId;
  const bus = createBus(log);
  const store = sqliteCameras({ db: local.db, box });
  const cameras = await createManageCameras({ store, bus, newId, nowMs });
  const cameraIds = () => cameras.list().map(({ id }) => id);
  const zoneStore = sqliteZones(local);
  const zones = await createManageZones({ store: zoneStore, bus, cameraIds });
  const machineTimeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const shop = await createManageShop({ store: zoneStore, bus, machineTimeZone });
  const stores = await openEventStores(local, shared, { box, newId, nowMs, steadyMs, log });
  const onMediaState = (state: MediaState) => bus.emit("media.state", state);
  const setup = createSetup({
    dataDir,
    mediamtxFromEnv: config.values["media.mediamtx"],
    modelsFromEnv: config.values["models.folder"],
    modelFolders: [join(ROOT, "models"), resolve(ROOT, "../shared/models")],
    pathEnv: process.env.PATH ?? "",
    platform: `${process.platform}-${process.arch}`,
    fetch,
    manifest,
    makers: { [DEMO_DETECTOR.id]: buildDemoDetector },
    onMedia: onMediaState,
    onModel: (state) => bus.emit("model.state", state),
    nowMs,
    log,
  });
  const models = await buildModels(config.values, { manifest, setup, bus, database: local, log });
  const media = createMedia({
    dataDir,
    binary: () => fileOf(setup),
    host: config.values["server.host"],
    webrtcPort: config.values["server.webrtcPort"],
    onState: onMediaState,
    onRestart: (cameraId) => bus.emit("camera.restarted", { cameraId, by: "media" }),
    nowMs,
    log,
  });
  const sources = createCameraSources({ cameras, media });
  const taps = createTaps({
    addressOf: sources.forTap,
    transportOf: sources.transportForTap,
    onState: (cameraId, state) => bus.emit("camera.state", { cameraId, state }),
    onRestart: (cameraId) => bus.emit("camera.restarted", { cameraId, by: "tap" }),
    nowMs,
    log,
  });
  const storeEvents = createStoreEvents({ ...stores.events, nowMs });
  const record = createRecordEvents({ storeEvents, bus });
  const cameraHealth = createCameraHealth({
    cameraIds,
    bus,
    watchCamera: (cameraId, onState) => watchCamera(taps, cameraId, onState),
    tapCounts: () => watchedCounts(taps),
    uptime: sqliteUptime(local),
    record,
    storeId,
    newId,
    nowMs,
    log,
  });
  const evidence = createEvidence({
    db: local.db,
    folder: join(dataDir, "evidence"),
    retentionDays: () => settings.values()["storage.evidenceDays"],
    bus,
    record,
    storeId,
    newId,
    nowMs,
    log,
  });
  await evidence.start();
  const stations = createManageStations({
    store: sqliteStations(local),
    cameras: cameras.list,
    picturesPerS: (cameraId) => zones.find(cameraId).picturesPerS,
    onChange: () => bus.emit("stations.changed", {}),
    nowMs,
    steadyMs,
  });
  const bringPlateModels = () => {
    const isAsked = zones.list().some(({ rules }) => rules.some(asksForPlates));
    if (isAsked) for (const { id } of manifest.models.filter(isOfPlates)) setup.wantModel(id);
  };
  bringPlateModels();
  bus.on("zones.changed", bringPlateModels);
  const names =
    shared && createCameraNames({ ...shared, gatewayId, cameras: cameras.list, bus, steadyMs, log });
  const delivery = await createDelivery({
    kinds: SINK_KINDS,
    store: stores.delivery,
    sinks: stores.sinks,
    bus,
    cameras: cameras.list,
    cameraName: names?.nameOf,
    whyRefused,
    storeId,
    gatewayId,
    isShared: shared !== null,
    newId,
    rhythm: () => rhythmOf(settings.values()),
    rests: restsOf(config.values),
    log,
  });
  const feed = createFeed(bus);
  followChanges({ bus, cameras, sources, media, taps, log });
  const mediaState = (): MediaState => {
    const place = setup.mediamtx();
    return place.status === "found" ? media.state() : place;
  };
  const app = buildApp({
    log,
    version,
    health: () => ({
      status: "ok",
      version,
      storeId,
      startedAtMs,
      nowMs: nowMs(),
      demo,
      media: mediaState(),
      models: [...setup.modelStates(), ...models.states()],
      unbalancedSinks: delivery.unbalancedLedgers(),
    }),
    metrics: createMetrics({
      bus,
      cameraHealth: cameraHealth.list,
      evidence: evidence.figures,
      sinks: delivery.list,
    }),
    modelFile(file) {
      const model = manifest.models.find((entry) => entry.file === file);
      return model ? setup.modelFile(model.id) : models.file(file);
    },
    routers: [
      eventRoutes({
        storeEvents,
        searchEvents: createSearchEvents(stores.events),
        isStale: stations.isStale,
        bus,
      }),
      cameraRoutes({
        cameras,
        probe: (address, rtspTransport) =>
          probeAddress(address, { timeoutMs: PROBE_TIMEOUT_MS, rtspTransport }),
        health: cameraHealth.list,
        retryNow: taps.retryNow,
      }),
      zoneRoutes({ zones, shop }),
      settingRoutes({ settings }),
      evidenceRoutes({ evidence, findCamera: cameras.find, nowMs }),
      plateRoutes({ plates: createManagePlates({ store: sqlitePlates(local), bus, newId }) }),
      stationRoutes({ stations }),
      deliveryRoutes({ delivery }),
      models.routes,
      mediaRoutes({ media, addressOf: async (id, stream) => sources.ofCamera(id, stream) }),
    ],
    webDir: join(ROOT, "dist", "web"),
  });

  let stopDemo = async () => {};
  let endStations = () => {};
  return {
    app,
    feed,
    taps,
    async start(): Promise<void> {
      await cameras.removeDemo(); // those of the last start are at a port that is gone
      if (demo) stopDemo = await addDemoCameras(cameras, storeId, log);
      // now that every camera is in the list, what is stored of it finds it
      await zones.start();
      await cameraHealth.start();
      endStations = runStations({ stations, bus, log }); // now that no camera seems to be gone
      await names?.start();
      await delivery.start();
      media.start();
      setup.whenMediamtx(() => media.start());
      setup.start();
    },
    async stop(): Promise<void> {
      endStations();
      await cameraHealth.stop();
      const delivered = delivery.stop(); // what the cameras told last is in the outbox
      await evidence.stop();
      taps.stop();
      await Promise.all([media.stop(), setup.stop(), stopDemo(), delivered, names?.stop()]);
      await stores.events.stop();
    },
  };
}

const isOfPlates = ({ task }: ModelEntry): boolean => task === "plates" || task === "plate_text";

const rhythmOf = (values: SettingValues): SinkRhythm => ({
  everyMs: values["delivery.everyMs"],
  batchEvents: values["delivery.batchEvents"],
  retentionDays: values["delivery.retentionDays"],
});

const restsOf = (values: SettingValues): Rests => ({
  firstMs: values["delivery.backoffFirstMs"],
  maxMs: values["delivery.backoffMaxMs"],
  maxFailures: values["delivery.breakerFailures"],
  openMs: values["delivery.breakerOpenMs"],
});

type ModelParts = { manifest: ModelManifest; setup: Setup; bus: Bus; database: OpenDatabase; log: Logger };

/** The models a shop chooses from: those of the manifest that find objects, and its own. */
async function buildModels(values: SettingValues, { manifest, setup, bus, database, log }: ModelParts) {
  const onChange = () => bus.emit("models.changed", {});
  const ofManifest = ModelList.parse({ models: manifest.models }).models;
  const own = createOwnModels({
    folder: join(values["storage.path"], "models", "own"),
    async adopt(sha256, file) {
      const model = ofManifest.find((entry) => entry.sha256.includes(sha256));
      if (model) await setup.adoptModel(model.id, file);
      return model ?? null;
    },
    nowMs,
    log,
  });
  await own.load();
  const folders = createModelFolders({
    folders: [values["models.folder"], join(ROOT, "models")].filter((folder) => folder !== undefined),
    manifestHashes: new Set(manifest.models.flatMap(({ sha256 }) => sha256)),
    hashes: createHashBook(),
    own,
  });
  const models = await createChooseModel({
    manifestModels: ofManifest.filter(({ task }) => task === "objects"),
    plateModels: manifest.models.filter(isOfPlates),
    own,
    folders,
    store: sqliteChoice(database.db),
    want: setup.wantModel,
    onChange,
  });
  // a station may ask for a chosen file of a folder before anybody asks for the list
  void folders.look().catch((error) => log.warn({ err: error }, "the folders of models could not be read"));
  return { routes: modelRoutes({ own, models, onChange }), file: own.file, states: own.states };
}

/** People in the drawn shop from which a queue counts as one: so many stand there within the first half minute. */
const DEMO_QUEUE_THRESHOLD = 2;

/** Resolves to what stops them. Their ids are the same at every start, so that earlier events still name them. */
async function addDemoCameras(
  cameras: ManageCameras,
  storeId: string,
  log: Logger,
): Promise<() => Promise<void>> {
  const demo = await startDemoCameras({ nowMs, log });
  for (const { name, place, credit, address } of demo.cameras) {
    const camera = NewCamera.parse({
      name,
      place: credit ?? place, // whoever filmed it is named where the picture is
      mainAddress: address,
      queueThreshold: DEMO_QUEUE_THRESHOLD,
    });
    await cameras.add(camera, { demo: true, id: stableId(`demo camera ${name}`, storeId) });
  }
  return demo.stop;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
}

function fileOf(setup: Setup): string | null {
  const place = setup.mediamtx();
  return place.status === "found" ? place.file : null;
}

/** Resolves to nothing once the server listens, or to a sentence that says why it cannot. */
function listen(server: Server, host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    server.once("error", (error) => {
      const code = "code" in error ? error.code : "";
      if (code === "EADDRINUSE") {
        done(
          `Port ${port} is taken by another program; choose another, for example: npm start -- --port ${port + 1}`,
        );
      } else if (code === "EACCES") {
        done(
          `This user may not listen on port ${port}; choose one above 1023, for example: npm start -- --port 8080`,
        );
      } else done(`Guarita cannot listen on ${host}, port ${port}: ${messageOf(error)}`);
    });
    server.listen(port, host, () => done(undefined));
  });
}

async function closeServer(server: Server, sockets: { stop(): void }): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  sockets.stop();
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), 500); // an answer under way may still end
  await closed;
  clearTimeout(impatient);
}

/** `localhost` for the usual address: a name browsers treat as secure, and people can read. */
function urlOf(host: string, port: number): string {
  if (host === "127.0.0.1" || host === "localhost") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
