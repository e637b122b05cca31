import type { SettingKey } from "#contract/settings.ts";
import { isLoopbackHost } from "../kernel/http.ts";
import { aChoice, aNumber, aText, type SettingRule } from "./setting.ts";

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** Every setting, in the order in which it is shown. `section.name` is its place in config.yaml. */
export const CATALOGUE = {
  "server.port": aNumber({
    byDefault: 8080,
    min: 0,
    max: 65_535,
    env: "GUARITA_PORT",
    option: "--port",
    about: ["where the page is served; 0 takes any free port"],
    needsRestart: true,
  }),
  "server.host": aText({
    byDefault: "127.0.0.1",
    expected:
      "an address of this computer alone (127.0.0.1, ::1 or localhost) until Guarita has user accounts",
    isGood: (host) => isLoopbackHost(host.includes(":") ? `[${host}]` : host),
    env: "GUARITA_HOST",
    about: [
      "the address to listen on; this computer alone (127.0.0.1, ::1, localhost)",
      "until there are user accounts",
    ],
    needsRestart: true,
  }),
  "server.webrtcPort": aNumber({
    byDefault: 8189,
    min: 1,
    max: 65_535,
    env: "GUARITA_WEBRTC_PORT",
    about: ["the port of WebRTC pictures, UDP and TCP"],
    isChangeable: true,
    needsRestart: true,
  }),
  "storage.path": aText({
    byDefault: "./data",
    expected: "a folder",
    env: "GUARITA_DATA",
    about: ["folder of the database, the key, downloaded programs and models"],
    needsRestart: true,
  }),
  "storage.evidenceDays": aNumber({
    byDefault: 30,
    min: 1,
    max: 3_650,
    unit: "days",
    env: "GUARITA_EVIDENCE_DAYS",
    about: ["how long pictures of events are kept, in days; older ones go within a day"],
    isChangeable: true,
  }),
  "media.mediamtx": aText<string | undefined>({
    byDefault: undefined,
    expected: "the MediaMTX program",
    env: "GUARITA_MEDIAMTX",
    about: ["the MediaMTX program to use (else PATH, then a download in the background)"],
    needsRestart: true,
  }),
  "models.folder": aText<string | undefined>({
    byDefault: undefined,
    expected: "a folder",
    env: "GUARITA_MODELS",
    about: ["a folder with model files (else a download in the background)"],
    needsRestart: true,
  }),
  "log.level": aChoice({
    byDefault: "info",
    choices: LOG_LEVELS,
    env: "GUARITA_LOG",
    about: ["how much to log, as JSON lines on standard error"],
    isChangeable: true,
  }),
  "delivery.everyMs": aNumber({
    byDefault: 60_000,
    min: 0,
    max: 86_400_000,
    unit: "milliseconds",
    env: "GUARITA_DELIVERY_EVERY_MS",
    about: ["of a new destination: events leave when the oldest waits so long; 0 is at once"],
    isChangeable: true,
  }),
  "delivery.batchEvents": aNumber({
    byDefault: 200,
    min: 1,
    max: 500,
    unit: "events",
    env: "GUARITA_DELIVERY_BATCH_EVENTS",
    about: ["of a new destination: or when so many wait; no batch is larger"],
    isChangeable: true,
  }),
  "delivery.retentionDays": aNumber({
    byDefault: 7,
    min: 0.01,
    max: 365,
    unit: "days",
    isWhole: false,
    env: "GUARITA_DELIVERY_RETENTION_DAYS",
    about: ["of a new destination: what still waits then has expired, and is counted so"],
    isChangeable: true,
  }),
  "delivery.backoffFirstMs": aNumber({
    byDefault: 1_000,
    min: 100,
    max: 3_600_000,
    unit: "milliseconds",
    env: "GUARITA_DELIVERY_BACKOFF_FIRST_MS",
    about: ["the first wait after a failure; it doubles with each further one"],
    isChangeable: true,
    needsRestart: true,
  }),
  "delivery.backoffMaxMs": aNumber({
    byDefault: 300_000,
    min: 100,
    max: 86_400_000,
    unit: "milliseconds",
    env: "GUARITA_DELIVERY_BACKOFF_MAX_MS",
    about: ["the longest wait after a failure"],
    isChangeable: true,
    needsRestart: true,
  }),
  "delivery.breakerFailures": aNumber({
    byDefault: 5,
    min: 1,
    max: 1_000,
    unit: "failures",
    env: "GUARITA_DELIVERY_BREAKER_FAILURES",
    about: ["after so many failures in a row a destination is left alone"],
    isChangeable: true,
    needsRestart: true,
  }),
  "delivery.breakerOpenMs": aNumber({
    byDefault: 60_000,
    min: 1_000,
    max: 86_400_000,
    unit: "milliseconds",
    env: "GUARITA_DELIVERY_BREAKER_OPEN_MS",
    about: ["for so long, before one more try"],
    isChangeable: true,
    needsRestart: true,
  }),
} as const satisfies Record<SettingKey, SettingRule<string | number | undefined>>;

export type SettingValues = { -readonly [Key in SettingKey]: (typeof CATALOGUE)[Key]["byDefault"] };

/** In the order of the catalogue. */
export const SETTING_KEYS = Object.keys(CATALOGUE) as SettingKey[]; // `satisfies` above: exactly these

export type AnyRule = SettingRule<string | number | undefined>;
export const ruleOf = (key: SettingKey): AnyRule => CATALOGUE[key];

/** What no schema of one value can tell, and at which setting to look. */
export type Disagreement = { key: SettingKey; sentence: string };

export function disagreement(values: SettingValues): Disagreement | undefined {
  const { "delivery.backoffFirstMs": first, "delivery.backoffMaxMs": most } = values;
  if (first <= most) return undefined;
  const sentence = `delivery.backoffFirstMs (${first}) must not be above delivery.backoffMaxMs (${most}).`;
  return { key: "delivery.backoffFirstMs", sentence };
}
