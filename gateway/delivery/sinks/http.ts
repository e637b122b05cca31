import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { BatchAnswer, type EventRecord, type ReceiptAnswer } from "#contract/events.ts";
import { paths } from "#contract/paths.ts";
import type { Delivered, SendResult, Sink, SinkDeps } from "../sink.ts";
import { exchange, mergeHeaders } from "./exchange.ts";
import {
  type Answered,
  failedAnswer,
  judgeStatus,
  refusedAnswer,
  requestText,
  saidText,
  tryJson,
} from "./judge.ts";
import { SIGNATURE_HEADER, signatureOf } from "./signature.ts";
import { type Part, sendParts, splitBatch } from "./split-batch.ts";

const LIMITS = {
  timeoutMs: 15_000,
  /** More than a gateway says of 500 events. What a plain receiver says beyond it is not read. */
  answerBytes: 1_048_576,
};
const compressed = promisify(gzip);

/**
 * POSTs `{ events: [...] }`. `Idempotency-Key` is the hash of the body: the same batch sent again has the same key, a
 * corrected event another. A plain receiver's 2xx is for the whole batch; a hub answers per receipt.
 */
export function openHttpSink(deps: SinkDeps<"http">, limits = LIMITS): Sink {
  const { target, secrets, nowMs } = deps;
  const url = target.isHub ? eventsOf(new URL(target.url)) : new URL(target.url);

  async function sendPart({ events, body }: Part, signal: AbortSignal): Promise<SendResult> {
    const headers = mergeHeaders(target.headers, {
      "content-type": "application/json",
      "idempotency-key": createHash("sha256").update(body).digest("hex"),
      ...(target.isGzipped && { "content-encoding": "gzip" }),
      ...(secrets.hmacKey !== undefined && {
        [SIGNATURE_HEADER]: signatureOf(body, secrets.hmacKey, nowMs()),
      }),
      ...(secrets.authorization !== undefined && { authorization: secrets.authorization }),
    });
    const ask = {
      method: "POST" as const,
      url,
      headers,
      body: target.isGzipped ? new Uint8Array(await compressed(body)) : body,
    };
    const answer = await exchange(ask, { ...limits, signal });
    if (answer.status === "unanswered") return { kind: "failed", trouble: answer.trouble };
    const verdict = judgeStatus(answer.httpStatus);
    if (verdict === "refused") return refusedAnswer(answer, requestText("POST", url, body));
    if (verdict !== "taken") return failedAnswer(answer, nowMs());
    if (!target.isHub) return { kind: "each", answers: events.map(() => ({ outcome: "acknowledged" })) };
    return readHub(answer, events);
  }

  function readHub(answer: Answered, events: EventRecord[]): SendResult {
    const said = tryJson(BatchAnswer, answer.text);
    if (!said) return { kind: "failed", trouble: { code: "not_a_gateway" } };
    const byIndex = new Map(said.receipts.map((one) => [one.index, one]));
    return { kind: "each", answers: events.map((event, index) => readReceipt(byIndex.get(index), event)) };
  }

  function readReceipt(said: ReceiptAnswer | undefined, event: EventRecord): Delivered {
    const isOurs = said && (said.receipt_id === null || said.receipt_id === event.receipt_id);
    if (!isOurs) return { outcome: "retry", trouble: { code: "said_nothing" } };
    if (said.outcome !== "refused") return { outcome: "acknowledged" };
    const request = requestText("POST", url, JSON.stringify(event));
    const trouble = { code: "refused" as const, detail: saidText(said.reason) };
    return { outcome: "refused", code: said.code, trouble, request, answer: JSON.stringify(said) };
  }

  return {
    send: (events, signal) => sendParts(splitBatch(events), (part) => sendPart(part, signal)),
    close: () => Promise.resolve(), // each request stands alone
  };
}

/** Also where a proxy serves the hub under a path, and where the whole address was given. */
function eventsOf(base: URL): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith(paths.events) ? path : path + paths.events;
  return url;
}
