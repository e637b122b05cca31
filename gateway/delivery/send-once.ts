import type { EventRecord } from "#contract/events.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Clock } from "./clock.ts";
import type { CameraChange, Delivered, SendResult, Sink } from "./sink.ts";

export type SenderDeps = {
  open: () => Sink;
  /** What takes longer has failed. */
  sendTimeoutMs: number;
  clock: Pick<Clock, "later">;
  onTrouble: (what: string, cause: unknown) => void;
};

/** After it was told to stop, what a sink still brings within so long counts; then it is left behind. */
const LAST_WORD_MS = 500;

/**
 * A sink that cannot do harm: opened when it is needed, one call at a time, and whatever it does (throw, hang, answer
 * too little) becomes `failed`. One that hangs or throws is closed, and the next call opens a new one.
 */
export function createSender({ open, sendTimeoutMs, clock, onTrouble }: SenderDeps) {
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

  /** One after the other; rejects with what the sink threw, or when it did not end in time. */
  function inTurn<T>(call: (sink: Sink, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const turn = lastCall.then(async () => {
      if (signal.aborted) throw new Error("the gateway stops");
      try {
        return await limited((limit) => call(opened(), limit), signal);
      } catch (cause) {
        void leaveBehind();
        throw cause;
      }
    });
    lastCall = turn.catch(() => undefined); // whoever called has the error
    return turn;
  }

  async function limited<T>(call: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const limit = new AbortController();
    const abort = () => limit.abort();
    const ends: (() => void)[] = [clock.later(abort, sendTimeoutMs)];
    signal.addEventListener("abort", abort);
    const left = new Promise<never>((_, reject) => {
      limit.signal.addEventListener("abort", () => {
        const late = () => reject(new Error(signal.aborted ? "the gateway stops" : "no answer in time"));
        ends.push(clock.later(late, LAST_WORD_MS));
      });
    });
    try {
      return await Promise.race([call(limit.signal), left]);
    } finally {
      signal.removeEventListener("abort", abort);
      for (const end of ends) end();
    }
  }

  return {
    async send(events: EventRecord[], signal: AbortSignal): Promise<SendResult> {
      try {
        const result = await inTurn((target, limit) => target.send(events, limit), signal);
        if (result.kind !== "each" || result.answers.length === events.length) return result;
        return { kind: "failed", reason: `answered ${result.answers.length} of ${events.length} events` };
      } catch (cause) {
        return { kind: "failed", reason: messageOf(cause) };
      }
    },
    /** Undefined: it does not want to hear of cameras. */
    async sendCameraChange(change: CameraChange, signal: AbortSignal): Promise<Delivered | undefined> {
      try {
        return await inTurn(async (target, limit) => target.sendCameraChange?.(change, limit), signal);
      } catch (cause) {
        return { outcome: "retry", reason: messageOf(cause) };
      }
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
