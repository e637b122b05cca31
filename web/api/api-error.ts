import type { ErrorCode } from "#contract/errors.ts";

/** What went wrong with a call: the gateway's own code, or that no valid answer came at all. */
export type ApiFailure = ErrorCode | "unreachable" | "bad_answer";

/** Every failed call to the gateway. Branch on `code`; `message` is for a technician. */
export class ApiError extends Error {
  readonly code: ApiFailure;
  /** Also in the gateway's log, where the gateway answered. */
  readonly traceId: string | undefined;
  /** With a conflict of versions: the thing as it is now, still to be checked. */
  readonly present: unknown;
  /** The wait that the gateway asked for (`Retry-After`); null where it asked for none. */
  readonly retryAfterMs: number | null;

  constructor(
    code: ApiFailure,
    message: string,
    options: { traceId?: string; retryAfterMs?: number | null; cause?: unknown; present?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.traceId = options.traceId;
    this.present = options.present;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
