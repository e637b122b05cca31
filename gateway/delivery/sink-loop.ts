import type { EventRecord } from "#contract/events.ts";
import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { SinkState } from "#contract/sinks.ts";
import { backoffMs } from "../kernel/backoff.ts";
import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import { afterFailure, type Circuit, eventRestMs, type Failure, type Rests } from "./circuit.ts";
import { type Clock, createJumpWatch } from "./clock.ts";
import type { KnownSink } from "./manage-sinks.ts";
import type { Outbox, Outcome } from "./outbox.ts";
import type { RateMeter } from "./rate-meter.ts";
import { sendClaim } from "./send-claim.ts";
import type { Sender } from "./send-once.ts";
import type { CameraTeller } from "./tell-cameras.ts";
import { reasonOf } from "./troubles.ts";

export type SinkLoopDeps = {
  sink: Pick<KnownSink, "id" | "everyMs" | "batchEvents" | "eventNames">;
  outbox: Outbox;
  sender: Sender;
  teller: CameraTeller;
  meter: RateMeter;
  clock: Clock;
  log: Logger;
  rests: Rests;
  random?: () => number;
};

/** Longer than a call to a sink may last; with every part that is settled it begins anew. */
const CLAIM_MS = 120_000;
const MAX_BATCH_BYTES = 1_048_576;
/** The bus is a hint only, and another gateway's events are not told here: it looks by itself, too. */
const MAX_IDLE_MS = 60_000;
/** The disk is full or the database locked. */
const STORAGE_RETRY = { firstMs: 500, maxMs: 30_000, jitterFraction: 0.2 };

/**
 * Sends what waits for one sink: `everyMs` after the first event came, or as soon as `batchEvents` have come. After a
 * whole failure batches are halved, so that neither one poisonous event nor a receiver that is too slow for a full
 * batch holds up everything; each success doubles them again.
 */
