import type { z } from "zod";
import { fillPath, paths } from "#contract/paths.ts";
import {
  type NewSink,
  type ParkedCorrection,
  type ParkedDiscard,
  ParkedPage,
  type ParkedRetry,
  Sink,
  type SinkChange,
  SinkList,
  SinkTest,
} from "#contract/sinks.ts";
import { type Calls, withQuery } from "./calls.ts";

/** A receiver may take its time, and the gateway waits for it. */
const TEST_TIMEOUT_MS = 60_000;
/** All that are parked may be many. */
const MANY_TIMEOUT_MS = 60_000;

/** Calls about sinks and what is parked for them. */
export function createSinksApi({ ask, tell }: Calls) {
  return {
    sinks: async (signal?: AbortSignal) => (await ask(SinkList, paths.sinks, { signal })).sinks,
    addSink: (sink: NewSink) => ask(Sink, paths.sinks, { method: "POST", body: sink }),
    changeSink: (id: string, change: SinkChange) =>
      ask(Sink, fillPath(paths.sink, { id }), { method: "PUT", body: change }),
    removeSink: (id: string) => tell(fillPath(paths.sink, { id }), { method: "DELETE" }),
    pauseSink: (id: string, isPaused: boolean) =>
      tell(fillPath(paths.sinkPause, { id }), { method: "POST", body: { isPaused } }),
    testSink: (id: string) =>
      ask(SinkTest, fillPath(paths.sinkTest, { id }), { method: "POST", timeoutMs: TEST_TIMEOUT_MS }),
    /** `cursor` is an answer's `nextCursor`. */
    parked: (id: string, cursor: number | undefined, signal?: AbortSignal) =>
      ask(ParkedPage, withQuery(fillPath(paths.sinkParked, { id }), { cursor }), { signal }),
    retryParked: (id: string, which: z.input<typeof ParkedRetry>) =>
      tell(fillPath(paths.sinkParkedRetry, { id }), {
        method: "POST",
        body: which,
        timeoutMs: MANY_TIMEOUT_MS,
      }),
    discardParked: (id: string, which: z.input<typeof ParkedDiscard>) =>
      tell(fillPath(paths.sinkParkedDiscard, { id }), {
        method: "POST",
        body: which,
        timeoutMs: MANY_TIMEOUT_MS,
      }),
    correctParked: (id: string, seq: number, correction: z.input<typeof ParkedCorrection>) =>
      tell(fillPath(paths.sinkParkedOne, { id, seq: String(seq) }), { method: "PUT", body: correction }),
  };
}
export type SinksApi = ReturnType<typeof createSinksApi>;
