import type { Setting, SettingKey, SettingsChange } from "#contract/settings.ts";

/** What a shop changes, in the order of the form: the last part of its texts' keys, and how many of the setting's units
 * one of the form's is (milliseconds are shown as seconds). */
export const SHOWN = [
  { key: "storage.evidenceDays", name: "evidenceDays", perShown: 1 },
  { key: "delivery.everyMs", name: "everyMs", perShown: 1_000 },
  { key: "delivery.batchEvents", name: "batchEvents", perShown: 1 },
  { key: "delivery.retentionDays", name: "retentionDays", perShown: 1 },
  { key: "server.webrtcPort", name: "webrtcPort", perShown: 1 },
  { key: "log.level", name: "logLevel", perShown: 1 },
] as const satisfies { key: SettingKey; name: string; perShown: number }[];
export type Shown = (typeof SHOWN)[number];

/** As typed; a number field that is not filled is an empty text. */
export type Drafts = Partial<Record<SettingKey, string | number>>;

/** What stands in the field before anybody types. */
export function shownValue({ value }: Setting, { perShown }: Shown): string | number {
  return typeof value === "number" ? value / perShown : (value ?? "");
}

/** The bounds as the form shows them; undefined where it is no number. */
export function shownBounds({ allowed }: Setting, { perShown }: Shown) {
  if (allowed.type !== "number") return undefined;
  return {
    min: allowed.min / perShown,
    max: allowed.max / perShown,
    isWhole: allowed.isWhole && perShown === 1,
  };
}

export type CheckedDrafts =
  /** Empty where nothing differs from what is set. */
  { status: "ok"; values: SettingsChange["values"] } | { status: "wrong"; keys: SettingKey[] };

/** What of the drafts is to be sent, in the settings' own units. */
export function checkDrafts(settings: Setting[], drafts: Drafts): CheckedDrafts {
  const values: SettingsChange["values"] = {};
  const wrong: SettingKey[] = [];
  for (const shown of SHOWN) {
    const setting = settings.find(({ key }) => key === shown.key);
    const draft = drafts[shown.key];
    if (!setting || draft === undefined) continue;
    const meant = typeof draft === "number" ? Math.round(draft * shown.perShown * 1e6) / 1e6 : draft;
    if (!isAllowed(setting, meant)) wrong.push(shown.key);
    else if (meant !== setting.value) values[shown.key] = meant;
  }
  return wrong.length > 0 ? { status: "wrong", keys: wrong } : { status: "ok", values };
}

function isAllowed({ allowed }: Setting, value: string | number): boolean {
  if (allowed.type === "choice") return allowed.choices.some((choice) => choice === value);
  if (allowed.type === "text") return typeof value === "string" && value !== "";
  if (typeof value !== "number" || (allowed.isWhole && !Number.isInteger(value))) return false;
  return value >= allowed.min && value <= allowed.max;
}
