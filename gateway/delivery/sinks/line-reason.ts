import { messageOf } from "../../kernel/errors.ts";

/** System error codes, as a person would say them. */
const PLAIN: Record<string, string> = {
  ENOTFOUND: "the broker's name is not known here",
  EAI_AGAIN: "the broker's name is not known here",
  ENETUNREACH: "the broker cannot be reached",
  EHOSTUNREACH: "the broker cannot be reached",
  ECONNREFUSED: "nothing answers at the broker's address",
  ECONNRESET: "the connection to the broker broke off",
  EPIPE: "the connection to the broker broke off",
  ETIMEDOUT: "the broker did not answer in time",
};

/** Codes of certificates that do not hold: `CERT_HAS_EXPIRED`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE` and their like. */
const CERTIFICATE = /CERT|SIGNED|VERIFY|ISSUER/;

/** Why a connection to a broker did not come about or ended. */
export function lineReason(error: unknown): string {
  // several addresses of one name were tried, each with an error of its own
  if (error instanceof AggregateError && error.errors.length > 0) return lineReason(error.errors[0]);
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  if (CERTIFICATE.test(code)) return `the broker's certificate is not trusted (${code})`;
  return PLAIN[code] ?? shortened(messageOf(error));
}

export const shortened = (text: string, limit = 500): string =>
  text.length <= limit ? text : `${text.slice(0, limit)} [...]`;
