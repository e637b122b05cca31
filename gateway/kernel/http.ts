import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type ErrorRequestHandler, json, type RequestHandler } from "express";
import type { z } from "zod";
import { type ErrorAnswer, type ErrorCode, HTTP_STATUS } from "#contract/errors.ts";
import { GatewayError, messageOf } from "./errors.ts";
import type { Logger } from "./logger.ts";

/** What `schema` makes of `input`, or a `GatewayError` that names the first wrong field. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code: ErrorCode = "invalid_body",
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new GatewayError(code, describeIssue(result.error));
}

/** Reads a JSON body of at most `limitBytes`, in UTF-8; anything else is refused before a route sees it. */
export function jsonBody(limitBytes: number): RequestHandler {
  const verify = (_request: unknown, _response: unknown, body: Buffer) => {
    if (!isUtf8(body)) throw new GatewayError("bad_request", "The body is not UTF-8.");
  };
  const parse = json({ limit: limitBytes, verify });
  return (request, response, next) => {
    if (request.is("application/json")) return parse(request, response, next);
    throw new GatewayError("unsupported_media_type", "The body must be application/json.");
  };
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
    if (code === "internal" || code === "storage_unavailable") {
      log.error({ ...entry, err: error }, "a request failed");
    } else if (status >= 500) {
      log.warn({ ...entry, reason: message }, "a request could not be served"); // a camera is away: it heals itself
    } else {
      log.debug({ ...entry, reason: message }, "a request was refused");
    }
    if (response.headersSent) return next(error);
    const present = error instanceof GatewayError ? error.present : undefined;
    response.status(status).json({ error: { code, message, traceId, present } } satisfies ErrorAnswer);
  };
}

/** Answers what no route took. */
export const notFound: RequestHandler = (request) => {
  throw new GatewayError("not_found", `There is nothing at ${request.method} ${request.path}.`);
};

/** A name under which only this machine reaches itself: `localhost`, 127.0.0.0/8, `::1`; brackets and port may follow. */
export function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/**
 * True for requests of the page the gateway itself serves, and for those without an `Origin`. The gateway listens on
 * loopback alone, so a foreign `Host` is a foreign name that was pointed at it (DNS rebinding): never own.
 */
export function isOwnOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (!isLoopbackHost(host)) return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === new URL(`http://${host}`).host;
}
