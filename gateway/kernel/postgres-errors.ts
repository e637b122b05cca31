import { GatewayError, messageOf } from "./errors.ts";

/** Of Node, when a server is not there, or no longer. */
const NETWORK = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOENT", // its socket file
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
/**
 * SQLSTATE of a connection that failed (08), a full disk or too many connections (53), a server that stops or starts
 * (57P), a failing disk (58), a standby that takes no writes (25006).
 */
const STATES = /^(08|53|57P|58|25006)/;
/** The client tells these by their text alone. */
const TEXTS = /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client )/;

/** Whether the database cannot be reached or cannot write now, and may again without anybody's doing. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof GatewayError) return error.code === "storage_unavailable";
  const code = codeOf(error);
  return NETWORK.has(code) || STATES.test(code) || TEXTS.test(messageOf(error));
}

/** Two transactions waited for each other, and this one was given up: it may go again at once. */
export function isDeadlock(error: unknown): boolean {
  return codeOf(error) === "40P01" || codeOf(error) === "40001";
}

/** A wrong user or password (28), no such database (3D), no right to use it (42501). */
export function isForPerson(error: unknown): boolean {
  return /^(28|3D|42501)/.test(codeOf(error));
}

/** What the server or the network said, in a few words. */
export function reasonOf(error: unknown): string {
  const said = error instanceof GatewayError ? error.cause : error;
  return messageOf(said) || codeOf(said); // a name with several addresses fails without a text
}

/** What is for the sender to try again becomes a refusal that says so; anything else is a bug and stays as it is. */
export function storageError(error: unknown): unknown {
  return isDatabaseAway(error) && !(error instanceof GatewayError) ? unavailable(error) : error;
}

export function unavailable(cause: unknown): GatewayError {
  const message = "The gateway cannot reach its database now. Try again later.";
  return new GatewayError("storage_unavailable", message, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
