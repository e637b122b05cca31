import { stringify } from "yaml";
import type { SettingKey } from "#contract/settings.ts";
import { ruleOf, SETTING_KEYS } from "./catalogue.ts";
import type { EffectiveConfig } from "./effective-config.ts";

/** Every setting as a config.yaml that would say the same; what nobody set stands there as a comment. */
export function printConfig(config: EffectiveConfig): string {
  const sections = [...new Set(SETTING_KEYS.map((key) => key.split(".")[0]))];
  const lines = sections.flatMap((section) => [
    "",
    `${section}:`,
    ...SETTING_KEYS.filter((key) => key.startsWith(`${section}.`)).flatMap((key) => describe(key, config)),
  ]);
  return [`# Settings of Guarita: ${config.file}`, ...lines].join("\n");
}

function describe(key: SettingKey, { values, decided }: EffectiveConfig): string[] {
  const { about, allowed, expected, env, option, byDefault } = ruleOf(key);
  const { source, by, at } = decided[key];
  const name = key.split(".")[1];
  const value = values[key];
  const set = value === undefined ? `${name}:` : `${name}: ${stringify(value, { lineWidth: 0 }).trimEnd()}`;
  const from = { default: "default", file: `from this file, line ${at?.line}`, environment: by, option: by }[
    source
  ];
  const byWhat = [env, option].filter(Boolean).join(" or ");
  const otherwise = source === "default" || byDefault === undefined ? "" : `; ${byDefault} by default`;
  return [
    ...about.map((text) => `  # ${text}`),
    `  # ${allowed.type === "text" ? "" : `${expected}; `}also ${byWhat}${otherwise}`,
    source === "default" ? `  # ${set} # default` : `  ${set} # ${from}`,
  ];
}
