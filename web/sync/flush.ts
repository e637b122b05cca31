import { BATCH_LIMIT, type ReceiptAnswer } from "#contract/events.ts";
import { backoffMs } from "../lib/backoff.ts";
import { failureSentence } from "../lib/gateway-failure.ts";
import type { EventOutbox, Settlement } from "./event-outbox.ts";
import type { WaitingRow } from "./guarita-db.ts";
import type { PostBatch, PostOutcome } from "./post-batch.ts";

export type FlushResult =
  /** Nothing is left whose time has come. */
  | { status: "empty" }
  /** Events stay; the next try is worth making from then on. */
  | { status: "waiting"; nextTryAtMs: number; reason: string }
  | { status: "stopped" };

export type FlushOptions = {
  /** Tries whatever the backoff says, and lets a failure start the backoff anew: something seems to have changed. */
  forced: boolean;
  signal: AbortSignal;
};

type FlushDeps = {
  outbox: EventOutbox;
  post: PostBatch;
  nowMs: () => number;
  random: () => number;
  /** Told after each batch that changed rows. */
  onProgress?: () => void;
};

type SendResult = { status: "sent" } | { status: "failed"; reason: string; retryAfterMs: number };

/** With its jitter the longest wait is five minutes: also pages that waited long do not come back in step. */
const BACKOFF = { firstMs: 1_000, maxMs: 250_000, jitterFraction: 0.2 };
const LONGEST_WAIT_MS = 300_000;
const RETENTION_MS = 7 * 24 * 3_600_000;
const LEFT_OUT = failureSentence({ kind: "left_out" });

/**
 * Sends what is due, batch after batch, until nothing is left or a try fails. The caller sees to it that one flush runs
 * at a time (lib/tab-locks.ts); the wait after a failure is kept in the database, so that tabs do not add up.
 */
export function createFlush({ outbox, post, nowMs, random, onProgress = () => {} }: FlushDeps) {
  const waitMs = (attempt: number) => backoffMs(BACKOFF, attempt, random);

  async function flush({ forced, signal }: FlushOptions): Promise<FlushResult> {
    const gate = await outbox.gate();
    // a gate set in the future was set before the clock was put back
    const closed = gate && gate.setAtMs <= nowMs() && nowMs() < gate.nextTryAtMs;
    if (closed && !forced)
      return { status: "waiting", nextTryAtMs: gate.nextTryAtMs, reason: gate.lastError };
    if (forced) await outbox.hasten();
    const failedBefore = forced ? 0 : (gate?.attempts ?? 0);
    for (let batches = 0; ; batches += 1) {
      const { rows, more } = await outbox.due(BATCH_LIMIT.events);
      if (rows.length === 0) return whenNothingIsDue(batches === 0 && gate !== undefined);
      const batch = fillBatch(rows);
      const result = await send(batch, signal);
      onProgress();
      if (result.status === "failed")
        return signal.aborted ? { status: "stopped" } : closeGate(result, batches > 0 ? 0 : failedBefore);
      if (batches === 0 && gate) await outbox.clearGate();
      if (signal.aborted) return { status: "stopped" };
      // what was added meanwhile is the business of the flush that its adding asked for
      if (!more && batch.length === rows.length) return whenNothingIsDue(false);
    }
  }

  async function whenNothingIsDue(gateIsLeft: boolean): Promise<FlushResult> {
    const nextDueAtMs = await outbox.nextDueAtMs();
    if (nextDueAtMs === null && gateIsLeft) await outbox.clearGate();
    if (nextDueAtMs === null) return { status: "empty" };
    const latestAtMs = nowMs() + LONGEST_WAIT_MS;
    // no postponement is that long: the clock was put back
    if (nextDueAtMs > latestAtMs) await outbox.hasten();
    return { status: "waiting", nextTryAtMs: Math.min(nextDueAtMs, latestAtMs), reason: LEFT_OUT };
  }

  /** A batch refused as a whole is halved until the guilty event is alone; that one is parked. */
  async function send(rows: WaitingRow[], signal: AbortSignal): Promise<SendResult> {
    const outcome = await post(batchBody(rows), signal);
    if (outcome.kind === "retry")
      return { status: "failed", reason: outcome.reason, retryAfterMs: outcome.retryAfterMs ?? 0 };
    if (outcome.kind === "answered") return settle(rows, outcome.receipts);
    if (rows.length === 1) return park(rows, outcome);
    const middle = Math.ceil(rows.length / 2);
    const first = await send(rows.slice(0, middle), signal);
    return first.status === "failed" ? first : send(rows.slice(middle), signal);
  }

  async function settle(rows: WaitingRow[], receipts: ReceiptAnswer[]): Promise<SendResult> {
    const settlements = matchAnswers(rows, receipts);
    if (settlements.length === 0) return { status: "failed", reason: LEFT_OUT, retryAfterMs: 0 };
    await outbox.settle(settlements);
    const answered = new Set(settlements.map(({ row }) => row));
    const leftOut = rows.filter((row) => !answered.has(row));
    if (leftOut.length > 0) await outbox.postpone(leftOut, waitMs);
    return { status: "sent" };
  }

  async function park(
    rows: WaitingRow[],
    { code, reason }: PostOutcome & { kind: "refused" },
  ): Promise<SendResult> {
    await outbox.settle(rows.map((row) => ({ row, answer: { outcome: "refused", code, reason } })));
    return { status: "sent" };
  }

  /** Only now are old events given up: whatever the clock says, each was tried once more just before. */
  async function closeGate(
    failure: SendResult & { status: "failed" },
    failedBefore: number,
  ): Promise<FlushResult> {
    const setAtMs = nowMs();
    const nextTryAtMs = setAtMs + Math.max(waitMs(failedBefore), failure.retryAfterMs);
    await outbox.setGate({ attempts: failedBefore + 1, setAtMs, nextTryAtMs, lastError: failure.reason });
    await outbox.expire(setAtMs - RETENTION_MS);
    return { status: "waiting", nextTryAtMs, reason: failure.reason };
  }

  return flush;
}
export type Flush = ReturnType<typeof createFlush>;

const bytesOf = (text: string) => new TextEncoder().encode(text).length;
const batchBody = (rows: WaitingRow[]) => `{"events":[${rows.map((row) => row.json).join(",")}]}`;
const WRAPPING_BYTES = bytesOf(batchBody([]));

/** The first rows that fit into one batch; at least one, however large: the gateway then says that it is too large. */
function fillBatch(rows: WaitingRow[]): WaitingRow[] {
  let sizeBytes = WRAPPING_BYTES;
  const tooMany = rows.findIndex((row, index) => {
    sizeBytes += bytesOf(row.json) + 1;
    return index > 0 && sizeBytes > BATCH_LIMIT.bytes;
  });
  return tooMany === -1 ? rows : rows.slice(0, tooMany);
}

/** An answer counts only for the row at its place that has its receipt; anything else in the answer is ignored. */
function matchAnswers(rows: WaitingRow[], receipts: ReceiptAnswer[]): Settlement[] {
  const answers = new Map(receipts.map((answer) => [answer.index, answer]));
  return rows.flatMap((row, index) => {
    const answer = answers.get(index);
    const isItsOwn = answer && (answer.receipt_id ?? row.receipt_id) === row.receipt_id;
    return isItsOwn ? [{ row, answer }] : [];
  });
}
