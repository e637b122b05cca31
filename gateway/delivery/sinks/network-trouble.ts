import type { SinkTrouble, SinkTroubleCode } from "#contract/sink-troubles.ts";
import { messageOf } from "../../kernel/errors.ts";
import { shortened } from "./shortened.ts";

/** Of the system and of undici. */
const CODES: Record<string, SinkTroubleCode> = {
  ENOTFOUND: "name_unknown",
  EAI_AGAIN: "name_unknown",
  ENETUNREACH: "unreachable",
  EHOSTUNREACH: "unreachable",
  ECONNREFUSED: "nothing_answers",
  ECONNRESET: "broke_off",
  EPIPE: "broke_off",
  UND_ERR_SOCKET: "broke_off",
  ETIMEDOUT: "no_answer_in_time",
  UND_ERR_CONNECT_TIMEOUT: "no_answer_in_time",
  UND_ERR_HEADERS_TIMEOUT: "no_answer_in_time",
  UND_ERR_BODY_TIMEOUT: "no_answer_in_time",
  EPROTO: "no_tls",
};

/** Certificates that do not hold: `CERT_HAS_EXPIRED`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE` and their like. */
const CERTIFICATE = /CERT|SIGNED|VERIFY|ISSUER/;
const TLS = /^ERR_(SSL|TLS)_/;
const MAX_TEXT = 500;

/** Why a connection to a receiver did not come about or ended. */
export function networkTrouble(error: unknown): SinkTrouble {
  // several addresses of one name were tried, each with an error of its own
  if (error instanceof AggregateError && error.errors.length > 0) return networkTrouble(error.errors[0]);
  const systemCode = error instanceof Error && "code" in error ? String(error.code) : "";
  if (CERTIFICATE.test(systemCode)) return { code: "certificate", detail: systemCode };
  const code = CODES[systemCode] ?? (TLS.test(systemCode) ? "no_tls" : "no_connection");
  // the messages of OpenSSL hold its files and lines
  const detail = code === "no_tls" ? systemCode : messageWith(systemCode, error);
  return detail === "" ? { code } : { code, detail };
}

function messageWith(systemCode: string, error: unknown): string {
  const message = messageOf(error);
  const texts = message.includes(systemCode) ? [message] : [systemCode, message];
  return shortened(texts.join(" ").trim(), MAX_TEXT);
}
