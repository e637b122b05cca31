import type { EventRecord } from "#contract/events.ts";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Clock } from "./clock.ts";
import type { HideSecrets } from "./hide-secrets.ts";
import type { CameraChange, Delivered, SendResult, Sink } from "./sink.ts";

export type SenderDeps = {
  open: () => Sink;
  /** Of this sink. */
  hide: HideSecrets;
  /** What takes longer has failed. */
  sendTimeoutMs: number;
  clock: Pick<Clock, "later">;
  onTrouble: (what: string, cause: unknown) => void;
};

type Called<T> = { status: "answered"; value: T } | { status: "failed"; trouble: SinkTrouble };

/** After it was told to stop, what a sink still brings within so long counts; then it is left behind. */
const LAST_WORD_MS = 500;

/**
 * A sink that cannot do harm: opened when it is needed, one call at a time, and whatever it does (throw, hang, answer
 * too little) becomes `failed`. One that hangs or throws is closed, and the next call opens a new one. Its
 * secrets are taken out of what it tells.
 */
export function createSender({ open, hide, sendTimeoutMs, clock, onTrouble }: SenderDeps) {
  let sink: Sink | undefined;
  let lastCall: Promise<unknown> = Promise.resolve();

  const opened = (): Sink => {
    sink ??= open();
    return sink;
  };

  async function leaveBehind(): Promise<void> {
    const old = sink;
    sink = undefined;
    try {
      await old?.close();
    } catch (cause) {
      onTrouble("a sink could not be closed", cause);
    }
  }

  /** One after the other; `failed` where the sink threw, or did not end in time. */
  function inTurn<T>(
    call: (sink: Sink, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<Called<T>> {
    const turn = lastCall.then(async (): Promise<Called<T>> => {
      if (signal.aborted) return { status: "failed", trouble: { code: "stopped" } };
      const called = await limited((limit) => call(opened(), limit), signal);
      if (called.status === "failed") void leaveBehind();
      return called;
    });
    lastCall = turn;
    return turn;
  }

  async function limited<T>(
    call: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<Called<T>> {
    const limit = new AbortController();
    const abort = () => limit.abort();
    const ends: (() => void)[] = [clock.later(abort, sendTimeoutMs)];
    signal.addEventListener("abort", abort);
    const left = new Promise<Called<T>>((resolve) => {
      limit.signal.addEventListener("abort", () => {
        const code = () => (signal.aborted ? "stopped" : "no_answer_in_time");
        const late = () => resolve({ status: "failed", trouble: { code: code() } });
        ends.push(clock.later(late, LAST_WORD_MS));
      });
    });
    const answered = async (): Promise<Called<T>> => ({
      status: "answered",
      value: await call(limit.signal),
    });
    try {
      return await Promise.race([answered(), left]);
    } catch (cause) {
      return { status: "failed", trouble: { code: "internal", detail: messageOf(cause) } };
    } finally {
      signal.removeEventListener("abort", abort);
      for (const end of ends) end();
    }
  }

  return {
    async send(events: EventRecord[], signal: AbortSignal): Promise<SendResult> {
      const called = await inTurn((sink, limit) => sink.send(events, limit), signal);
      if (called.status === "failed") return hide.result({ kind: "failed", trouble: called.trouble });
      const result = called.value;
      if (result.kind !== "each" || result.answers.length === events.length) return hide.result(result);
      const detail = `${result.answers.length}/${events.length}`;
      return { kind: "failed", trouble: { code: "said_nothing", detail } };
    },
    /** Undefined: it does not want to hear of cameras. */
    async sendCameraChange(change: CameraChange, signal: AbortSignal): Promise<Delivered | undefined> {
      const called = await inTurn(async (sink, limit) => sink.sendCameraChange?.(change, limit), signal);
      const told: Delivered | undefined =
        called.status === "failed" ? { outcome: "retry", trouble: called.trouble } : called.value;
      return told && hide.delivered(told);
    },
    /** Ends within a short while, whatever the sink does. */
    async close(): Promise<void> {
      let callOff = () => {};
      const giveUp = new Promise<void>((resolve) => {
        callOff = clock.later(resolve, LAST_WORD_MS);
      });
      await Promise.race([leaveBehind(), giveUp]);
      callOff();
    },
  };
}
export type Sender = ReturnType<typeof createSender>;
