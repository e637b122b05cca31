import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import { type Clock, createJumpWatch } from "./clock.ts";
import type { KnownSink } from "./manage-sinks.ts";
import type { Outbox } from "./outbox.ts";

export type SweepDeps = {
  sinks: () => Pick<KnownSink, "id" | "retentionDays">[];
  outbox: Pick<Outbox, "expire">;
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

/** Gives up, and counts, what has waited too long: also at a sink that is paused or disabled. */
export function createSweepExpired({ sinks, outbox, clock, log }: SweepDeps) {
  const hasJumped = createJumpWatch(clock);
  let graceUntilMs = clock.steadyMs() + GRACE_MS;
  let callOff = () => {};
  let isStopped = false;
  let sweeping: Promise<void> = Promise.resolve();

  async function sweepSink(id: string, retentionDays: number): Promise<void> {
    let total = 0;
    for (let expired = 1; expired > 0 && !isStopped; total += expired) {
      expired = await outbox.expire(id, clock.nowMs() - retentionDays * DAY_MS);
      await nextTurn();
    }
    if (total > 0)
      log.warn({ sinkId: id, events: total }, "events waited too long for a sink, and are given up");
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

  function sweepLater(): void {
    callOff = clock.later(() => {
      sweeping = sweep().then(() => {
        if (!isStopped) sweepLater();
      });
    }, SWEEP_EVERY_MS);
  }

  return {
    start: sweepLater,
    async stop(): Promise<void> {
      isStopped = true;
      callOff();
      await sweeping;
    },
  };
}
