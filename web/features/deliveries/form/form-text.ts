import type { EventRecord } from "#contract/events.ts";

/** Lists that are entered as text, one entry per line. */
export const linesIn = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

export const textOfHeaders = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

/** A line without a colon becomes a name that no header can have, so that the contract refuses it. */
export const headersIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    linesIn(text).map((line) => {
      const colon = line.indexOf(":");
      return colon === -1 ? [`${line}:`, ""] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );

const PLACEHOLDER = /\{(store_id|camera_id|zone_id|event_name)\}/g;
/** What would add a level to the topic, or ask for others. */
const NOT_PLAIN = /[^A-Za-z0-9._-]/g;

/** A topic as an event of these ids would get it; `none` stands for what it does not have. */
export function exampleTopic(
  template: string,
  event: Partial<Pick<EventRecord, "store_id" | "camera_id" | "zone_id" | "event_name">>,
): string {
  return template.replace(PLACEHOLDER, (_whole, field: keyof typeof event) =>
    (event[field] ?? "none").replace(NOT_PLAIN, "_"),
  );
}
