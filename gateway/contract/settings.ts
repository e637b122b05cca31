import { z } from "zod";

/** The gateway's own numbers: what each is, where it comes from, and which of them a page may change. */
export const SettingKey = z.enum([
  "server.port",
  "server.host",
  "server.webrtcPort",
  "storage.path",
  "storage.evidenceDays",
  "media.mediamtx",
  "models.folder",
  "log.level",
  "delivery.everyMs",
  "delivery.batchEvents",
  "delivery.retentionDays",
  "delivery.backoffFirstMs",
  "delivery.backoffMaxMs",
  "delivery.breakerFailures",
  "delivery.breakerOpenMs",
]);
export type SettingKey = z.infer<typeof SettingKey>;

/** Strongest last: an option goes before a variable, which goes before the file. */
export const SettingSource = z.enum(["default", "file", "environment", "option"]);
export type SettingSource = z.infer<typeof SettingSource>;

export const AllowedValues = z.discriminatedUnion("type", [
  z.object({ type: z.literal("number"), min: z.number(), max: z.number(), isWhole: z.boolean() }),
  z.object({ type: z.literal("choice"), choices: z.array(z.string()) }),
  z.object({ type: z.literal("text") }),
]);
export type AllowedValues = z.infer<typeof AllowedValues>;

const value = z.union([z.string().max(4_096), z.number()]);
export type SettingValue = z.infer<typeof value>;

export const Setting = z.object({
  key: SettingKey,
  /** As it is set now; null where nothing is. */
  value: value.nullable(),
  default: value.nullable(),
  source: SettingSource,
  /** The variable or option that decides in place of the file. */
  decidedBy: z.string().nullable(),
  allowed: AllowedValues,
  /** By a page; the others are changed in the file, by whoever may write there. */
  isChangeable: z.boolean(),
  /** A change holds from the next start on; else at once. */
  needsRestart: z.boolean(),
  /** It was changed since the start, and the gateway still works by what was set before. */
  isPending: z.boolean(),
});
export type Setting = z.infer<typeof Setting>;

/** `GET /api/settings` */
export const SettingList = z.object({
  /** The file in which they stand, or would. */
  file: z.string(),
  isFileWritable: z.boolean(),
  settings: z.array(Setting),
});
export type SettingList = z.infer<typeof SettingList>;

/** PUT: those that are named, all of them or none. */
export const SettingsChange = z.strictObject({
  values: z
    .partialRecord(SettingKey, value)
    .refine((values) => Object.keys(values).length > 0, "at least one setting"),
});
export type SettingsChange = z.infer<typeof SettingsChange>;
