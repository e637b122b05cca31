import type { SettingKey, SettingSource } from "#contract/settings.ts";
import type { SettingValues } from "./catalogue.ts";
import type { Place } from "./config-file.ts";

/** What decided a setting at the start. */
export type Decided = {
  source: SettingSource;
  /** The variable or option. */
  by: string | null;
  /** In config.yaml, where the source is the file. */
  at: Place | null;
};

/** Every setting as the start found it. */
export type EffectiveConfig = {
  /** Where config.yaml lies, or would. */
  file: string;
  values: SettingValues;
  decided: Record<SettingKey, Decided>;
};
