import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { SettingKey } from "#contract/settings.ts";
import { messageOf } from "../kernel/errors.ts";
import { type Disagreement, disagreement, ruleOf, SETTING_KEYS } from "./catalogue.ts";
import { type ConfigText, inFile, parseConfig } from "./config-file.ts";
import { readDatabaseUrl } from "./database-url.ts";
import type { Decided, EffectiveConfig } from "./effective-config.ts";
import { HELP } from "./help.ts";
import { printConfig } from "./print-config.ts";

/** What a gateway is started with. */
export type Settings = {
  config: EffectiveConfig;
  demo: boolean;
  /** Of PostgreSQL, with its password: in no file, never shown. Undefined: a file in the data folder. */
  databaseUrl: string | undefined;
};

export type Reading =
  | { kind: "run"; settings: Settings }
  /** Something was asked for that starts nothing. */
  | { kind: "print"; text: string }
  /** Plain sentences for the person who started it, one a line. */
  | { kind: "wrong"; message: string };

type Env = Record<string, string | undefined>;

/**
 * Reads options, environment and config.yaml. Never throws: what is wrong comes back as sentences. Relative paths of the
 * environment are meant from `folder`.
 */
export function readSettings(argv: string[], env: Env, folder = process.cwd()): Reading {
  try {
    const options = readOptions(argv);
    if (options.help) return { kind: "print", text: HELP };
    const { url: databaseUrl, problem } = readDatabaseUrl(env);
    const problems = problem === undefined ? [] : [problem];
    const config = readConfig(env, { "--port": options.port }, { folder, problems });
    if (options["print-config"]) return { kind: "print", text: printConfig(config) };
    return { kind: "run", settings: { config, demo: options.demo, databaseUrl } };
  } catch (error) {
    return { kind: "wrong", message: messageOf(error) };
  }
}

function readOptions(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        demo: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        port: { type: "string" },
        "print-config": { type: "boolean", default: false },
      },
    });
    return values;
  } catch (error) {
    const [sentence] = messageOf(error).split(/\.\s|\. To/);
    throw new Error(`${sentence}; "npm start -- --help" names every option.`);
  }
}

/** Throws with every sentence there is to say, so that one start shows all that is to be corrected. */
function readConfig(
  env: Env,
  options: Record<string, string | undefined>,
  { folder, problems: before }: { folder: string; problems: string[] },
): EffectiveConfig {
  const given = env.GUARITA_CONFIG ? resolve(folder, env.GUARITA_CONFIG) : undefined;
  const file =
    given ??
    join(resolve(folder, env.GUARITA_DATA || (ruleOf("storage.path").byDefault as string)), "config.yaml");
  const ofFile = parseConfig(readText(file, given !== undefined), file);
  const problems = [...before, ...ofFile.problems];
  const values: Partial<Record<SettingKey, string | number | undefined>> = {};
  const decided: Partial<Record<SettingKey, Decided>> = {};
  for (const key of SETTING_KEYS) {
    const choice = choose(key, env, options, ofFile);
    if ("problem" in choice) problems.push(choice.problem);
    else [values[key], decided[key]] = [choice.value, choice.decided];
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  // every key was chosen by its own rule above
  const config = { file, values, decided } as EffectiveConfig;
  config.values["storage.path"] = resolve(folder, config.values["storage.path"]);
  const wrong = (given ? undefined : strayFolder(config)) ?? disagreement(config.values);
  if (wrong) {
    const { at } = config.decided[wrong.key];
    throw new Error(`${at ? inFile(file, at) : ""}${wrong.sentence}`);
  }
  return config;
}

type Choice = { value: string | number | undefined; decided: Decided } | { problem: string };

/** An option goes before a variable, that before the file. An empty variable counts as none, as service files write it. */
function choose(
  key: SettingKey,
  env: Env,
  options: Record<string, string | undefined>,
  { entries }: ConfigText,
): Choice {
  const { env: variable, option, byDefault } = ruleOf(key);
  if (option && options[option] !== undefined) return fromText(key, options[option], "option", option);
  const text = env[variable];
  if (text) return fromText(key, text, "environment", variable);
  const entry = entries.get(key);
  if (entry) return { value: entry.value, decided: { source: "file", by: null, at: entry.at } };
  return { value: byDefault, decided: { source: "default", by: null, at: null } };
}

function fromText(key: SettingKey, text: string, source: "option" | "environment", by: string): Choice {
  const { textSchema, expected } = ruleOf(key);
  const checked = textSchema.safeParse(text);
  if (!checked.success) return { problem: `${by} must be ${expected}, not "${text}".` };
  return { value: checked.data, decided: { source, by, at: null } };
}

/** Nothing stands in a file that is not there, unless somebody named it. */
function readText(file: string, isNamed: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    if (code === "ENOENT" && !isNamed) return "";
    if (code === "ENOENT") throw new Error(`GUARITA_CONFIG names ${file}, but there is no such file.`);
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") throw new Error(`${file} is not a text in UTF-8.`);
    throw new Error(`${file} cannot be read (${messageOf(error)}).`);
  }
}

/** The file of the data folder cannot say that the data folder is another one. */
function strayFolder({ file, values, decided }: EffectiveConfig): Disagreement | undefined {
  const key = "storage.path";
  if (decided[key].source !== "file" || values[key] === dirname(file)) return undefined;
  const sentence =
    `${key} leads away from the folder in which this file was found; ` +
    "name the folder in GUARITA_DATA, or keep the file elsewhere and name it in GUARITA_CONFIG.";
  return { key, sentence };
}
