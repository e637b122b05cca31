import { vi } from "vitest";
import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { SinkKind, TargetOf } from "#contract/sinks.ts";
import type { Delivered, SendResult, Sink, SinkDeps, SinkNotes } from "../sink.ts";

/** What a sink is given, in memory; a test names what matters to it. */
export function sinkDeps<Kind extends SinkKind>(
  target: TargetOf<Kind>,
  overrides: Partial<SinkDeps<Kind>> = {},
): SinkDeps<Kind> {
  return {
    target,
    secrets: {},
    storeId: STORE_ID,
    gatewayId: STORE_ID,
    sinkId: anId(),
    notes: memoryNotes(),
    cameraName: async () => "Checkout 1",
    nowMs: Date.now,
    onTrouble: () => {},
    ...overrides,
  };
}

/** Notes of a process that is never killed. */
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

export type Driven = {
  acknowledged: EventRecord[];
  parked: (Extract<Delivered, { outcome: "refused" }> & { event: EventRecord })[];
  /** Of each round after which something was to be sent again, the first trouble. */
  troubles: SinkTrouble[];
};

const MAX_ROUNDS = 3_000;

export type Meanwhile = {
  /** Before each batch; may do harm. */
  onRound?(round: number): Promise<void> | void;
  /** Until something is sent again. */
  afterFailure?(): Promise<void>;
};

/**
 * The least that a loop must do: sends batches in order, keeps what is to be sent again in its place, halves what is
 * refused as a whole, and ends when every event is acknowledged or parked.
 */
export async function deliverAll(
  sink: Sink,
  events: EventRecord[],
  batchEvents: number,
  { onRound = () => {}, afterFailure = pause }: Meanwhile = {},
): Promise<Driven> {
  const driven: Driven = { acknowledged: [], parked: [], troubles: [] };
  const signal = new AbortController().signal;
  let waiting = events;
  let size = batchEvents;
  for (let round = 0; waiting.length > 0; round += 1) {
    if (round > MAX_ROUNDS) throw new Error(`${waiting.length} events never got through`);
    await onRound(round);
    const batch = waiting.slice(0, size);
    const result = await sink.send(batch, signal);
    const answers = answersOf(result, batch.length);
    settle(batch, answers, driven);
    waiting = [...batch.filter((_, index) => answers[index]?.outcome === "retry"), ...waiting.slice(size)];
    size = result.kind === "refused" ? Math.max(1, size >> 1) : batchEvents;
    const retried = answers.find((answer) => answer.outcome === "retry");
    if (result.kind === "refused" || !retried) continue;
    driven.troubles.push(retried.trouble);
    await afterFailure();
  }
  return driven;
}

function answersOf(result: SendResult, length: number): Delivered[] {
  if (result.kind === "each") return result.answers;
  if (result.kind === "failed") {
    const { trouble, retryAfterMs } = result;
    return new Array<Delivered>(length).fill({
      outcome: "retry",
      trouble,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  const { kind: _, ...refusal } = result;
  if (length === 1) return [{ outcome: "refused", ...refusal }];
  return new Array<Delivered>(length).fill({ outcome: "retry", trouble: refusal.trouble });
}

function settle(batch: EventRecord[], answers: Delivered[], { acknowledged, parked }: Driven): void {
  if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} events`);
  for (const [index, event] of batch.entries()) {
    const answer = answers[index];
    if (answer?.outcome === "acknowledged") acknowledged.push(event);
    if (answer?.outcome === "refused") parked.push({ event, ...answer });
  }
}

/** A moment, so that what was killed can come back; a test never waits out a `Retry-After`. */
const pause = (): Promise<void> => new Promise((later) => setTimeout(later, 20));
