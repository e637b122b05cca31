import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Setting, SettingKey, SettingList, SettingsChange } from "#contract/settings.ts";
import { GatewayError, messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import { replaceFile } from "../kernel/replace-file.ts";
import { disagreement, ruleOf, SETTING_KEYS, type SettingValues } from "./catalogue.ts";
import { parseConfig } from "./config-file.ts";
import { editConfig } from "./edit-config.ts";
import type { EffectiveConfig } from "./effective-config.ts";

type ManageSettingsDeps = {
  config: EffectiveConfig;
  /** Of settings that hold at once: what follows them. */
  onChange: (values: SettingValues) => void;
  log: Logger;
};

/** The settings while the gateway runs; a change goes into config.yaml first, and holds after it is on disk. */
export function createManageSettings({ config, onChange, log }: ManageSettingsDeps) {
  const { file } = config;
  /** As set; and as the gateway works by, which differs where a restart is needed. */
  let values: SettingValues = { ...config.values };
  let inForce: SettingValues = { ...config.values };
  const decided = { ...config.decided };
  let lastWrite: Promise<unknown> = Promise.resolve();

  function describe(key: SettingKey): Setting {
    const { byDefault, allowed, isChangeable, needsRestart } = ruleOf(key);
    return {
      key,
      value: values[key] ?? null,
      default: byDefault ?? null,
      source: decided[key].source,
      decidedBy: decided[key].by,
      allowed,
      isChangeable,
      needsRestart,
      isPending: values[key] !== inForce[key],
    };
  }

  async function list(): Promise<SettingList> {
    return {
      file,
      isFileWritable: (await whyNotWritable(file)) === undefined,
      settings: SETTING_KEYS.map(describe),
    };
  }

  async function changeNow(change: SettingsChange["values"]): Promise<SettingList> {
    const wanted = SETTING_KEYS.flatMap((key) => {
      const value = change[key];
      return value === undefined ? [] : [{ key, value: checked(key, value) }];
    });
    const next: SettingValues = {
      ...values,
      ...Object.fromEntries(wanted.map(({ key, value }) => [key, value])),
    };
    const wrong = disagreement(next);
    if (wrong) throw new GatewayError("invalid_body", wrong.sentence);
    await writeDown(wanted);
    values = next;
    for (const { key, value } of wanted) {
      decided[key] = { source: "file", by: null, at: null };
      if (!ruleOf(key).needsRestart) inForce = { ...inForce, [key]: value };
    }
    log.info(
      { settings: Object.fromEntries(wanted.map(({ key, value }) => [key, value])) },
      "settings were changed",
    );
    onChange(inForce);
    return list();
  }

  function checked(key: SettingKey, value: string | number): string | number {
    const { schema, expected, isChangeable } = ruleOf(key);
    const { by } = decided[key];
    if (!isChangeable) {
      throw new GatewayError(
        "invalid_body",
        `${key} is changed in ${file} alone, by whoever may write there.`,
      );
    }
    if (by) {
      throw new GatewayError(
        "conflict",
        `${key} is decided by ${by}, which goes before ${file}; change it there.`,
      );
    }
    const result = schema.safeParse(value);
    if (!result.success) throw new GatewayError("invalid_body", `${key} must be ${expected}, not ${value}.`);
    return result.data;
  }

  /** The file may have been changed by hand meanwhile: it is read anew, and what else stands there stays. */
  async function writeDown(wanted: { key: SettingKey; value: string | number }[]): Promise<void> {
    const reason = await whyNotWritable(file);
    if (reason) throw new GatewayError("storage_unavailable", `${file} cannot be written: ${reason}.`);
    let text = await readOrEmpty(file);
    const [problem] = parseConfig(text, file).problems;
    if (problem) throw new GatewayError("conflict", `The file must be corrected first. ${problem}`);
    for (const { key, value } of wanted) {
      const edited = editConfig(text, key, value);
      if (edited === undefined) {
        const message = `${file} is written in a way that only a person can change; set ${key} there by hand.`;
        throw new GatewayError("conflict", message);
      }
      text = edited;
    }
    await replaceFile(file, text).catch((cause: unknown) => {
      throw new GatewayError("storage_unavailable", `${file} cannot be written: ${messageOf(cause)}.`, {
        cause,
      });
    });
  }

  return {
    /** As the gateway works by. */
    values: (): SettingValues => inForce,
    list,
    /** All of them or none. */
    change(change: SettingsChange): Promise<SettingList> {
      const turn = lastWrite.then(() => changeNow(change.values));
      lastWrite = turn.catch(() => undefined); // whoever asked for that write has its error
      return turn;
    },
  };
}
export type ManageSettings = ReturnType<typeof createManageSettings>;

/** A file that its owner made read-only is meant so, also where the gateway's user could write it all the same. */
async function whyNotWritable(file: string): Promise<string | undefined> {
  try {
    const found = await stat(file).catch(() => undefined); // not there yet
    if (found && (found.mode & 0o222) === 0) return "it is read-only";
    if (found) await access(file, constants.W_OK);
    await access(dirname(file), constants.W_OK);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw new GatewayError("storage_unavailable", `${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
