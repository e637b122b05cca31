import { z } from "zod";
import { ErrorCode } from "#contract/errors.ts";
import { RefusalCode } from "#contract/events.ts";

/** Refusals of a batch that speak of its content. Any other (401, 404, a proxy's own page) is about the way, and heals. */
export const BatchRefusal = ErrorCode.extract(["bad_request", "invalid_body", "body_too_large"]);
export type BatchRefusal = z.infer<typeof BatchRefusal>;

/** Why an event is parked on this device: refused by itself, or alone in a batch that was; or its row cannot be read. */
export const ParkedCode = z.enum([...RefusalCode.options, ...BatchRefusal.options, "broken_row"]);
export type ParkedCode = z.infer<typeof ParkedCode>;

/** With these the gateway's reason names what is wrong; the others say all there is to say. */
export const NAMES_FAULT: ReadonlySet<ParkedCode> = new Set([
  "invalid_event",
  "invalid_payload",
  "bad_request",
  "invalid_body",
]);
