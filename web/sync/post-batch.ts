import { z } from "zod";
import { ErrorAnswer } from "#contract/errors.ts";
import { ReceiptAnswer } from "#contract/events.ts";
import { paths } from "#contract/paths.ts";
import { answeredWith, failureSentence } from "../lib/gateway-failure.ts";
import { BatchRefusal } from "../lib/parked-code.ts";

/** What became of one try to send a batch. */
export type PostOutcome =
  /** Answered event by event. An answer this page does not understand is left out. */
  | { kind: "answered"; receipts: ReceiptAnswer[] }
  /** Nothing is known of the events; they stay. `retryAfterMs`: the gateway asked for at least that wait. */
  | { kind: "retry"; reason: string; retryAfterMs?: number }
  /** Refused as a whole because of what it holds: some event in it is guilty, or they are too many. */
  | { kind: "refused"; code: BatchRefusal; reason: string };

/** Sends the body of a batch. Never rejects. */
export type PostBatch = (body: string, signal: AbortSignal) => Promise<PostOutcome>;

type PostBatchDeps = { fetch: typeof fetch; nowMs: () => number; timeoutMs?: number };

const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Single answers are read apart, so that one of a newer gateway's kind does not hide the others. */
const LooseBatchAnswer = z.object({ receipts: z.array(z.unknown()) });

export function createPostBatch({ fetch, nowMs, timeoutMs = 30_000 }: PostBatchDeps): PostBatch {
  return async function postBatch(body, signal) {
    try {
      const response = await fetch(paths.events, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const answer: unknown = await response.json().catch(() => undefined); // no JSON is told apart below
      return response.ok ? readReceipts(answer) : readRefusal(response, answer, nowMs());
    } catch (error) {
      const name = error instanceof Error ? error.name : "";
      return {
        kind: "retry",
        reason: failureSentence({ kind: name === "TimeoutError" ? "late" : "unreachable" }),
      };
    }
  };
}

function readReceipts(answer: unknown): PostOutcome {
  const parsed = LooseBatchAnswer.safeParse(answer);
  if (!parsed.success) return { kind: "retry", reason: failureSentence({ kind: "unreadable" }) };
  const receipts = parsed.data.receipts.flatMap((one) => ReceiptAnswer.safeParse(one).data ?? []);
  return { kind: "answered", receipts };
}

function readRefusal(response: Response, answer: unknown, atMs: number): PostOutcome {
  const refusal = ErrorAnswer.safeParse(answer).data?.error;
  const blame = BatchRefusal.safeParse(refusal?.code).data;
  if (refusal && blame && response.status < 500)
    return { kind: "refused", code: blame, reason: refusal.message };
  // a proxy in between has its own limit and does not speak the contract; smaller batches pass it all the same
  if (response.status === 413)
    return { kind: "refused", code: "body_too_large", reason: "The batch is too large." };
  const retryAfterMs = tryParseRetryAfterMs(response.headers.get("retry-after"), atMs);
  const reason = answeredWith(response.status, refusal?.code);
  return retryAfterMs === null ? { kind: "retry", reason } : { kind: "retry", reason, retryAfterMs };
}

/** RFC 9110, 10.2.3: seconds or a date. At most an hour is honoured: more is a mistake or another clock. */
function tryParseRetryAfterMs(header: string | null, atMs: number): number | null {
  if (header === null) return null;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - atMs;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), LONGEST_RETRY_AFTER_MS);
}
