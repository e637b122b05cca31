import type { ErrorCode } from "#contract/errors.ts";

/** A refusal that crosses HTTP or a socket. The message is for a person; clients branch on the code. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  /** With a conflict of versions: what is there now. */
  readonly present: unknown;
  constructor(code: ErrorCode, message: string, options: ErrorOptions & { present?: unknown } = {}) {
    super(message, options);
    this.name = "GatewayError";
    this.code = code;
    this.present = options.present;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
