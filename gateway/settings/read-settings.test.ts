import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SETTING_KEYS } from "./catalogue.ts";
import { parseConfig } from "./config-file.ts";
import { HELP } from "./help.ts";
import { readSettings } from "./read-settings.ts";

let data: string;
let file: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "guarita-settings-"));
  file = join(data, "config.yaml");
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const read = (argv: string[], env: Record<string, string> = {}) =>
  readSettings(argv, { GUARITA_DATA: data, ...env });

function settingsOf(argv: string[], env: Record<string, string> = {}) {
  const reading = read(argv, env);
  if (reading.kind !== "run") throw new Error(`refused: ${JSON.stringify(reading)}`);
  return reading.settings;
}

function complaintOf(argv: string[], env: Record<string, string> = {}): string {
  const reading = read(argv, env);
  if (reading.kind !== "wrong") throw new Error("it was accepted");
  return reading.message;
}

test("nothing given: the page on port 8080 of this computer alone, data in ./data", () => {
  const reading = readSettings([], {});
  if (reading.kind !== "run") throw new Error(reading.kind);
  const { config, demo } = reading.settings;
  expect(demo).toBe(false);
  expect(config.file).toBe(resolve("data/config.yaml"));
  expect(new Set(Object.values(config.decided).map(({ source }) => source))).toEqual(new Set(["default"]));
  expect(config.values).toEqual({
    "server.port": 8080,
    "server.host": "127.0.0.1",
    "server.webrtcPort": 8189,
    "storage.path": resolve("data"),
    "storage.evidenceDays": 30,
    "media.mediamtx": undefined,
    "models.folder": undefined,
    "log.level": "info",
    "delivery.everyMs": 60_000,
    "delivery.batchEvents": 200,
    "delivery.retentionDays": 7,
    "delivery.backoffFirstMs": 1_000,
    "delivery.backoffMaxMs": 300_000,
    "delivery.breakerFailures": 5,
    "delivery.breakerOpenMs": 60_000,
  });
});

test("every variable is read, and an empty one counts as none", () => {
  const env = {
    GUARITA_PORT: "0",
    GUARITA_HOST: "::1",
    GUARITA_MEDIAMTX: "/opt/mediamtx",
    GUARITA_MODELS: "/opt/models",
    GUARITA_LOG: "debug",
    GUARITA_WEBRTC_PORT: "9000",
    GUARITA_EVIDENCE_DAYS: "7",
    GUARITA_DELIVERY_EVERY_MS: "0",
    GUARITA_DELIVERY_BATCH_EVENTS: "50",
    GUARITA_DELIVERY_RETENTION_DAYS: "0.5",
    GUARITA_DELIVERY_BACKOFF_FIRST_MS: "200",
    GUARITA_DELIVERY_BACKOFF_MAX_MS: "2000",
    GUARITA_DELIVERY_BREAKER_FAILURES: "3",
    GUARITA_DELIVERY_BREAKER_OPEN_MS: "5000",
  };
  const { values, decided } = settingsOf([], env).config;
  expect(values).toMatchObject({
    "server.port": 0,
    "server.host": "::1",
    "storage.path": data,
    "media.mediamtx": "/opt/mediamtx",
    "models.folder": "/opt/models",
    "log.level": "debug",
    "server.webrtcPort": 9000,
    "storage.evidenceDays": 7,
    "delivery.everyMs": 0,
    "delivery.batchEvents": 50,
    "delivery.retentionDays": 0.5,
    "delivery.backoffFirstMs": 200,
    "delivery.backoffMaxMs": 2_000,
    "delivery.breakerFailures": 3,
    "delivery.breakerOpenMs": 5_000,
  });
  for (const key of SETTING_KEYS) expect(decided[key]).toMatchObject({ source: "environment" });
  expect(settingsOf([], { GUARITA_PORT: "", GUARITA_MODELS: "" }).config.values).toMatchObject({
    "server.port": 8080,
    "models.folder": undefined,
  });
});

