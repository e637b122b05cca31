import type { z } from "zod";

/** For values as `JSON.parse` makes them. */
export type Check = (value: unknown) => boolean;

type Def = z.core.$ZodTypes["_zod"]["def"];
const never: Check = () => false;

/**
 * Says of most values that fit `schema` that they do, several times as fast as the schema itself, because it neither
 * copies nor explains. True is certain: the schema accepts this value and leaves it as it is. False means "ask the
 * schema"; so a part of a schema that is not known here only makes checking slower, never looser.
 */
export function quickCheck(schema: z.core.$ZodType): Check {
  const def = (schema as z.core.$ZodTypes)._zod.def; // every schema is one of these
  switch (def.type) {
    case "string":
      return stringCheck(def);
    case "number":
      return numberCheck(def);
    case "enum":
    case "literal": {
      const allowed: ReadonlySet<unknown> = schema._zod.values ?? new Set();
      return hasChecks(def) ? never : (value) => allowed.has(value);
    }
    case "custom":
      return hasChecks(def) ? never : (value) => def.fn(value) === true;
    case "optional":
    case "nullable": {
      const none = def.type === "optional" ? undefined : null;
      const inner = quickCheck(def.innerType);
      return hasChecks(def) ? never : (value) => value === none || inner(value);
    }
    case "array": {
      const element = quickCheck(def.element);
      return hasChecks(def) ? never : (value) => Array.isArray(value) && value.every(element);
    }
    case "record":
      return recordCheck(def);
    case "object":
      return objectCheck(def);
    default:
      return never;
  }
}

const hasChecks = ({ checks }: Def): boolean => checks !== undefined && checks.length > 0;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Formats that are their pattern and nothing more. */
const PATTERN_FORMATS = ["uuid", "datetime", "regex"];

function stringCheck(def: z.core.$ZodStringDef): Check {
  const formats = (def.checks ?? []).map((check) => check._zod.def as Partial<z.core.$ZodStringFormatDef>);
  if ("format" in def) formats.push(def as z.core.$ZodStringFormatDef); // `z.uuid()` is its own check
  const patterns: RegExp[] = [];
  for (const { format, pattern } of formats) {
    // a pattern with a memory (flags g, y) could answer differently the next time
    if (!pattern || !PATTERN_FORMATS.includes(format ?? "") || pattern.global || pattern.sticky) return never;
    patterns.push(pattern);
  }
  const [first, ...others] = patterns;
  if (!first) return (value) => typeof value === "string";
  if (others.length > 0) return never;
  return (value) => typeof value === "string" && first.test(value);
}

function numberCheck(def: z.core.$ZodNumberDef): Check {
  let min = -Number.MAX_VALUE;
  let max = Number.MAX_VALUE;
  let isInteger = false;
  const checks = (def.checks ?? []).map((check) => (check as z.core.$ZodChecks)._zod.def);
  if ("check" in def) checks.push(def as z.core.$ZodNumberFormatDef); // `z.int()` is its own check
  for (const check of checks) {
    if (check.check === "greater_than" && check.inclusive) min = Math.max(min, Number(check.value));
    else if (check.check === "less_than" && check.inclusive) max = Math.min(max, Number(check.value));
    else if (check.check === "number_format" && check.format === "safeint") isInteger = true;
    else return never;
  }
  return (value) =>
    typeof value === "number" && value >= min && value <= max && (!isInteger || Number.isSafeInteger(value));
}

function recordCheck(def: z.core.$ZodRecordDef): Check {
  const key = (def.keyType as z.core.$ZodTypes)._zod.def;
  if (key.type !== "string" || "format" in key || hasChecks(key) || hasChecks(def)) return never;
  const valueFits = quickCheck(def.valueType);
  return (value) => {
    if (!isObject(value)) return false;
    for (const name in value) if (!valueFits(value[name])) return false;
    return true;
  };
}

/** Whether fields beyond the named ones are dropped, refused or kept is left to the schema. */
function objectCheck(def: z.core.$ZodObjectDef): Check {
  const known = new Set(Object.keys(def.shape));
  const fields = Object.entries(def.shape).map(([name, field]) => ({ name, fits: quickCheck(field) }));
  if (hasChecks(def)) return never;
  return (value) => {
    if (!isObject(value)) return false;
    for (const name in value) if (!known.has(name)) return false;
    for (const { name, fits } of fields) if (!fits(value[name])) return false;
    return true;
  };
}
