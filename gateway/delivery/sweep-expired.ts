import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import { type Clock, createJumpWatch } from "./clock.ts";
import type { KnownSink } from "./manage-sinks.ts";
import type { DeliveryStore } from "./outbox.ts";
import { createRepeat } from "./repeat.ts";

export type SweepDeps = {
  sinks: () => Pick<KnownSink, "id" | "retentionDays">[];
  store: Pick<DeliveryStore, "forgetNotes"> & { outbox: Pick<DeliveryStore["outbox"], "expire"> };
  clock: Clock;
  log: Logger;
};

const SWEEP_EVERY_MS = 60_000;
/**
 * After a start, and after the clock was put forward or back, nothing expires for so long: a gateway that was off for a
 * week, or had no time at all when it started, first has a chance to send.
 */
const GRACE_MS = 600_000;
const DAY_MS = 24 * 3_600_000;
/** A note says what became of a happening's start, and no happening that matters runs for longer than this. */
const NOTES_LAST_DAYS = 30;

/**
 * Gives up, and counts, what has waited too long: also at a sink that is paused or disabled. Forgets what a sink noted
 * of events that cannot come any more.
 */
export function createSweepExpired({ sinks, store, clock, log }: SweepDeps) {
  const hasJumped = createJumpWatch(clock);
  let graceUntilMs = clock.steadyMs() + GRACE_MS;
  const repeat = createRepeat(sweep, { everyMs: SWEEP_EVERY_MS, clock });

  async function sweepSink(id: string, retentionDays: number): Promise<void> {
    const events = await untilNone(() => store.outbox.expire(id, clock.nowMs() - retentionDays * DAY_MS));
    if (events > 0) log.warn({ sinkId: id, events }, "events waited too long for a sink, and are given up");
    await untilNone(() => store.forgetNotes(id, (retentionDays + NOTES_LAST_DAYS) * DAY_MS));
  }

  /** How many in all; the gateway does other things between two steps. */
  async function untilNone(step: () => Promise<number>): Promise<number> {
    let total = 0;
    for (let done = 1; done > 0 && !repeat.isStopped(); total += done) {
      done = await step();
      await nextTurn();
    }
    return total;
  }

  async function sweep(): Promise<void> {
    if (hasJumped()) graceUntilMs = clock.steadyMs() + GRACE_MS;
    if (clock.steadyMs() < graceUntilMs) return;
    for (const { id, retentionDays } of sinks()) {
      try {
        await sweepSink(id, retentionDays);
      } catch (error) {
        log.warn({ sinkId: id, reason: messageOf(error) }, "what is too old could not be given up now");
      }
    }
  }

  return { start: repeat.later, stop: repeat.stop };
}
