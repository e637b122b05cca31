import type { z } from "zod";
import type { EventRecord } from "#contract/events.ts";
import { PAYLOADS } from "#contract/payloads.ts";

/** What is wrong with one field of a payload; `field` is its path, as in `rule.kind`. */
export type PayloadFault = { field: string } & (
  | { kind: "missing" | "text" | "number" | "wholeNumber" | "object" | "list" | "time" | "other" }
  | { kind: "least" | "most"; limit: number }
  | { kind: "oneOf"; values: string }
);

/** Of what a field holds, by the schema's word for it. */
const TYPES: Partial<Record<string, "text" | "number" | "wholeNumber" | "object" | "list">> = {
  string: "text",
  number: "number",
  int: "wholeNumber",
  object: "object",
  record: "object",
  array: "list",
};

/** Why an event of this name may not have this payload, by the contract's own schema; empty where it may. */
export function faultsOf(
  name: EventRecord["event_name"],
  payload: EventRecord["payload"] = {},
): PayloadFault[] {
  const { error } = PAYLOADS[name].safeParse(payload);
  return (error?.issues ?? []).map((issue) => ({
    field: issue.path.join("."),
    ...(isMissing(payload, issue.path) ? { kind: "missing" } : faultOf(issue)),
  }));
}

function isMissing(payload: unknown, path: PropertyKey[]): boolean {
  let value = payload;
  // of what is no object a field is asked for by no schema
  for (const key of path) value = (value as Record<PropertyKey, unknown>)[key];
  return value === undefined;
}

/** Each kind but for its field. */
type OfField<Fault> = Fault extends PayloadFault ? Omit<Fault, "field"> : never;

function faultOf(issue: z.core.$ZodIssue): OfField<PayloadFault> {
  switch (issue.code) {
    case "invalid_type":
      return { kind: TYPES[issue.expected] ?? "other" };
    case "too_small":
      return { kind: "least", limit: Number(issue.minimum) };
    case "too_big":
      return { kind: "most", limit: Number(issue.maximum) };
    case "invalid_value":
      return { kind: "oneOf", values: issue.values.map(String).join(", ") };
    case "invalid_format":
      return { kind: issue.format === "datetime" ? "time" : "other" };
    default:
      return { kind: "other" };
  }
}