test("an option goes before a variable, that before the file, and each says where it stands", () => {
  writeFileSync(file, "# mine\nserver:\n  port: 9001\n  webrtcPort: 9002\nlog:\n  level: warn\n");
  const env = { GUARITA_PORT: "9003", GUARITA_WEBRTC_PORT: "9004" };
  const { config, demo } = settingsOf(["--demo", "--port", "9005"], env);
  expect(demo).toBe(true);
  expect([config.values["server.port"], config.decided["server.port"]]).toEqual([
    9005,
    { source: "option", by: "--port", at: null },
  ]);
  expect([config.values["server.webrtcPort"], config.decided["server.webrtcPort"]]).toEqual([
    9004,
    { source: "environment", by: "GUARITA_WEBRTC_PORT", at: null },
  ]);
  expect([config.values["log.level"], config.decided["log.level"]]).toEqual([
    "warn",
    { source: "file", by: null, at: { line: 6, column: 10 } },
  ]);
});

test("the file lies where GUARITA_CONFIG says, and names folders from where it lies", () => {
  mkdirSync(join(data, "etc"));
  const elsewhere = join(data, "etc", "guarita.yaml");
  writeFileSync(elsewhere, "storage:\n  path: ../shop\nmodels:\n  folder: /opt/models\n");
  const reading = readSettings([], { GUARITA_CONFIG: elsewhere });
  if (reading.kind !== "run") throw new Error(reading.kind);
  expect(reading.settings.config).toMatchObject({
    file: elsewhere,
    values: { "storage.path": join(data, "shop"), "models.folder": "/opt/models" },
  });
});

describe("a wrong value is named in one plain sentence", () => {
  test.each<[string, string[], Record<string, string>]>([
    ["GUARITA_PORT", [], { GUARITA_PORT: "abc" }],
    ["GUARITA_PORT", [], { GUARITA_PORT: "65536" }],
    ["GUARITA_PORT", [], { GUARITA_PORT: "-1" }],
    ["GUARITA_PORT", [], { GUARITA_PORT: "80.5" }],
    ["GUARITA_WEBRTC_PORT", [], { GUARITA_WEBRTC_PORT: "0" }],
    ["GUARITA_HOST", [], { GUARITA_HOST: "0.0.0.0" }],
    ["GUARITA_HOST", [], { GUARITA_HOST: "192.168.0.7" }],
    ["GUARITA_HOST", [], { GUARITA_HOST: "::" }],
    ["GUARITA_LOG", [], { GUARITA_LOG: "loud" }],
    ["GUARITA_DELIVERY_RETENTION_DAYS", [], { GUARITA_DELIVERY_RETENTION_DAYS: "0" }],
    ["GUARITA_CONFIG", [], { GUARITA_CONFIG: "/nowhere/config.yaml" }],
    [
      "backoffMaxMs",
      [],
      { GUARITA_DELIVERY_BACKOFF_FIRST_MS: "2000", GUARITA_DELIVERY_BACKOFF_MAX_MS: "1000" },
    ],
    ["--port", ["--port", "x"], {}],
    ["--colour", ["--colour"], {}],
    ["surprise", ["surprise"], {}],
    ["--demo", ["--demo=yes"], {}],
    ["--port", ["--port"], {}],
  ])("%s: %j %j", (name, argv, env) => {
    expect(complaintOf(argv, env)).toContain(name);
    expect(complaintOf(argv, env)).toMatch(/^[^\n]+\.$/);
  });
});

test("all that is wrong is told at once, of the file and of the environment", () => {
  writeFileSync(file, "log:\n  level: loud\n  colour: red\n");
  expect(complaintOf([], { GUARITA_PORT: "abc" }).split("\n")).toHaveLength(3);
});

test("a file that cannot be read, or is no text, is named", () => {
  mkdirSync(file);
  expect(complaintOf([])).toMatch(/config\.yaml cannot be read \(.+\)\.$/);
  rmSync(file, { recursive: true });
  writeFileSync(file, Buffer.from([0x6c, 0xff, 0xfe]));
  expect(complaintOf([])).toContain("not a text in UTF-8");
});

