import type { z } from "zod";
import type { SinkTroubleCode } from "#contract/sink-troubles.ts";
import type { Delivered, SendResult } from "../sink.ts";
import { shortened } from "./shortened.ts";

export type Failed = Extract<SendResult, { kind: "failed" }>;
export type Refused = Extract<SendResult, { kind: "refused" }>;

/** A receiver that asks for more is asked again after this, so that a slip of the pen does not silence a sink. */
const MAX_RETRY_AFTER_MS = 86_400_000;
/** Of a request or an answer in the dead letter. */
const MAX_TEXT = 2_000;
/** Of what a receiver said, beside a trouble. */
const MAX_SAID = 200;

/** `Retry-After` in seconds or as an HTTP date; undefined where there is none that can be read. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, waitMs));
}

/**
 * What a status says:
 * - `taken`: 2xx.
 * - `later`: the receiver is busy or broken.
 * - `setup`: address, key, method, account or a redirect. No event is to blame, so none may be parked: refusing here would
 *   drag a week of good events into the dead letter, one after the other, over a key that has expired. They wait until
 *   a person corrects it, and the sink shows why.
 * - `refused`: something in the body.
 */
export function judgeStatus(httpStatus: number): "taken" | "later" | "setup" | "refused" {
  if (httpStatus >= 200 && httpStatus < 300) return "taken";
  if (httpStatus >= 500 || [408, 425, 429].includes(httpStatus)) return "later";
  if (httpStatus < 400 || [401, 402, 403, 404, 405, 407, 410].includes(httpStatus)) return "setup";
  return "refused";
}

/** What is judged of an answer. */
export type Answered = { httpStatus: number; headers: Headers; text: string };

/** Where the answer is `later` or `setup`, or nobody can be blamed for it. */
export function failedAnswer(answer: Answered, nowMs: number, code = troubleOf(answer.httpStatus)): Failed {
  const afterMs = retryAfterMs(answer.headers, nowMs);
  const detail = code === "redirects" ? whereTo(answer) : answeredText(answer);
  return {
    kind: "failed",
    trouble: { code, detail },
    ...(afterMs !== undefined && { retryAfterMs: afterMs }),
  };
}

/** Where the answer is `refused`. `request` is a `requestText`. */
export function refusedAnswer(answer: Answered, request: string): Refused {
  const { httpStatus } = answer;
  return {
    kind: "refused",
    code: `http_${httpStatus}`,
    trouble: { code: httpStatus === 413 ? "too_large" : "refused", detail: answeredText(answer) },
    request,
    answer: answerText(answer),
  };
}

/** For one event, what was said of a request that it was part of. */
export function againAfter(result: Failed | Refused): Delivered {
  const afterMs = result.kind === "failed" ? result.retryAfterMs : undefined;
  return {
    outcome: "retry",
    trouble: result.trouble,
    ...(afterMs !== undefined && { retryAfterMs: afterMs }),
  };
}

function troubleOf(httpStatus: number): SinkTroubleCode {
  if (httpStatus === 401 || httpStatus === 403) return "key_refused";
  if (httpStatus === 404 || httpStatus === 410) return "nothing_at_address";
  if (httpStatus >= 300 && httpStatus < 400) return "redirects";
  if ([408, 425, 429, 503].includes(httpStatus)) return "busy";
  return httpStatus >= 500 ? "broken_receiver" : "unexpected_answer";
}

/** Of the address not what may be somebody's secret. */
function whereTo({ httpStatus, headers }: Answered): string {
  const location = headers.get("location") ?? "";
  return URL.canParse(location) ? `HTTP ${httpStatus} ${new URL(location).origin}` : `HTTP ${httpStatus}`;
}

/** The status, and what was said beside it; not the page that a proxy shows to people. */
function answeredText({ httpStatus, text }: Answered): string {
  const said = saidText(text);
  return said === "" || said.startsWith("<") ? `HTTP ${httpStatus}` : `HTTP ${httpStatus}: ${said}`;
}

/** What a receiver said, for a line on a screen. */
export const saidText = (text: string): string => shortened(text.replaceAll(/\s+/g, " ").trim(), MAX_SAID);

/** What the dead letter shows of a request: no headers, no query. */
export const requestText = (method: string, url: URL, body: string): string =>
  shortened(`${method} ${url.origin}${url.pathname}\n${body}`, MAX_TEXT);

export const answerText = ({ httpStatus, text }: Answered): string =>
  shortened(`HTTP ${httpStatus}\n${text}`, MAX_TEXT);

/** What a receiver said, if that is what `schema` describes; null of what is cut off, no JSON, or a proxy's page. */
export function tryJson<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
