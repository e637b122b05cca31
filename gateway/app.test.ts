import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Router } from "express";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CameraHealth, CameraHealthList } from "#contract/camera-health.ts";
import { ErrorAnswer, HTTP_STATUS } from "#contract/errors.ts";
import { EventRecord } from "#contract/events.ts";
import { aLine, aNewCamera, anEvent, anId, aQueueRule, aZone, STORE_ID } from "#contract/examples.ts";
import { fillPath, paths } from "#contract/paths.ts";
import { CameraZones, CameraZonesList, Shop } from "#contract/zones.ts";
import { buildApp } from "./app.ts";
import { sqliteCameras } from "./cameras/cameras.sqlite.ts";
import { createManageCameras } from "./cameras/manage-cameras.ts";
import { cameraRoutes } from "./cameras/routes.ts";
import { sqliteEvents } from "./events/events.sqlite.ts";
import { eventRoutes } from "./events/routes.ts";
import { createSearchEvents } from "./events/search-events.ts";
import { createStoreEvents } from "./events/store-events.ts";
import { createEvidence } from "./evidence/evidence.ts";
import { evidenceRoutes } from "./evidence/routes.ts";
import { type Bus, createBus } from "./kernel/bus.ts";
import { type OpenDatabase, openDatabase } from "./kernel/database.ts";
import { silentLogger } from "./kernel/logger.ts";
import { createMetrics } from "./kernel/metrics.ts";
import { createSecretBox } from "./kernel/secret-box.ts";
import { createMedia } from "./media/media.ts";
import { mediaRoutes } from "./media/routes.ts";
import { methodsOf } from "./openapi.ts";
import { createManagePlates } from "./plates/manage-plates.ts";
import { sqlitePlates } from "./plates/plates.sqlite.ts";
import { plateRoutes } from "./plates/routes.ts";
import { createManageShop } from "./zones/manage-shop.ts";
import { createManageZones } from "./zones/manage-zones.ts";
import { zoneRoutes } from "./zones/routes.ts";
import { memoryZones } from "./zones/zones.memory.ts";

let database: OpenDatabase;
let server: Server;
let bus: Bus;
let port: number;
const retried: string[] = [];
const probed: string[][] = [];
const health: CameraHealth[] = [
  {
    cameraId: anId(),
    status: "frozen",
    reason: "frozen",
    sinceAtMs: 1_000,
    uptime24h: 0.9,
    watched24hMs: 60_000,
    watchdogRestarts: 2,
    circuit: "closed",
  },
];
const folder = mkdtempSync(join(tmpdir(), "guarita-app-"));
const webDir = join(folder, ".dist", "web");
const modelFile = join(folder, "tiny.onnx");