export function createSinkLoop(deps: SinkLoopDeps) {
  const { sink, outbox, sender, teller, meter, clock, log, rests, random } = deps;
  const life = new AbortController();
  const hasJumped = createJumpWatch(clock);
  const { steadyMs } = clock;
  let circuit: Circuit = { status: "closed" };
  /** Why the last event that was retried by itself waits, and until when. */
  let waits: { trouble: SinkTrouble; untilMs: number } | null = null;
  let limit = sink.batchEvents;
  /** Came since the last look into the outbox. */
  let fresh = 0;
  let flushAtMs = 0; // what the last run left is due at once
  let lookAtMs = Number.POSITIVE_INFINITY;
  let isNew = true;
  let wake = () => {};
  let running: Promise<void> = Promise.resolve();

  const isFlushDue = () => fresh >= sink.batchEvents || Math.min(flushAtMs, lookAtMs) <= steadyMs();

  function nextTurnMs(): number {
    const restsUntilMs = circuit.status === "closed" ? 0 : circuit.untilSteadyMs;
    const wantedMs = isFlushDue() ? 0 : Math.min(flushAtMs, lookAtMs, teller.dueAtMs());
    return Math.max(restsUntilMs, wantedMs);
  }

  async function waitForTurn(): Promise<void> {
    while (!life.signal.aborted) {
      const waitMs = nextTurnMs() - steadyMs();
      if (waitMs <= 0) return;
      await sleep(waitMs);
    }
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const callOff = clock.later(resolve, ms);
      wake = () => {
        callOff();
        resolve();
      };
    });
  }

  /** Tries until the disk takes it: what a receiver has must not be sent again because of a full disk. */
  async function write<T>(what: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await what();
      } catch (error) {
        if (life.signal.aborted) throw error;
        log.warn({ sinkId: sink.id, reason: messageOf(error) }, "the outbox cannot be written now");
        await sleep(backoffMs(STORAGE_RETRY, attempt, random));
      }
    }
  }

  function fail({ trouble, retryAfterMs }: Failure): void {
    circuit = afterFailure(circuit, { trouble, retryAfterMs }, { rests, steadyMs: steadyMs(), random });
    limit = Math.max(1, Math.floor(limit / 2));
    flushAtMs = steadyMs();
    const { code } = trouble;
    log.warn({ sinkId: sink.id, code, reason: reasonOf(trouble) }, "a sink took nothing");
  }

  function succeed(): void {
    circuit = { status: "closed" };
    limit = Math.min(sink.batchEvents, limit * 2);
  }

  function noteRetry({ trouble, dueAtMs }: Extract<Outcome, { outcome: "retry" }>): void {
    if (!trouble) return;
    waits = { trouble, untilMs: dueAtMs };
    log.debug({ sinkId: sink.id, code: trouble.code, reason: reasonOf(trouble) }, "an event waits");
  }

  async function settle(claim: Parameters<Outbox["settle"]>[0], outcomes: Outcome[], next: "more" | "done") {
    await write(() => outbox.settle(claim, outcomes, next));
    for (const outcome of outcomes) if (outcome.outcome === "retry") noteRetry(outcome);
    meter.add(outcomes.filter(({ outcome }) => outcome === "acknowledged").length);
  }

  /** Whether there may be more to send at once. */
  async function sendBatch(): Promise<boolean> {
    const size = { limit, maxBytes: MAX_BATCH_BYTES, claimMs: CLAIM_MS };
    const claim = await write(() => outbox.claim(sink.id, size));
    if (!claim) return false;
    const result = await sendClaim(claim, {
      send: (events) => sender.send(events, life.signal),
      settle: (outcomes, next) => settle(claim, outcomes, next),
      dueAtMs: (attempts, retryAfterMs) =>
        clock.nowMs() + eventRestMs(rests, attempts, { retryAfterMs, random }),
    });
    if (life.signal.aborted) return false;
    if (result.kind === "failed") fail(result);
    else succeed();
    return result.kind === "sent" && !claim.isAll;
  }

  async function flush(): Promise<void> {
    fresh = 0;
    flushAtMs = Number.POSITIVE_INFINITY;
    lookAtMs = steadyMs() + Math.max(MAX_IDLE_MS, sink.everyMs);
    while (await sendBatch()) if (life.signal.aborted) return;
    const dueAtMs = await write(() => outbox.nextDueAtMs(sink.id));
    if (dueAtMs !== null) flushBefore(steadyMs() + Math.max(0, dueAtMs - clock.nowMs()));
  }

  function flushBefore(atMs: number): void {
    flushAtMs = Math.min(flushAtMs, atMs);
  }

  async function takeTurn(): Promise<void> {
    try {
      if (isNew || hasJumped()) await write(() => outbox.startOver(sink.id));
      isNew = false;
      await teller.tell(life.signal);
      if (isFlushDue()) await flush();
    } catch (error) {
      if (life.signal.aborted) return;
      log.error({ err: error, sinkId: sink.id }, "a sink's loop failed, and goes on");
      fail({ trouble: { code: "internal", detail: messageOf(error) } });
    }
  }

  async function run(): Promise<void> {
    for (await waitForTurn(); !life.signal.aborted; await waitForTurn()) await takeTurn();
  }

  return {
    start(): void {
      running = run();
    },
    /** Ends what is being sent, frees its claim, and closes the sink. */
    async stop(): Promise<void> {
      life.abort();
      wake();
      await running;
      await sender.close();
    },
    /** New events are in the outboxes. */
    noticed(events: Pick<EventRecord, "event_name">[]): void {
      const { eventNames } = sink;
      const count =
        eventNames === null
          ? events.length
          : events.filter(({ event_name }) => eventNames.includes(event_name)).length;
      if (count === 0) return;
      if (fresh === 0) {
        flushBefore(steadyMs() + sink.everyMs);
        lookAtMs = Number.POSITIVE_INFINITY; // a look would send them before their time
      }
      fresh += count;
      wake();
    },
    /** Something was put back into the outbox, or the list of cameras is another. */
    wake(): void {
      flushBefore(steadyMs());
      wake();
    },
    camerasChanged(): void {
      teller.camerasChanged();
      wake();
    },
    state(): SinkState {
      if (circuit.status === "closed") {
        if (!waits || waits.untilMs <= clock.nowMs()) return { status: "working" };
        return { status: "working", reason: reasonOf(waits.trouble), trouble: waits.trouble };
      }
      const { status, trouble, failures, untilSteadyMs } = circuit;
      const untilMs = clock.nowMs() + untilSteadyMs - steadyMs();
      return { status, reason: reasonOf(trouble), trouble, failures, untilMs };
    },
  };
}
export type SinkLoop = ReturnType<typeof createSinkLoop>;
