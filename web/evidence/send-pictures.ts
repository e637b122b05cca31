import { backoffMs } from "../lib/backoff.ts";
import type { PictureOutbox } from "./picture-outbox.ts";
import type { PutPicture } from "./put-picture.ts";

export type SendResult =
  /** Nothing waits. */
  | { status: "empty" }
  /** Pictures stay; the next try is worth making from then on. */
  | { status: "waiting"; nextTryAtMs: number }
  | { status: "stopped" };

type SendDeps = {
  outbox: PictureOutbox;
  put: PutPicture;
  nowMs: () => number;
  random: () => number;
  /** Told after each picture that left. */
  onProgress: () => void;
};

const BACKOFF = { firstMs: 1_000, maxMs: 300_000, jitterFraction: 0.2 };

/**
 * Brings waiting pictures one by one until none is left or a try fails. The caller sees to it that one runs at a time.
 * `forced` tries whatever the backoff says, and lets a failure start it anew.
 */
export function createSendPictures({ outbox, put, nowMs, random, onProgress }: SendDeps) {
  const waitMs = (attempt: number) => backoffMs(BACKOFF, attempt, random);

  async function sendOne(
    signal: AbortSignal,
  ): Promise<"next" | { reason: string; retryAfterMs: number } | SendResult> {
    const found = await outbox.next(nowMs());
    if (found === null) return { status: "empty" };
    // no postponement is longer than the backoff's longest: the clock was put back
    if ("dueAtMs" in found)
      return { status: "waiting", nextTryAtMs: Math.min(found.dueAtMs, nowMs() + 360_000) };
    const { row, bytes } = found;
    const outcome = bytes
      ? await put(row, bytes, signal)
      : ({ kind: "refused", reason: "no bytes" } as const);
    if (outcome.kind === "away") return outcome;
    if (outcome.kind === "stumbled") await outbox.postpone(row, nowMs() + waitMs(row.attempts));
    else await outbox.settle(row, outcome.kind === "stored" ? "sent" : "refused");
    onProgress();
    return "next";
  }

  return async function sendPictures(forced: boolean, signal: AbortSignal): Promise<SendResult> {
    const gate = await outbox.gate();
    // a gate set in the future was set before the clock was put back
    const isClosed = gate && gate.setAtMs <= nowMs() && nowMs() < gate.nextTryAtMs;
    if (isClosed && !forced) return { status: "waiting", nextTryAtMs: gate.nextTryAtMs };
    if (forced) await outbox.hasten();
    let failedBefore = forced ? 0 : (gate?.attempts ?? 0);
    let isGateLeft = gate !== undefined;
    const pass = async () => {
      failedBefore = 0;
      if (isGateLeft) await outbox.clearGate();
      isGateLeft = false;
    };
    for (;;) {
      const result = await sendOne(signal);
      if (signal.aborted) return { status: "stopped" };
      if (result === "next") await pass();
      else if ("status" in result) {
        if (result.status === "empty") await pass();
        return result;
      } else {
        const setAtMs = nowMs();
        const nextTryAtMs = setAtMs + Math.max(waitMs(failedBefore), result.retryAfterMs);
        await outbox.setGate({ attempts: failedBefore + 1, setAtMs, nextTryAtMs, lastError: result.reason });
        return { status: "waiting", nextTryAtMs };
      }
    }
  };
}
export type SendPictures = ReturnType<typeof createSendPictures>;
