import { messageOf } from "../kernel/errors.ts";

/** System error codes, as a person would say them. */
const PLAIN: Record<string, string> = {
  ENOTFOUND: "there is no internet connection",
  EAI_AGAIN: "there is no internet connection",
  ENETUNREACH: "there is no internet connection",
  EHOSTUNREACH: "the server cannot be reached",
  ECONNREFUSED: "the server refused the connection",
  ECONNRESET: "the connection broke off",
  EPIPE: "the connection broke off",
  UND_ERR_SOCKET: "the connection broke off",
  ETIMEDOUT: "the server did not answer in time",
  UND_ERR_CONNECT_TIMEOUT: "the server did not answer in time",
  UND_ERR_HEADERS_TIMEOUT: "the server did not answer in time",
  UND_ERR_BODY_TIMEOUT: "the download stood still",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  EACCES: "the data folder may not be written",
  EPERM: "the data folder may not be written",
  EROFS: "the data folder may not be written",
};

/** Codes of certificates that do not hold: `CERT_HAS_EXPIRED`, `UNABLE_TO_VERIFY_LEAF_SIGNATURE` and their like. */
const CERTIFICATE = /CERT|SIGNED|VERIFY|ISSUER/;

/**
 * Why fetching or writing failed, as the end of a sentence. Looks through `cause`, since fetch puts the reason there.
 */
export function plainReason(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = "code" in at && typeof at.code === "string" ? at.code : "";
    const plain = PLAIN[code];
    if (plain) return plain;
    if (CERTIFICATE.test(code)) return `the server's certificate is not trusted (${code})`;
    // several addresses of one name were tried, each with an error of its own
    if (at instanceof AggregateError && at.errors.length > 0) return plainReason(at.errors[0]);
  }
  return messageOf(error);
}
