import type { StreamFormat } from "#contract/cameras.ts";
import type { TapClock, TapLink } from "#contract/taps.ts";

/** What a `direct` tile needs of what its port of the tap hub says. */
export type TapMessage =
  | TapLink
  | TapClock
  | { type: "format"; id: number; format: StreamFormat }
  | { type: "dropped"; id: number; frames: number }
  | { type: "refused"; id: number; message: string };

/**
 * Checks what the gateway said and the hub passed on as it came; by hand, for the schemas of taps.ts would make this
 * worker five times as large. Null for anything else.
 */
export function readTapMessage(data: unknown): TapMessage | null {
  if (typeof data !== "object" || data === null || !("type" in data)) return null;
  const { type, id, format, frames, message } = data as Record<string, unknown>; // checked below
  if (type === "link" || type === "clock") return data as TapLink | TapClock; // the hub's own words
  if (typeof id !== "number") return null;
  if (type === "format" && isFormat(format)) return { type, id, format };
  if (type === "dropped" && typeof frames === "number") return { type, id, frames };
  if (type === "refused" && typeof message === "string") return { type, id, message };
  return null;
}

function isFormat(format: unknown): format is StreamFormat {
  if (typeof format !== "object" || format === null) return false;
  const { family, codec, widthPx } = format as Record<string, unknown>; // checked here
  const isFamily = family === "h264" || family === "h265" || family === "other";
  return isFamily && typeof codec === "string" && (widthPx === undefined || typeof widthPx === "number");
}
