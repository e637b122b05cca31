import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ErrorRequestHandler, RequestHandler } from "express";
import type { z } from "zod";
import { type ErrorAnswer, type ErrorCode, HTTP_STATUS } from "#contract/errors.ts";
import { GatewayError, messageOf } from "./errors.ts";
import type { Logger } from "./logger.ts";

/** What `schema` makes of `input`, or a `GatewayError` that names the first wrong field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new GatewayError("invalid_body", describeIssue(result.error));
}

/** The first issue in one line: `payload.length: expected number`. */
export function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return "invalid";
  const where = issue.path.map(String).join(".");
  return where ? `${where}: ${issue.message}` : issue.message;
}

/** Errors that body parsers and the router throw themselves carry a `status`. */
function codeOf(error: unknown): ErrorCode {
  if (error instanceof GatewayError) return error.code;
  const status = typeof error === "object" && error !== null && "status" in error ? error.status : 0;
  if (status === 413) return "body_too_large";
  if (status === 415) return "unsupported_media_type";
  if (typeof status === "number" && status >= 400 && status < 500) return "bad_request";
  return "internal";
}

/** The one place where an error becomes an answer. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    const code = codeOf(error);
    const traceId = randomUUID();
    const status = HTTP_STATUS[code];
    const message = code === "internal" ? "Something went wrong in the gateway." : messageOf(error);
    const entry = { traceId, code, method: request.method, path: request.path };
    if (status >= 500) log.error({ ...entry, err: error }, "a request failed");
    else log.debug({ ...entry, reason: message }, "a request was refused");
    if (response.headersSent) return next(error);
    response.status(status).json({ error: { code, message, traceId } } satisfies ErrorAnswer);
  };
}

/** Answers what no route took: 405 on a known path, 404 elsewhere. */
export const notFound: RequestHandler = (request) => {
  throw new GatewayError("not_found", `There is nothing at ${request.method} ${request.path}.`);
};

/** True for requests without an `Origin`, and for those of the page the gateway itself serves. */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
