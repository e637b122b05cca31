import type { Ledger } from "#contract/sinks.ts";
import type { Logger } from "../kernel/logger.ts";
import type { Counters, Outbox, Recount } from "./outbox.ts";

export type SinkLedger = { ledger: Ledger; oldestAtMs: number | null; lastSuccessAtMs: number | null };

/** A recount may take this part of the time: after one of 50 ms none is made for 5 s. */
const MAX_TIME_FRACTION = 0.01;

type Known = { isBalanced: boolean; oldestAtMs: number | null; againAtMs: number };

/** The ledgers of the sinks: counters as they are, held against the rows as often as that costs little. */
export function createLedgers(deps: { outbox: Outbox; steadyMs: () => number; log: Logger }) {
  const { outbox, steadyMs, log } = deps;
  const recounted = new Map<string, Known>();

  async function recount(sinkId: string): Promise<Known & { counters: Counters }> {
    const beginMs = steadyMs();
    const found = await outbox.recount(sinkId);
    const isBalanced = balances(found);
    const wasBalanced = recounted.get(sinkId)?.isBalanced ?? true;
    if (wasBalanced && !isBalanced) log.error({ sinkId, ...found }, "a ledger does not balance");
    const againAtMs = steadyMs() + (steadyMs() - beginMs) / MAX_TIME_FRACTION;
    const known = { isBalanced, oldestAtMs: found.oldestAtMs, againAtMs };
    recounted.set(sinkId, known);
    return { ...known, counters: found.counters };
  }

  return {
    async read(sinkId: string): Promise<SinkLedger> {
      const known = recounted.get(sinkId);
      const isFresh = known !== undefined && known.againAtMs > steadyMs();
      const { counters, isBalanced, oldestAtMs } = isFresh
        ? { ...known, counters: await outbox.counters(sinkId) }
        : await recount(sinkId);
      const { lastSuccessAtMs, ...counts } = counters;
      const waiting = waitingOf(counters);
      const ledger = { ...counts, waiting, isBalanced };
      return { ledger, oldestAtMs: waiting > 0 ? oldestAtMs : null, lastSuccessAtMs };
    },
    /** How many did not balance when they were recounted last. */
    unbalanced: (): number => [...recounted.values()].filter(({ isBalanced }) => !isBalanced).length,
    forget(sinkId: string): void {
      recounted.delete(sinkId);
    },
  };
}
export type Ledgers = ReturnType<typeof createLedgers>;

export const waitingOf = ({ created, acknowledged, parked, discarded, expired }: Counters): number =>
  created - acknowledged - parked - discarded - expired;

export const balances = ({ counters, rows }: Recount): boolean =>
  rows.waiting === waitingOf(counters) && rows.parked === counters.parked;
