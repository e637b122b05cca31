import { vi } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import type { SinkKind, TargetOf } from "#contract/sinks.ts";
import type { SendResult, Sink, SinkDeps, SinkNotes } from "../sink.ts";

/** What a sink is given, in memory. */
export function sinkDeps<Kind extends SinkKind>(
  target: TargetOf<Kind>,
  overrides: Partial<SinkDeps<Kind>> = {},
): SinkDeps<Kind> {
  return {
    target,
    secrets: {},
    storeId: STORE_ID,
    sinkId: anId(),
    notes: memoryNotes(),
    cameraName: () => "Checkout 1",
    nowMs: Date.now,
    onTrouble: () => {},
    ...overrides,
  };
}

export function memoryNotes(): SinkNotes {
  const notes = new Map<string, string>();
  return {
    get: async (key) => notes.get(key) ?? null,
    set: async (key, value) => void notes.set(key, value),
    delete: async (key) => void notes.delete(key),
  };
}

/** Waits until `check` no longer throws; long enough for a computer that is busy with other things. */
export const eventually = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 15_000, interval: 10 });

/**
 * What the outbox does, in small: batches in order, each sent until all of it is acknowledged. `afterFailure` is the
 * wait between two tries. Throws where an event is refused.
 */
export async function deliverUntilDone(
  sink: Sink,
  events: EventRecord[],
  afterFailure: (reason: string) => Promise<void>,
): Promise<void> {
  const waiting = [...events];
  while (waiting.length > 0) {
    const batch = waiting.slice(0, 200);
    const result = await sink.send(batch, new AbortController().signal);
    const left = batch.filter((_, index) => !isAcknowledged(result, index));
    waiting.splice(0, batch.length, ...left);
    if (left.length > 0) await afterFailure(reasonOf(result));
  }
}

function isAcknowledged(result: SendResult, index: number): boolean {
  return result.kind === "each" && result.answers[index]?.outcome === "acknowledged";
}

function reasonOf(result: SendResult): string {
  if (result.kind === "failed") return result.reason;
  if (result.kind === "refused") throw new Error(`refused: ${result.reason}`);
  const refused = result.answers.find((answer) => answer.outcome === "refused");
  if (refused) throw new Error(`refused: ${refused.reason}`);
  const retried = result.answers.find((answer) => answer.outcome === "retry");
  return retried?.reason ?? "";
}
