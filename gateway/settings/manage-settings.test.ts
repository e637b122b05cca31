import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SettingKey } from "#contract/settings.ts";
import { silentLogger } from "../kernel/logger.ts";
import type { SettingValues } from "./catalogue.ts";
import { createManageSettings, type ManageSettings } from "./manage-settings.ts";
import { readSettings } from "./read-settings.ts";

let data: string;
let file: string;
let told: SettingValues[];
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "guarita-settings-"));
  file = join(data, "config.yaml");
  told = [];
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

/** As after a start. */
function started(env: Record<string, string> = {}): ManageSettings {
  const reading = readSettings([], { GUARITA_DATA: data, ...env });
  if (reading.kind !== "run") throw new Error(JSON.stringify(reading));
  const onChange = (values: SettingValues) => told.push(values);
  return createManageSettings({ config: reading.settings.config, onChange, log: silentLogger() });
}

const one = async (settings: ManageSettings, key: SettingKey) =>
  (await settings.list()).settings.find((setting) => setting.key === key);

test("a change is in the file with its comments, holds at once, and at the next start", async () => {
  writeFileSync(file, "# ours\nlog:\n  level: warn # quiet\n", { mode: 0o640 });
  const settings = started();
  const answer = await settings.change({ values: { "log.level": "debug", "storage.evidenceDays": 90 } });
  expect(readFileSync(file, "utf8")).toBe(
    "# ours\nlog:\n  level: debug # quiet\nstorage:\n  evidenceDays: 90\n",
  );
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(answer.settings.find(({ key }) => key === "log.level")).toMatchObject({
    value: "debug",
    default: "info",
    source: "file",
    decidedBy: null,
    isPending: false,
  });
  expect(settings.values()).toMatchObject({ "log.level": "debug", "storage.evidenceDays": 90 });
  expect(told).toEqual([settings.values()]);
  expect(started().values()).toMatchObject({ "log.level": "debug", "storage.evidenceDays": 90 });
  expect(readdirSync(data)).toEqual(["config.yaml"]);
});

test("what needs a restart is pending until then", async () => {
  const settings = started();
  await settings.change({ values: { "server.webrtcPort": 9_000 } });
  expect(settings.values()["server.webrtcPort"]).toBe(8189);
  expect(await one(settings, "server.webrtcPort")).toMatchObject({
    value: 9_000,
    source: "file",
    needsRestart: true,
    isPending: true,
  });
  await settings.change({ values: { "server.webrtcPort": 8189 } });
  expect(await one(settings, "server.webrtcPort")).toMatchObject({ value: 8189, isPending: false });
});

test("where a variable decides, nothing is written and the sentence names it", async () => {
  const settings = started({ GUARITA_LOG: "warn" });
  expect(await one(settings, "log.level")).toMatchObject({ source: "environment", decidedBy: "GUARITA_LOG" });
  const change = settings.change({ values: { "storage.evidenceDays": 5, "log.level": "debug" } });
  await expect(change).rejects.toMatchObject({
    code: "conflict",
    message: `log.level is decided by GUARITA_LOG, which goes before ${file}; change it there.`,
  });
  expect(readdirSync(data)).toEqual([]);
  expect(settings.values()["storage.evidenceDays"]).toBe(30);
});

test.each<[string, SettingKey, string | number, RegExp]>([
  ["a wrong number", "storage.evidenceDays", 0, /a whole number of days from 1 to 3650, not 0/],
  ["a text for a number", "delivery.everyMs", "5", /milliseconds/],
  ["a first wait above the longest", "delivery.backoffFirstMs", 400_000, /must not be above/],
  ["an unknown choice", "log.level", "loud", /one of fatal/],
  ["what a page may not change", "media.mediamtx", "/bin/sh", /in .*config\.yaml alone/],
  ["where the page is served", "server.host", "::1", /alone/],
])("%s is refused and changes nothing", async (_name, key, value, sentence) => {
  const settings = started();
  const change = settings.change({ values: { [key]: value } });
  await expect(change).rejects.toMatchObject({
    code: "invalid_body",
    message: expect.stringMatching(sentence),
  });
  expect(readdirSync(data)).toEqual([]);
  expect(told).toEqual([]);
});

test("a file that its owner made read-only stays as it is", async () => {
  writeFileSync(file, "log:\n  level: warn\n");
  chmodSync(file, 0o444);
  const settings = started();
  expect((await settings.list()).isFileWritable).toBe(false);
  await expect(settings.change({ values: { "log.level": "debug" } })).rejects.toMatchObject({
    code: "storage_unavailable",
    message: `${file} cannot be written: it is read-only.`,
  });
  expect(readFileSync(file, "utf8")).toContain("warn");
  expect(settings.values()["log.level"]).toBe("warn");
});

test("what a person wrote into the file meanwhile stays there, and what is broken there is named", async () => {
  const settings = started();
  writeFileSync(file, "delivery:\n  everyMs: 1000\n");
  await settings.change({ values: { "log.level": "debug" } });
  expect(readFileSync(file, "utf8")).toBe("delivery:\n  everyMs: 1000\nlog:\n  level: debug\n");
  writeFileSync(file, "log:\n  level: loud\n");
  await expect(settings.change({ values: { "log.level": "info" } })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("config.yaml:2:10: log.level must be one of"),
  });
});

test("a link to the file stays a link", async () => {
  const real = join(data, "real.yaml");
  writeFileSync(real, "log:\n  level: warn\n");
  symlinkSync(real, file);
  await started().change({ values: { "log.level": "debug" } });
  expect(lstatSync(file).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toContain("debug");
});

test("two changes at once are both there", async () => {
  const settings = started();
  await Promise.all([
    settings.change({ values: { "delivery.everyMs": 1_000 } }),
    settings.change({ values: { "delivery.batchEvents": 10 } }),
  ]);
  expect(started().values()).toMatchObject({ "delivery.everyMs": 1_000, "delivery.batchEvents": 10 });
});
