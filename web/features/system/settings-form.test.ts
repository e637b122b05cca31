import { expect, test } from "vitest";
import type { Setting, SettingKey } from "#contract/settings.ts";
import { checkDrafts, SHOWN, shownBounds, shownValue } from "./settings-form.ts";

const aSetting = (key: SettingKey, value: number | string, allowed: Setting["allowed"]): Setting => ({
  key,
  value,
  default: value,
  source: "default",
  decidedBy: null,
  allowed,
  isChangeable: true,
  needsRestart: false,
  isPending: false,
});
const DAYS = aSetting("storage.evidenceDays", 30, { type: "number", min: 1, max: 3_650, isWhole: true });
const EVERY = aSetting("delivery.everyMs", 60_000, {
  type: "number",
  min: 0,
  max: 86_400_000,
  isWhole: true,
});
const LEVEL = aSetting("log.level", "info", { type: "choice", choices: ["info", "debug"] });
const ALL = [DAYS, EVERY, LEVEL];

test("only what differs is sent", () => {
  const drafts = { "storage.evidenceDays": 30, "log.level": "debug" };
  expect(checkDrafts(ALL, drafts)).toEqual({ status: "ok", values: { "log.level": "debug" } });
  expect(checkDrafts(ALL, {})).toEqual({ status: "ok", values: {} });
});

test("milliseconds are shown as seconds and sent as milliseconds", () => {
  const shown = SHOWN[1];
  expect(shownValue(EVERY, shown)).toBe(60);
  expect(shownBounds(EVERY, shown)).toEqual({ min: 0, max: 86_400, isWhole: false });
  expect(checkDrafts(ALL, { "delivery.everyMs": 0.3 })).toEqual({
    status: "ok",
    values: { "delivery.everyMs": 300 },
  });
});

test.each([
  ["storage.evidenceDays", 0],
  ["storage.evidenceDays", 1.5],
  ["storage.evidenceDays", ""],
  ["delivery.everyMs", 86_401],
  ["delivery.everyMs", 0.0001],
  ["log.level", "loud"],
] as const)("%s cannot be %j", (key, draft) => {
  expect(checkDrafts(ALL, { [key]: draft, "log.level": key === "log.level" ? draft : "debug" })).toEqual({
    status: "wrong",
    keys: [key],
  });
});
