import type { Failure } from "./circuit.ts";
import type { Claim, ClaimedEvent, Outcome } from "./outbox.ts";
import type { Delivered, SendResult } from "./sink.ts";
import { reasonOf } from "./troubles.ts";

export type SendClaimDeps = {
  send: (events: ClaimedEvent["event"][]) => Promise<SendResult>;
  /** Resolves when it is written down. */
  settle: (outcomes: Outcome[], next: "more" | "done") => Promise<unknown>;
  /** When an event may be tried again. */
  dueAtMs: (attempts: number, retryAfterMs?: number) => number;
};

/** `failed`: the receiver as a whole; what it had not answered by then is still waiting. */
export type ClaimSent = { kind: "sent" } | ({ kind: "failed" } & Failure);

/**
 * Sends the events of a claim, and writes down what became of each as soon as it is known. A batch that is refused as
 * a whole goes again in halves, until what is to blame is alone. The claim is over when this resolves.
 */
export async function sendClaim(claim: Claim, { send, settle, dueAtMs }: SendClaimDeps): Promise<ClaimSent> {
  const held = new Set<string | undefined>();
  const parts = [claim.events];
  for (;;) {
    // after a retry no later event of that camera may go out
    const part = parts.shift()?.filter(({ event }) => !held.has(event.camera_id));
    if (part === undefined) break;
    if (part.length === 0) continue;
    const result = await send(part.map(({ event }) => event));
    if (result.kind === "failed") {
      await settle([], "done");
      return result;
    }
    if (result.kind === "refused" && part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      parts.unshift(part.slice(0, middle), part.slice(middle));
      continue;
    }
    const outcomes = outcomesOf(part, result, dueAtMs);
    for (const { outcome, claimed } of outcomes) if (outcome === "retry") held.add(claimed.event.camera_id);
    if (parts.length === 0) {
      await settle(outcomes, "done");
      return { kind: "sent" };
    }
    await settle(outcomes, "more");
  }
  await settle([], "done");
  return { kind: "sent" };
}

function outcomesOf(
  part: ClaimedEvent[],
  result: Exclude<SendResult, { kind: "failed" }>,
  dueAtMs: SendClaimDeps["dueAtMs"],
): Outcome[] {
  return part.map((claimed, place) => {
    const answer: Delivered | undefined =
      result.kind === "each" ? result.answers[place] : { ...result, outcome: "refused" };
    if (answer?.outcome === "acknowledged") return { claimed, outcome: "acknowledged" };
    if (answer?.outcome === "refused") {
      const { code, trouble, request, answer: text } = answer;
      const refusal = { code, reason: reasonOf(trouble), request, answer: text };
      return { claimed, outcome: "parked", refusal };
    }
    const due = dueAtMs(claimed.attempts, answer?.retryAfterMs);
    return { claimed, outcome: "retry", dueAtMs: due, trouble: answer?.trouble ?? { code: "said_nothing" } };
  });
}
