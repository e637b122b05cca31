import { z } from "zod";

/**
 * created = acknowledged + waiting + parked + discarded + expired. The counters change in the transaction that moves
 * the event; `isBalanced` compares them with a recount of the rows.
 */
export const Ledger = z.object({
  created: z.int(),
  acknowledged: z.int(),
  waiting: z.int(),
  parked: z.int(),
  /** A person gave them up, with a reason. */
  discarded: z.int(),
  expired: z.int(),
  isBalanced: z.boolean(),
});
export type Ledger = z.infer<typeof Ledger>;

/** Hop one, of one browser: created = acknowledged + waiting + parked + dropped + discarded + expired. */
export const StationLedger = Ledger.extend({
  /** What another station told instead (`stale_lease`). */
  dropped: z.int(),
  /** Of the oldest that waits; null when none does. */
  oldestWaitingMs: z.number().min(0).nullable(),
});
export type StationLedger = z.infer<typeof StationLedger>;

/** How long until nothing waits, when `ratePerS` are acknowledged a second; null while that cannot be told. */
export function emptyInS(waiting: number, ratePerS: number | null): number | null {
  if (waiting === 0) return 0;
  return ratePerS !== null && ratePerS > 0 ? waiting / ratePerS : null;
}
