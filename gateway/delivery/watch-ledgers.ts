import { messageOf } from "../kernel/errors.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Clock } from "./clock.ts";
import type { Ledgers } from "./ledgers.ts";
import type { KnownSink } from "./manage-sinks.ts";
import { createRepeat } from "./repeat.ts";

export type WatchLedgersDeps = {
  sinks: () => Pick<KnownSink, "id">[];
  ledgers: Pick<Ledgers, "read">;
  clock: Pick<Clock, "later">;
  log: Logger;
};

const LOOK_EVERY_MS = 60_000;

/** Holds every ledger against its rows at the start and once a minute, also while nobody looks at the page. */
export function createWatchLedgers({ sinks, ledgers, clock, log }: WatchLedgersDeps) {
  const repeat = createRepeat(look, { everyMs: LOOK_EVERY_MS, clock });

  async function look(): Promise<void> {
    for (const { id } of sinks()) {
      if (repeat.isStopped()) return;
      try {
        await ledgers.read(id);
      } catch (error) {
        log.warn({ sinkId: id, reason: messageOf(error) }, "a ledger could not be read now");
      }
    }
  }

  return { start: repeat.now, stop: repeat.stop };
}