beforeAll(async () => {
  writeFileSync(modelFile, "weights");
  database = await openDatabase(":memory:");
  bus = createBus(silentLogger());
  const events = sqliteEvents(database);
  const cameras = await createManageCameras({
    store: sqliteCameras({ db: database.db, box: createSecretBox(randomBytes(32)) }),
    bus,
    newId: anId,
    nowMs: Date.now,
  });
  const zoneStore = memoryZones();
  const zones = await createManageZones({
    store: zoneStore,
    bus,
    cameraIds: () => cameras.list().map(({ id }) => id),
  });
  await zones.start();
  const shop = await createManageShop({ store: zoneStore, bus, machineTimeZone: "America/Manaus" });
  const evidence = createEvidence({
    db: database.db,
    folder: join(folder, "evidence"),
    retentionDays: () => 30,
    bus,
    record: async () => undefined,
    storeId: STORE_ID,
    newId: anId,
    nowMs: Date.now,
    log: silentLogger(),
  });
  const app = buildApp({
    log: silentLogger(),
    version: "0.0.0",
    health: () => ({
      status: "ok",
      version: "0.0.0",
      storeId: STORE_ID,
      startedAtMs: 0,
      nowMs: 1,
      demo: false,
      media: { status: "missing" },
      models: [],
      unbalancedSinks: 0,
    }),
    metrics: createMetrics({
      bus,
      cameraHealth: () => health,
      evidence: evidence.figures,
      sinks: async () => [],
    }),
    modelFile: (file) => ({ "tiny.onnx": modelFile, "absent.onnx": null })[file],
    routers: [
      eventRoutes({
        storeEvents: createStoreEvents({ ...events, nowMs: Date.now }),
        searchEvents: createSearchEvents(events),
        isStale: () => false,
        bus,
      }),
      cameraRoutes({
        cameras,
        health: () => health,
        async probe(address, rtspTransport) {
          probed.push([address, rtspTransport]);
          return { outcome: "failed", fault: "timeout", detail: "no answer", tookMs: 5_000 };
        },
        retryNow: (id) => void retried.push(id),
      }),
      zoneRoutes({ zones, shop }),
      evidenceRoutes({ evidence, findCamera: cameras.find, nowMs: Date.now }),
      mediaRoutes({
        media: aMediaThatNeverStarts(),
        async addressOf(id, stream) {
          const address = cameras.stored(id)?.mainAddress;
          return address === undefined ? undefined : { stream, address, rtspTransport: "tcp" };
        },
      }),
      plateRoutes({ plates: createManagePlates({ store: sqlitePlates(database), bus, newId: anId }) }),
      slowVideo(),
    ],
    webDir,
  });
  server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  port = (server.address() as AddressInfo).port; // a TCP server's address is one
});

/** Stands for video of a text type: its first part is sent at once, its second when `letGo` is called. */
let letGo = () => {};
function slowVideo(): Router {
  const router = Router();
  router.get("/media/slow/index.m3u8", (_request, response) => {
    response.type("text/plain").write("x".repeat(5_000));
    letGo = () => response.end("the end");
  });
  return router;
}

const aMediaThatNeverStarts = () =>
  createMedia({
    dataDir: folder,
    binary: () => null,
    host: "127.0.0.1",
    webrtcPort: 8189,
    onState: () => undefined,
    nowMs: Date.now,
    log: silentLogger(),
  });

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  database.raw.exec("delete from events");
});

type Answer = { status: number; headers: Record<string, unknown>; text: string; bytes: Buffer };
type Ask = { method?: string; headers?: Record<string, string>; body?: string | Buffer };