test("the data folder's own file cannot lead to another data folder", () => {
  writeFileSync(file, "storage:\n  path: /srv/elsewhere\n");
  expect(read([])).toMatchObject({ kind: "run" }); // the variable decides
  mkdirSync(join(data, "data"));
  const inside = join(data, "data", "config.yaml");
  writeFileSync(inside, "log:\n  level: info\nstorage:\n  path: /srv/elsewhere\n");
  expect(readSettings([], {}, data)).toMatchObject({
    kind: "wrong",
    message: expect.stringMatching(
      /^\S+data\/config\.yaml:4:9: storage\.path leads away .+ GUARITA_CONFIG\.$/,
    ),
  });
  writeFileSync(inside, "storage:\n  path: .\n");
  expect(readSettings([], {}, data)).toMatchObject({ kind: "run" });
});

test("settings that contradict each other are named where they stand", () => {
  writeFileSync(file, "delivery:\n  backoffFirstMs: 400000\n");
  expect(complaintOf([])).toBe(
    `${file}:2:19: delivery.backoffFirstMs (400000) must not be above delivery.backoffMaxMs (300000).`,
  );
});

test("help goes before wrong variables and names every option and variable that is read", () => {
  writeFileSync(file, "log: [");
  expect(read(["--help"], { GUARITA_PORT: "abc" })).toEqual({ kind: "print", text: HELP });
  const names = "PORT HOST DATA MEDIAMTX MODELS LOG WEBRTC_PORT EVIDENCE_DAYS CONFIG DELIVERY_EVERY_MS".split(
    " ",
  );
  for (const name of ["--demo", "--help", "--port", "--print-config"]) expect(HELP).toContain(name);
  for (const name of names) expect(HELP).toContain(`GUARITA_${name}`);
  for (const line of HELP.split("\n")) expect(line.length).toBeLessThanOrEqual(130);
});

test("the address of the database is read from the environment alone, and an empty one counts as none", () => {
  const databaseUrl = "postgres://guarita:s3cret@db.example:5432/shop";
  expect(settingsOf([], { DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl);
  const socket = "postgresql://guarita@/shop?host=/run/postgresql";
  expect(settingsOf([], { DATABASE_URL: socket }).databaseUrl).toBe(socket);
  expect(settingsOf([], { DATABASE_URL: "" }).databaseUrl).toBeUndefined();
  const printed = read(["--print-config"], { DATABASE_URL: databaseUrl });
  expect(printed).toMatchObject({ kind: "print", text: expect.not.stringContaining("s3cret") });
  expect(HELP).toContain("DATABASE_URL");
});

test.each(["mysql://guarita:s3cret@db/shop", "guarita:s3cret@db", "postgres://guarita:s3cret%zz@db/shop"])(
  "an address of a database that is wrong is not repeated, for it may hold a password (%#)",
  (databaseUrl) => {
    const complaint = complaintOf([], { DATABASE_URL: databaseUrl, GUARITA_PORT: "abc" });
    expect(complaint).toMatch(/^DATABASE_URL must be [^\n]+\nGUARITA_PORT must be /);
    expect(complaint).not.toContain("s3cret");
  },
);

test("what --print-config prints is a file that says the same, with where each value came from", () => {
  writeFileSync(file, 'storage:\n  evidenceDays: 90\nmodels:\n  folder: "/srv/a: b # c"\n');
  const reading = read(["--print-config", "--port", "81"], { GUARITA_LOG: "debug" });
  if (reading.kind !== "print") throw new Error(reading.kind);
  const { entries, problems } = parseConfig(reading.text, file);
  expect(problems).toEqual([]);
  expect([...entries].map(([key, { value }]) => [key, value])).toEqual([
    ["server.port", 81],
    ["storage.path", data],
    ["storage.evidenceDays", 90],
    ["models.folder", "/srv/a: b # c"],
    ["log.level", "debug"],
  ]);
  expect(reading.text).toContain("evidenceDays: 90 # from this file, line 2");
  expect(reading.text).toContain("level: debug # GUARITA_LOG");
  expect(reading.text).toContain("port: 81 # --port");
  for (const key of SETTING_KEYS) expect(reading.text).toContain(`${key.split(".")[1]}:`);
});
