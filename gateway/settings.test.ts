import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { HELP, readSettings } from "./settings.ts";

const settingsOf = (argv: string[], env: Record<string, string> = {}) => {
  const reading = readSettings(argv, env);
  if (reading.kind !== "run") throw new Error(`refused: ${JSON.stringify(reading)}`);
  return reading.settings;
};

test("nothing given: the page on port 8080 of this computer alone, data in ./data", () => {
  expect(settingsOf([])).toEqual({
    port: 8080,
    host: "127.0.0.1",
    dataDir: resolve("data"),
    mediamtxFile: undefined,
    modelsDir: undefined,
    logLevel: "info",
    webrtcPort: 8189,
    evidenceDays: 30,
    demo: false,
  });
});

test("every variable is read, and an empty one counts as none", () => {
  const env = {
    GUARITA_PORT: "0",
    GUARITA_HOST: "::1",
    GUARITA_DATA: "/srv/guarita",
    GUARITA_MEDIAMTX: "/opt/mediamtx",
    GUARITA_MODELS: "/opt/models",
    GUARITA_LOG: "debug",
    GUARITA_WEBRTC_PORT: "9000",
    GUARITA_EVIDENCE_DAYS: "7",
  };
  expect(settingsOf([], env)).toMatchObject({
    port: 0,
    host: "::1",
    dataDir: resolve("/srv/guarita"),
    mediamtxFile: "/opt/mediamtx",
    modelsDir: "/opt/models",
    logLevel: "debug",
    webrtcPort: 9000,
    evidenceDays: 7,
  });
  expect(settingsOf([], { GUARITA_PORT: "", GUARITA_MODELS: "" })).toMatchObject({
    port: 8080,
    modelsDir: undefined,
  });
});

test("--port goes before the variable, --demo is read", () => {
  expect(settingsOf(["--demo", "--port", "9001"], { GUARITA_PORT: "9002" })).toMatchObject({
    port: 9001,
    demo: true,
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
    ["--port", ["--port", "x"], {}],
    ["--colour", ["--colour"], {}],
    ["surprise", ["surprise"], {}],
    ["--demo", ["--demo=yes"], {}],
    ["--port", ["--port"], {}],
  ])("%s: %j %j", (name, argv, env) => {
    const reading = readSettings(argv, env);
    if (reading.kind !== "wrong") throw new Error("it was accepted");
    expect(reading.message).toContain(name);
    expect(reading.message).toMatch(/^[^\n]+\.$/);
  });
});

test("help goes before wrong variables and names every option and variable that is read", () => {
  expect(readSettings(["--help"], { GUARITA_PORT: "abc" })).toEqual({ kind: "help", text: HELP });
  const names = [
    "--demo",
    "--help",
    "--port",
    "PORT",
    "HOST",
    "DATA",
    "MEDIAMTX",
    "MODELS",
    "LOG",
    "WEBRTC_PORT",
  ];
  for (const name of names) expect(HELP).toContain(name.startsWith("--") ? name : `GUARITA_${name}`);
});
