import type { EventRecord } from "#contract/events.ts";
import type { SinkTroubleCode } from "#contract/sink-troubles.ts";
import type { CameraChange, Delivered, SendResult, Sink } from "./sink.ts";

export const ACKNOWLEDGED: Delivered = { outcome: "acknowledged" };
export const NOT_NOW = { outcome: "retry", trouble: { code: "busy" } } as const satisfies Delivered;
export const REFUSED = {
  code: "http_400",
  trouble: { code: "refused", detail: "HTTP 400: wrong" },
  request: "what was sent",
  answer: "what came back",
} as const;
export const failed = (code: SinkTroubleCode = "nothing_answers"): SendResult => ({
  kind: "failed",
  trouble: { code },
});
export const allAcknowledged = (events: EventRecord[]): SendResult => ({
  kind: "each",
  answers: events.map(() => ACKNOWLEDGED),
});

type Behave = (events: EventRecord[], signal: AbortSignal) => SendResult | Promise<SendResult>;

/** A receiver that does what it is told, and remembers what it was sent. */
export function memorySink(first: Behave = allAcknowledged) {
  let behave = first;
  const calls: EventRecord[][] = [];
  const changes: CameraChange[] = [];
  let opened = 0;
  let closed = 0;

  function open(): Sink {
    opened += 1;
    return {
      async send(events, signal) {
        calls.push(events);
        return behave(events, signal);
      },
      async sendCameraChange(change) {
        changes.push(change);
        return ACKNOWLEDGED;
      },
      async close() {
        closed += 1;
      },
    };
  }

  return {
    open,
    /** The events of each call. */
    calls,
    changes,
    receipts: (): string[] => calls.flat().map((event) => event.receipt_id),
    counts: () => ({ opened, closed }),
    behave(next: Behave): void {
      behave = next;
    },
  };
}
export type MemorySink = ReturnType<typeof memorySink>;