/** Not `fetch`, which sets `Host` itself and mends what these tests break. */
function ask(path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: String(bytes), bytes });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
const send = (path: string, body: unknown, method = "POST"): Promise<Answer> =>
  ask(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

const codeOf = ({ status, text }: Answer): string => {
  const { error } = ErrorAnswer.parse(JSON.parse(text));
  expect(HTTP_STATUS[error.code]).toBe(status);
  return error.code;
};
const rowCounts = () => ({
  events: database.raw.prepare("select count(*) from events").pluck().get(),
  cameras: database.raw.prepare("select count(*) from cameras").pluck().get(),
});

describe("events", () => {
  test("a batch is answered receipt by receipt in its order, stored, and told on the bus", async () => {
    const told: string[] = [];
    const end = bus.on("events.stored", ({ events }) =>
      told.push(...events.map((event) => event.receipt_id)),
    );
    const [one, two] = [anEvent(), anEvent()];
    const answer = await send(paths.events, { events: [one, { nonsense: true }, two, one] });
    end();
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).receipts).toMatchObject([
      { index: 0, receipt_id: one.receipt_id, outcome: "stored" },
      { index: 1, receipt_id: null, outcome: "refused", code: "invalid_event" },
      { index: 2, receipt_id: two.receipt_id, outcome: "stored" },
      { index: 3, receipt_id: one.receipt_id, outcome: "duplicate" },
    ]);
    expect(told).toEqual([one.receipt_id, two.receipt_id]);
    expect(rowCounts().events).toBe(2);
  });

  test("the search pages newest first through everything, each event once", async () => {
    const events = Array.from({ length: 7 }, (_, minute) =>
      anEvent({ ts: `2026-03-01T12:0${minute % 3}:00.000Z` }),
    );
    await send(paths.events, { events });
    const seen: EventRecord[] = [];
    let cursor = "";
    do {
      const answer = await ask(`${paths.events}?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      const page = JSON.parse(answer.text);
      seen.push(...page.events);
      cursor = page.next_cursor ?? "";
    } while (cursor);
    expect(seen.map((event) => event.ts)).toEqual(
      seen
        .map((event) => event.ts)
        .toSorted()
        .reverse(),
    );
    expect(new Set(seen.map((event) => event.receipt_id))).toEqual(
      new Set(events.map((event) => event.receipt_id)),
    );
    expect(seen).toHaveLength(7);
  });

  test("whatever is posted, the answer is a batch answer or a refusal, and only valid events are stored", async () => {
    const almostEvent = fc
      .tuple(fc.constantFrom(...Object.keys(EventRecord.shape)), fc.anything({ withNullPrototype: false }))
      .map(([field, value]) => ({ ...anEvent(), [field]: value }));
    const body = fc.oneof(
      fc.json({ maxDepth: 6 }),
      fc.array(almostEvent, { maxLength: 4 }).map((events) => JSON.stringify({ events }, bigAsText)),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (content) => {
        const answer = await ask(paths.events, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: content,
        });
        expect(answer.status).toBeLessThan(500);
        if (answer.status !== 200) codeOf(answer);
      }),
      { numRuns: 150 },
    );
    const rows = database.raw.prepare("select payload from events").pluck().all();
    for (const payload of rows) expect(() => JSON.parse(String(payload))).not.toThrow();
  });
});

const bigAsText = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

describe("cameras", () => {
  test("a camera is added, found, changed, tried again and removed, and its password never comes back", async () => {
    const added = await send(paths.cameras, aNewCamera());
    expect([added.status, added.text.includes("secret")]).toEqual([201, false]);
    const { id } = JSON.parse(added.text);
    const path = fillPath(paths.camera, { id });
    expect(added.headers.location).toBe(path);
    expect(JSON.parse((await ask(path)).text)).toMatchObject({ id, hasPassword: true });
    const changed = await send(path, { name: "Caixa 9" }, "PATCH");
    expect(JSON.parse(changed.text)).toMatchObject({ id, name: "Caixa 9", hasPassword: true });
    expect(JSON.parse((await ask(paths.cameras)).text).cameras).toHaveLength(1);
    expect((await ask(fillPath(paths.cameraRetry, { id }), { method: "POST" })).status).toBe(204);
    expect(retried).toEqual([id]);
    expect((await ask(path, { method: "DELETE" })).status).toBe(204);
    expect(codeOf(await ask(path))).toBe("not_found");
    expect(rowCounts().cameras).toBe(0);
  });

  test("a probe answers what the address answered and stores nothing", async () => {
    const answer = await send(paths.probe, { address: "rtsp://10.0.0.1/x" });
    expect(JSON.parse(answer.text)).toMatchObject({ outcome: "failed", fault: "timeout" });
    await send(paths.probe, { address: "rtsp://10.0.0.1/x", rtspTransport: "udp" });
    expect(probed).toEqual([
      ["rtsp://10.0.0.1/x", "tcp"],
      ["rtsp://10.0.0.1/x", "udp"],
    ]);
    expect(rowCounts().cameras).toBe(0);
  });

  test("how they are is answered under a name that is no camera's", async () => {
    const answer = await ask(paths.camerasHealth);
    expect(CameraHealthList.parse(JSON.parse(answer.text))).toEqual({ health });
    expect(answer.headers["cache-control"]).toBe("no-store");
  });

  test("their figures stand in /metrics in the format of Prometheus", async () => {
    const answer = await ask(paths.metrics);
    expect(answer.headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(answer.text).toContain(`guarita_camera_up{camera_id="${health[0]?.cameraId}"} 0`);
  });
});

describe("zones and the shop", () => {
  const scene = (version: number) => {
    const zone = aZone();
    const rules = [aQueueRule({ zoneId: zone.id })];
    return { version, zones: [zone], lines: [aLine()], rules, picturesPerS: 2, minScores: { person: 0.4 } };
  };
  async function aStoredCameraId(): Promise<string> {
    return JSON.parse((await send(paths.cameras, aNewCamera())).text).id;
  }
  const removeCamera = (id: string) => ask(fillPath(paths.camera, { id }), { method: "DELETE" });

  test("a scene is written whole, found alone and among all, and goes with its camera", async () => {
    const id = await aStoredCameraId();
    const path = fillPath(paths.cameraZones, { id });
    expect(JSON.parse((await ask(path)).text)).toMatchObject({ cameraId: id, version: 0, zones: [] });
    const change = scene(0);
    const answer = await send(path, change, "PUT");
    expect(CameraZones.parse(JSON.parse(answer.text))).toEqual({ ...change, cameraId: id, version: 1 });
    expect(JSON.parse((await ask(path)).text)).toEqual(JSON.parse(answer.text));
    const all = CameraZonesList.parse(JSON.parse((await ask(paths.zones)).text));
    expect(all.zones).toEqual([JSON.parse(answer.text)]);
    await removeCamera(id);
    expect(codeOf(await ask(path))).toBe("not_found");
    expect(JSON.parse((await ask(paths.zones)).text)).toEqual({ zones: [] });
  });

  test("what is left out of a rule has the contract's values", async () => {
    const id = await aStoredCameraId();
    const rules = [{ id: anId(), name: "Fila", zoneId: null, kind: "queue" }];
    const change = { version: 0, zones: [], lines: [], rules };
    const answer = await send(fillPath(paths.cameraZones, { id }), change, "PUT");
    expect(JSON.parse(answer.text)).toMatchObject({
      picturesPerS: 1,
      rules: [{ isEnabled: true, hours: "always", threshold: 3, startAfterS: 3, endAfterS: 5 }],
    });
    await removeCamera(id);
  });

  test("a change of a version that is gone is a conflict that carries the present one", async () => {
    const id = await aStoredCameraId();
    const path = fillPath(paths.cameraZones, { id });
    const first = JSON.parse((await send(path, scene(0), "PUT")).text);
    const late = await send(path, scene(0), "PUT");
    expect(codeOf(late)).toBe("conflict");
    expect(ErrorAnswer.parse(JSON.parse(late.text)).error.present).toEqual(first);
    await removeCamera(id);
  });

  test.each([
    [
      "a zone with two corners",
      {
        zones: [
          aZone({
            points: [
              { x: 0, y: 0 },
              { x: 1, y: 1 },
            ],
          }),
        ],
      },
    ],
    ["a corner outside the picture", { lines: [aLine({ to: { x: 1.01, y: 0 } })] }],
    ["a line that is a point", { lines: [aLine({ to: aLine().from })] }],
    ["a rule of a zone that is not there", { rules: [aQueueRule({ zoneId: anId() })] }],
    ["a kind of rule that there is not", { rules: [{ ...aQueueRule(), kind: "dance" }] }],
    ["a nameless zone", { zones: [aZone({ name: "  " })] }],
    ["a rate of a film", { picturesPerS: 25 }],
    ["a score above all", { minScores: { person: 1 } }],
    ["more zones than fit", { zones: Array.from({ length: 33 }, () => aZone()) }],
    ["a version below none", { version: -1 }],
    ["an unknown field", { colour: "red" }],
    [
      "an outline that crosses itself",
      {
        zones: [
          aZone({
            points: [
              { x: 0, y: 0 },
              { x: 1, y: 1 },
              { x: 1, y: 0 },
              { x: 0, y: 1 },
            ],
          }),
        ],
      },
    ],
  ])("%s is refused, and nothing is changed", async (_, part) => {
    const id = await aStoredCameraId();
    const path = fillPath(paths.cameraZones, { id });
    const answer = await send(path, { version: 0, zones: [], lines: [], rules: [], ...part }, "PUT");
    expect(codeOf(answer)).toBe("invalid_body");
    expect(JSON.parse((await ask(path)).text).version).toBe(0);
    await removeCamera(id);
  });

  test("the shop begins always open where its machine stands, and is changed by version", async () => {
    const before = Shop.parse(JSON.parse((await ask(paths.shop)).text));
    expect(before).toEqual({ version: 0, timeZone: "America/Manaus", hours: [] });
    const hours = [{ days: [1, 2, 3], from: "08:00", until: "18:00" }];
    const change = { version: 0, timeZone: "America/Recife", hours };
    const answer = await send(paths.shop, change, "PUT");
    expect(Shop.parse(JSON.parse(answer.text))).toEqual({ ...change, version: 1 });
    const late = await send(paths.shop, { ...change, timeZone: "America/Belem" }, "PUT");
    expect(codeOf(late)).toBe("conflict");
    expect(ErrorAnswer.parse(JSON.parse(late.text)).error.present).toEqual({ ...change, version: 1 });
  });

  test.each([
    { timeZone: "Brasil" },
    { timeZone: "-03:00" },
    { hours: [{ days: [8], from: "08:00", until: "18:00" }] },
    { hours: [{ days: [], from: "08:00", until: "18:00" }] },
    { hours: [{ days: [1], from: "8:00", until: "18:00" }] },
    { hours: [{ days: [1], from: "08:00", until: "24:00" }] },
  ])("a shop with %j is refused", async (part) => {
    const shop = JSON.parse((await ask(paths.shop)).text);
    expect(codeOf(await send(paths.shop, { ...shop, ...part }, "PUT"))).toBe("invalid_body");
    expect(JSON.parse((await ask(paths.shop)).text)).toEqual(shop);
  });
});

describe("plates", () => {
  const csv = (body: string | Buffer, query = "") =>
    ask(`${paths.platesCsv}${query}`, { method: "POST", headers: { "content-type": "text/csv" }, body });

  test("a plate is entered, replaced and removed", async () => {
    const added = await send(paths.plates, { plate: "abc-1d23", list: "watched" });
    expect(added.status).toBe(201);
    const { id } = JSON.parse(added.text);
    const path = fillPath(paths.plate, { id });
    expect(added.headers.location).toBe(path);
    const twin = await send(paths.plates, { plate: "ABC1D23", list: "allowed" });
    expect(codeOf(twin)).toBe("conflict");
    const replaced = await send(path, { plate: "ABC1D23", list: "allowed", note: "Ana" }, "PUT");
    expect(JSON.parse(replaced.text)).toMatchObject({ id, plate: "ABC1D23", note: "Ana", validUntil: null });
    expect(JSON.parse((await ask(paths.plates)).text).plates).toHaveLength(1);
    expect((await ask(path, { method: "DELETE" })).status).toBe(204);
    expect(codeOf(await ask(path, { method: "DELETE" }))).toBe("not_found");
  });

  test("a file comes in, in the letters a spreadsheet writes, and goes out again", async () => {
    const latin1 = Buffer.from("placa;nota\r\nABC1D23;Jo\xe3o\r\nnada;\r\n", "latin1");
    const answer = JSON.parse((await csv(latin1, "?list=watched")).text);
    expect(answer).toMatchObject({ added: 1, problems: [{ line: 3, problem: "bad_plate", text: "nada" }] });
    const utf16 = Buffer.from("\ufeffplaca\tnota\r\nXYZ1234\tS\u00e9rgio\r\n", "utf16le");
    expect(JSON.parse((await csv(utf16)).text)).toMatchObject({ added: 1, problems: [] });
    const file = await ask(`${paths.platesCsv}?separator=semicolon`);
    expect(file.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(file.headers["content-disposition"]).toContain("plates.csv");
    expect(file.text).toContain("ABC1D23;watched;João;;\r\nXYZ1234;allowed;Sérgio;;");
    const again = JSON.parse((await csv(file.text)).text);
    expect(again).toEqual({ added: 0, changed: 0, unchanged: 2, problems: [] });
    database.raw.exec("delete from plates");
  });

  test("what is no plate, no list, no file or too long is refused", async () => {
    for (const wrong of [{ plate: "12" }, { list: "vip" }, { validFrom: "2026-02-30" }, { owner: "x" }]) {
      const answer = await send(paths.plates, { plate: "ABC1D23", list: "allowed", ...wrong });
      expect([wrong, codeOf(answer)]).toEqual([wrong, "invalid_body"]);
    }
    const days = { validFrom: "2026-05-02", validUntil: "2026-05-01" };
    expect(codeOf(await send(paths.plates, { plate: "ABC1D23", list: "allowed", ...days }))).toBe(
      "invalid_body",
    );
    expect(codeOf(await send(paths.platesCsv, {}))).toBe("unsupported_media_type");
    expect(codeOf(await csv("x".repeat(5_000_000)))).toBe("body_too_large");
    expect(codeOf(await csv("ABC1D23", "?list=vip"))).toBe("bad_request");
    expect(codeOf(await ask(`${paths.platesCsv}?separator=x`))).toBe("bad_request");
    expect(database.raw.prepare("select count(*) from plates").pluck().get()).toBe(0);
  });
});

describe("bad input is refused in the error contract's form and stores nothing", () => {
  const camera = fillPath(paths.camera, { id: anId() });
  const withBody: [string, string][] = [
    ["POST", paths.events],
    ["POST", paths.cameras],
    ["POST", paths.probe],
    ["POST", paths.plates],
    ["PUT", fillPath(paths.plate, { id: anId() })],
    ["PATCH", camera],
    ["PUT", fillPath(paths.cameraZones, { id: anId() })],
    ["PUT", paths.shop],
  ];

  test.each(withBody)("%s %s", async (method, path) => {
    const json = { "content-type": "application/json" };
    const refuses = async (ask_: Ask, ...codes: string[]) =>
      expect(codes).toContain(codeOf(await ask(path, { method, ...ask_ })));
    await refuses({ headers: json, body: "{" }, "bad_request");
    await refuses({ headers: json, body: '"text"' }, "bad_request");
    await refuses({ headers: json, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]) }, "bad_request");
    await refuses({ headers: json, body: "[]" }, "invalid_body");
    await refuses({ headers: json, body: '{"unknown":1}' }, "invalid_body");
    await refuses({ headers: json, body: `["${"x".repeat(1_100_000)}"]` }, "body_too_large");
    await refuses({ headers: { "content-type": "text/plain" }, body: "{}" }, "unsupported_media_type");
    await refuses({ headers: {}, body: "{}" }, "unsupported_media_type");
    await refuses(
      { headers: { ...json, "content-encoding": "x-odd" }, body: "{}" },
      "unsupported_media_type",
    );
    await refuses({ headers: { ...json, origin: "http://evil.example" }, body: "{}" }, "forbidden_origin");
    await refuses({ headers: { ...json, host: "evil.example" }, body: "{}" }, "forbidden_origin");
    expect(rowCounts()).toEqual({ events: 0, cameras: 0 });
  });

  test.each([
    { mainAddress: "http://10.0.0.1/" },
    { mainAddress: "rtsp://" },
    { mainAddress: 7 },
    { subAddress: "file:///etc/passwd" },
    { name: "" },
    { name: "x".repeat(81) },
    { queueThreshold: 0 },
    { demo: true },
    { id: anId() },
  ])("a camera with %j", async (change) => {
    expect(codeOf(await send(paths.cameras, { ...aNewCamera(), ...change }))).toBe("invalid_body");
    expect(rowCounts().cameras).toBe(0);
  });

  test.each([
    "limit=0",
    "limit=501",
    "limit=x",
    "cursor=abc",
    "from=today",
    "event_name=x",
    "not_event_name=camera.health,x",
    "not_event_name=",
    "camera_id=1",
  ])("a search for %s", async (query) =>
    expect(codeOf(await ask(`${paths.events}?${query}`))).toBe("bad_request"),
  );

  test.each([
    ["GET", "/api/nothing"],
    ["POST", "/api/nothing"],
    ["GET", "/media/x"],
    ["GET", "/media/x/main/hls/index.m3u8"],
    ["GET", `/media/${anId()}/main/hls/index.m3u8`],
    ["GET", `/media/${anId()}/main/hls/..%2f..%2fconfig`],
    ["DELETE", `/media/x/main/whep/session`],
    ["GET", camera],
    ["DELETE", camera],
    ["GET", fillPath(paths.cameraZones, { id: anId() })],
    ["GET", fillPath(paths.cameraZones, { id: "x" })],
    ["POST", fillPath(paths.cameraRetry, { id: anId() })],
    ["GET", "/models/other.onnx"],
    ["GET", "/assets/missing.js"],
    ["GET", "/models/..%2f..%2fpackage.json"],
  ])("%s %s is not found", async (method, path) => {
    expect(codeOf(await ask(path, { method, headers: { accept: "text/html" } }))).toBe("not_found");
  });

  test.each([
    paths.health,
    paths.metrics,
    paths.openApi,
    paths.cameras,
    paths.camerasHealth,
    paths.probe,
    fillPath(paths.cameraZones, { id: anId() }),
    paths.zones,
    paths.shop,
    paths.events,
    paths.models,
    paths.plates,
    paths.platesCsv,
    camera,
    fillPath(paths.whep, { id: anId(), stream: "main" }),
    fillPath(paths.whepSession, { id: anId(), stream: "main", session: "s1" }),
    `${fillPath(paths.hls, { id: anId(), stream: "sub" })}/index.m3u8`,
  ])("a wrong method on %s names the right ones", async (path) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      if (methodsOf(path).includes(method)) continue;
      const answer = await ask(path, { method });
      expect([method, codeOf(answer)]).toEqual([method, "method_not_allowed"]);
      expect(answer.headers.allow).toBe(methodsOf(path).join(", "));
    }
    expect(rowCounts()).toEqual({ events: 0, cameras: 0 });
  });

  test("WebRTC offers that are none", async () => {
    const path = fillPath(paths.whep, { id: anId(), stream: "main" });
    const offer = (type: string, body: string) =>
      ask(path, { method: "POST", headers: { "content-type": type }, body });
    expect(codeOf(await offer("application/json", "{}"))).toBe("unsupported_media_type");
    expect(codeOf(await offer("application/sdp", "nonsense"))).toBe("invalid_body");
    expect(codeOf(await offer("application/sdp", "v".repeat(100_000)))).toBe("body_too_large");
    const whole = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=ice-ufrag:x\r\n";
    expect(codeOf(await offer("application/sdp", whole))).toBe("not_found");
    const { id } = JSON.parse((await send(paths.cameras, aNewCamera())).text);
    const known = fillPath(paths.whep, { id, stream: "main" });
    const answer = ask(known, {
      method: "POST",
      headers: { "content-type": "application/sdp" },
      body: whole,
    });
    expect(codeOf(await answer)).toBe("media_unavailable");
    await ask(fillPath(paths.camera, { id }), { method: "DELETE" });
  });

  test("a path with broken escapes is a bad request", async () => {
    expect(codeOf(await ask("/api/cameras/%E0%A4%A"))).toBe("bad_request");
  });

  test("a socket path asked for by plain HTTP says what it speaks", async () => {
    expect(codeOf(await ask(paths.feed))).toBe("bad_request");
  });
});

describe("the page", () => {
  test("says that it is being built while it is not there, then is served at every screen's path", async () => {
    const before = await ask("/");
    expect([before.status, before.text.includes("being built")]).toEqual([503, true]);
    mkdirSync(join(webDir, "assets"), { recursive: true });
    writeFileSync(join(webDir, "index.html"), "<title>built</title>");
    writeFileSync(join(webDir, "sw.js"), "//");
    writeFileSync(join(webDir, "assets", "app-1a2b.js"), "//");
    for (const path of ["/", "/cameras/new"]) {
      const page = await ask(path, { headers: { accept: "text/html" } });
      expect([page.status, page.text]).toEqual([200, "<title>built</title>"]);
      expect(page.headers["cache-control"]).toBe("no-cache");
    }
    expect((await ask("/sw.js")).headers["cache-control"]).toBe("no-cache");
    expect((await ask("/assets/app-1a2b.js")).headers["cache-control"]).toContain("immutable");
  });

  test("text that a page asks for is compressed, whole or not at all", async () => {
    const script = "export const words = 1;\n".repeat(500);
    writeFileSync(join(webDir, "assets", "big-1a2b.js"), script);
    writeFileSync(join(webDir, "assets", "big-1a2b.wasm"), script);
    const gzip = { "accept-encoding": "gzip" };
    for (const path of ["/assets/big-1a2b.js", paths.openApi, paths.metrics]) {
      const [packed, plain] = [await ask(path, { headers: gzip }), await ask(path)];
      expect([path, packed.headers["content-encoding"]]).toEqual([path, "gzip"]);
      expect(packed.headers.vary).toContain("Accept-Encoding");
      expect(plain.headers).not.toHaveProperty("content-encoding");
      if (path !== paths.metrics) expect(gunzipSync(packed.bytes).toString()).toBe(plain.text);
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
    }
    for (const path of ["/assets/big-1a2b.wasm", "/models/tiny.onnx"])
      expect((await ask(path, { headers: gzip })).headers).not.toHaveProperty("content-encoding");
  });

  test("video goes out part by part, as it comes, and is never compressed", async () => {
    const parts: string[] = [];
    const headers = { "accept-encoding": "gzip, br" };
    await new Promise<void>((ended, failed) => {
      httpRequest({ host: "127.0.0.1", port, path: "/media/slow/index.m3u8", headers }, (response) => {
        expect(response.headers).not.toHaveProperty("content-encoding");
        response.on("data", (part: Buffer) => {
          parts.push(String(part));
          letGo(); // only once the first part is here: held back, this test would never end
        });
        response.on("end", ended);
      })
        .on("error", failed)
        .end();
    });
    expect(parts.join("")).toBe(`${"x".repeat(5_000)}the end`);
  });

  test("every answer isolates the page and names no framework", async () => {
    for (const path of ["/", "/sw.js", "/assets/app-1a2b.js", paths.health, "/api/nothing"]) {
      const { headers } = await ask(path);
      expect(headers).toMatchObject({
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
      });
      expect(headers["content-security-policy"]).toContain("'wasm-unsafe-eval'");
      expect(headers).not.toHaveProperty("x-powered-by");
    }
  });

  test("its own origin may change things, under every name of this computer", async () => {
    for (const name of ["localhost", "127.0.0.1", "[::1]"]) {
      const headers = { host: `${name}:${port}`, origin: `http://${name}:${port}` };
      const answer = await ask(fillPath(paths.camera, { id: anId() }), { method: "DELETE", headers });
      expect(codeOf(answer)).toBe("not_found");
    }
  });

  test("a model's file is served once it is here", async () => {
    const model = await ask("/models/tiny.onnx");
    expect([model.status, model.text]).toEqual([200, "weights"]);
    const again = await ask("/models/tiny.onnx", {
      headers: { "if-none-match": String(model.headers.etag) },
    });
    expect(again.status).toBe(304);
    expect(codeOf(await ask("/models/absent.onnx"))).toBe("model_unavailable");
  });

  test("the OpenAPI document covers the contract's paths", async () => {
    const document = JSON.parse((await ask(paths.openApi)).text);
    const described = Object.keys(document.paths).map((path) => path.replace(/\{(\w+)\}/g, ":$1"));
    for (const path of Object.values(paths))
      expect(described.some((known) => known.startsWith(path))).toBe(true);
  });
});
