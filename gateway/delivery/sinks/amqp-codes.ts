import type { SinkTrouble, SinkTroubleCode } from "#contract/sink-troubles.ts";
import { messageOf } from "../../kernel/errors.ts";
import { networkTrouble } from "./network-trouble.ts";
import { shortened } from "./shortened.ts";

// reply codes of AMQP 0-9-1
const CONTENT_TOO_LARGE = 311;
const PRECONDITION_FAILED = 406;
const ENDS: Record<number, SinkTroubleCode> = {
  320: "shutting_down",
  403: "no_right",
  404: "exchange_missing",
  [PRECONDITION_FAILED]: "exchange_unfit",
};
/** Of what the broker said. */
const MAX_TEXT = 300;

/** Why there is no connection or channel, or why it ended. */
export function amqpTrouble(error: unknown): SinkTrouble {
  const text = messageOf(error);
  const code = codeOf(error);
  if (code !== undefined) return { code: ENDS[code] ?? "hung_up", detail: saidIn(text) };
  // the library gives no code for what ends the handshake
  if (text.includes("Login was refused")) return { code: "login_refused" };
  if (text.startsWith("Handshake terminated by server")) return { code: "hung_up", detail: saidIn(text) };
  if (text.endsWith("during opening handshake")) return { code: "no_greeting" };
  return networkTrouble(error);
}

/** Of what ended a channel that only publishes, this is about the message; `code` is for the dead letter. */
export function faultOf(error: unknown): { trouble: SinkTrouble; code: string } | undefined {
  const code = codeOf(error);
  if (code !== PRECONDITION_FAILED && code !== CONTENT_TOO_LARGE) return undefined;
  const trouble = code === CONTENT_TOO_LARGE ? "too_large" : "refused";
  return { trouble: { code: trouble, detail: saidIn(messageOf(error)) }, code: `amqp_${code}` };
}

export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : undefined;
}

/** The broker's own words in a message of the library: `Channel closed by server: 404 (NOT-FOUND) with message "..."`. */
const saidIn = (text: string): string =>
  shortened(/ with message "(.*)"$/s.exec(text)?.[1] ?? text, MAX_TEXT);
