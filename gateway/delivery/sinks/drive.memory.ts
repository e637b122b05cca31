import type { EventRecord } from "#contract/events.ts";
import { anId, STORE_ID } from "#contract/examples.ts";
import type { SinkKind } from "#contract/sinks.ts";
import type { Delivered, SendResult, Sink, SinkDeps, SinkNotes } from "../sink.ts";

export type Driven = {
  acknowledged: EventRecord[];
  parked: { event: EventRecord; code: string; reason: string; request: string; answer: string }[];
};

const MAX_ROUNDS = 3_000;

/**
 * The least that a loop must do: sends batches in order, keeps what is to be sent again in its place, halves what is
 * refused as a whole, and ends when every event is acknowledged or parked. `onRound` may do harm meanwhile.
 */
export async function deliverAll(
  sink: Sink,
  events: EventRecord[],
  batchEvents: number,
  onRound: (round: number) => Promise<void> | void = () => undefined,
): Promise<Driven> {
  const driven: Driven = { acknowledged: [], parked: [] };
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
    const again = batch.filter((_, index) => answers[index]?.outcome === "retry");
    waiting = [...again, ...waiting.slice(size)];
    size = result.kind === "refused" ? Math.max(1, size >> 1) : batchEvents;
    if (result.kind !== "refused" && again.length > 0) await pause(answers);
  }
  return driven;
}

function answersOf(result: SendResult, length: number): Delivered[] {
  if (result.kind === "each") return result.answers;
  if (result.kind === "failed") {
    const { reason, retryAfterMs } = result;
    return new Array<Delivered>(length).fill({
      outcome: "retry",
      reason,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  const { code, reason, request, answer } = result;
  if (length === 1) return [{ outcome: "refused", code, reason, request, answer }];
  return new Array<Delivered>(length).fill({ outcome: "retry", reason });
}

function settle(batch: EventRecord[], answers: Delivered[], { acknowledged, parked }: Driven): void {
  if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} events`);
  for (const [index, event] of batch.entries()) {
    const answer = answers[index];
    if (answer?.outcome === "acknowledged") acknowledged.push(event);
    if (answer?.outcome === "refused") parked.push({ event, ...answer });
  }
}

/** A moment, so that what was killed can come back; a test never waits out a whole `Retry-After`. */
const pause = (answers: Delivered[]): Promise<void> => {
  const asked = answers.map((answer) => (answer.outcome === "retry" ? (answer.retryAfterMs ?? 0) : 0));
  return new Promise((later) => setTimeout(later, Math.min(50, Math.max(5, ...asked))));
};

/** Notes of a process that is never killed. */
export function memoryNotes(): SinkNotes & { size(): number } {
  const notes = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(notes.get(key) ?? null),
    set: (key, value) => Promise.resolve(void notes.set(key, value)),
    delete: (key) => Promise.resolve(void notes.delete(key)),
    size: () => notes.size,
  };
}

/** What a sink is given, of which a test names what matters to it. */
export function someSinkDeps<Kind extends SinkKind>(
  deps: Pick<SinkDeps<Kind>, "target"> & Partial<SinkDeps<Kind>>,
): SinkDeps<Kind> {
  return {
    sinkId: anId(),
    secrets: {},
    storeId: STORE_ID,
    notes: memoryNotes(),
    cameraName: () => null,
    nowMs: Date.now,
    onTrouble: () => undefined,
    ...deps,
  };
}
