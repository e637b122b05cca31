import { z } from "zod";
import type { AllowedValues } from "#contract/settings.ts";

/** One number or text of the gateway: what it may be, where it may come from, and what to tell about it. */
export type SettingRule<Value extends string | number | undefined> = {
  byDefault: Value;
  /** Of a value as YAML and JSON have it. */
  schema: z.ZodType<string | number>;
  /** Of a value as a variable or an option has it. */
  textSchema: z.ZodType<string | number>;
  /** Ends the sentence "... must be". */
  expected: string;
  allowed: AllowedValues;
  env: string;
  option?: string;
  /** For --help and --print-config: what it is, in one line, then what else is worth knowing. */
  about: string[];
  isChangeable: boolean;
  needsRestart: boolean;
};

type Facts<Value> = {
  byDefault: Value;
  env: string;
  option?: string;
  about: string[];
  /** By a page. */
  isChangeable?: boolean;
  needsRestart?: boolean;
};

type NumberFacts = Facts<number> & { min: number; max: number; unit?: string; isWhole?: boolean };

export function aNumber({ min, max, unit, isWhole = true, ...facts }: NumberFacts): SettingRule<number> {
  const schema = isWhole ? z.int().min(min).max(max) : z.number().min(min).max(max);
  const kind = isWhole ? "a whole number" : "a number";
  return {
    ...rest(facts),
    schema,
    textSchema: z
      .string()
      .regex(/^\d{1,12}(\.\d{1,6})?$/)
      .transform(Number)
      .pipe(schema),
    expected: `${kind}${unit ? ` of ${unit}` : ""} from ${min} to ${max}`,
    allowed: { type: "number", min, max, isWhole },
  };
}

export function aChoice(facts: Facts<string> & { choices: readonly string[] }): SettingRule<string> {
  const schema = z.enum([...facts.choices]);
  const expected = `one of ${facts.choices.slice(0, -1).join(", ")} and ${facts.choices.at(-1)}`;
  const allowed = { type: "choice" as const, choices: [...facts.choices] };
  return { ...rest(facts), schema, textSchema: schema, expected, allowed };
}

type TextFacts<Value> = Facts<Value> & { expected: string; isGood?: (text: string) => boolean };

export function aText<Value extends string | undefined>(facts: TextFacts<Value>): SettingRule<Value> {
  const { isGood = () => true } = facts;
  const schema = z.string().min(1).max(4_096).refine(isGood);
  return { ...rest(facts), schema, textSchema: schema, expected: facts.expected, allowed: { type: "text" } };
}

const rest = <Value>({ byDefault, env, option, about, isChangeable, needsRestart }: Facts<Value>) => ({
  byDefault,
  env,
  ...(option && { option }),
  about,
  isChangeable: isChangeable ?? false,
  needsRestart: needsRestart ?? false,
});
