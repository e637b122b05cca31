import type { SinkTrouble } from "#contract/sink-troubles.ts";
import { messageOf } from "../../kernel/errors.ts";
import type { Delivered, SendResult } from "../sink.ts";

/** How a connection to a broker stands. */
export type LineState =
  | { status: "open" }
  /** The broker takes nothing for a while; the connection stays. */
  | { status: "blocked"; trouble: SinkTrouble }
  /** For good. With a `code` the broker ended it because of what was sent. */
  | { status: "lost"; trouble: SinkTrouble; code?: string };

/** A connection to a broker. What is under way when it is lost is answered `retry`. */
export type Line = {
  state(): LineState;
  /** Ends it at once. */
  drop(trouble: SinkTrouble): void;
  /** Says goodbye. Never rejects. */
  close(): Promise<void>;
};

export type Dialled<L extends Line> =
  | { status: "open"; line: L }
  | { status: "failed"; trouble: SinkTrouble };

/** To connect, with all that must be there before the first message. */
const DIAL_TIMEOUT_MS = 10_000;
/** Without any answer while some are awaited. Longer than a broker needs to sync a batch to a slow disk. */
const ANSWER_TIMEOUT_MS = 30_000;
/** The gateway's stop has 3 s for everything. */
const GOODBYE_MS = 1_000;

const SILENT: SinkTrouble = { code: "no_answer_in_time" };
export const STOPPED: SinkTrouble = { code: "stopped" };

/** Keeps one line to a broker: dials for the first exchange, and again for the first after the line was lost. */
export function createBrokerLink<L extends Line>(dial: (signal: AbortSignal) => Promise<Dialled<L>>) {
  let line: L | null = null;
  let isClosed = false;

  async function openLine(signal: AbortSignal): Promise<Dialled<L>> {
    if (line && line.state().status !== "lost") return { status: "open", line };
    const limit = AbortSignal.timeout(DIAL_TIMEOUT_MS);
    const dialled = await dial(AbortSignal.any([signal, limit]));
    if (dialled.status === "failed") return limit.aborted ? { ...dialled, trouble: SILENT } : dialled;
    line = dialled.line;
    if (isClosed || signal.aborted) line.drop(STOPPED);
    return dialled;
  }

  /** `deliver` gives a promise for each event, in their order. */
  async function exchange(
    signal: AbortSignal,
    deliver: (line: L) => Promise<Delivered>[],
  ): Promise<SendResult> {
    if (isClosed || signal.aborted) return { kind: "failed", trouble: STOPPED };
    const dialled = await openLine(signal);
    if (dialled.status === "failed") return { kind: "failed", trouble: dialled.trouble };
    const before = dialled.line.state();
    if (before.status !== "open") return { kind: "failed", trouble: before.trouble };
    return answersOver(dialled.line, deliver, signal);
  }

  return {
    exchange,
    /** The same for one message. */
    async ask(signal: AbortSignal, deliver: (line: L) => Promise<Delivered>): Promise<Delivered> {
      const result = await exchange(signal, (open) => [deliver(open)]);
      if (result.kind === "each") return result.answers[0] ?? { outcome: "acknowledged" };
      if (result.kind === "failed") return { outcome: "retry", trouble: result.trouble };
      const { kind: _, ...refusal } = result;
      return { outcome: "refused", ...refusal };
    },
    async close(): Promise<void> {
      isClosed = true;
      if (!line) return;
      await within(GOODBYE_MS, line.close());
      line.drop(STOPPED);
    },
  };
}

async function answersOver<L extends Line>(
  line: L,
  deliver: (line: L) => Promise<Delivered>[],
  signal: AbortSignal,
): Promise<SendResult> {
  const silence = setTimeout(() => line.drop(SILENT), ANSWER_TIMEOUT_MS);
  const stop = () => line.drop(STOPPED);
  signal.addEventListener("abort", stop);
  try {
    const answers = deliver(line).map(async (answer) => {
      const answered = await answer;
      silence.refresh();
      return answered;
    });
    return toResult(await Promise.all(answers), line.state());
  } catch (error) {
    // not the network's doing: the line may be in any state
    const trouble = { code: "internal", detail: messageOf(error) } as const;
    line.drop(trouble);
    return { kind: "failed", trouble };
  } finally {
    clearTimeout(silence);
    signal.removeEventListener("abort", stop);
  }
}

function toResult(answers: Delivered[], state: LineState): SendResult {
  const isAnySettled = answers.some(({ outcome }) => outcome !== "retry");
  if (isAnySettled || state.status === "open") return { kind: "each", answers };
  const { trouble } = state;
  if (state.status === "blocked" || state.code === undefined) return { kind: "failed", trouble };
  return { kind: "refused", code: state.code, trouble, request: "", answer: trouble.detail ?? "" };
}

function within(limitMs: number, work: Promise<void>): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, limitMs);
    void work.finally(() => {
      clearTimeout(timer);
      done();
    });
  });
}

/** Answers that are still awaited of a broker. */
export function createAwaited<Answer>() {
  const waiting = new Set<(answer: Answer) => void>();
  return {
    /** `ask` is given what answers; the first call of it counts. */
    add(ask: (settle: (answer: Answer) => void) => void): Promise<Answer> {
      return new Promise((resolve) => {
        const settle = (answer: Answer) => {
          waiting.delete(settle);
          resolve(answer);
        };
        waiting.add(settle);
        ask(settle);
      });
    },
    settleAll(answer: Answer): void {
      for (const settle of [...waiting]) settle(answer);
    },
  };
}
