import { z } from "zod";

/** The door for what an older version, or a broken disk, left. The event itself is for the gateway to judge. */
const ReadableRow = z.object({
  seq: z.number(),
  receipt_id: z.string(),
  json: z.string(),
  addedAtMs: z.number(),
  dueAtMs: z.number().optional(),
  attempts: z.number(),
});

/** A row as this version writes it, with an event of the same receipt inside. */
export function isReadable(row: unknown): boolean {
  const parsed = ReadableRow.safeParse(row);
  if (!parsed.success) return false;
  try {
    const event: unknown = JSON.parse(parsed.data.json);
    return (
      typeof event === "object" &&
      event !== null &&
      Reflect.get(event, "receipt_id") === parsed.data.receipt_id
    );
  } catch {
    return false; // not JSON: that is the answer, not an error
  }
}
