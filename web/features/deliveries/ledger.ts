import type { Ledger } from "#contract/ledger.ts";

/** Of either hop; only hop one has events that another station told instead. */
export type AnyLedger = Ledger & { dropped?: number };

/** Where an event that was made can be, in the order in which they are shown. */
const PLACES = ["acknowledged", "waiting", "parked", "dropped", "discarded", "expired"] as const;
export type Place = (typeof PLACES)[number];

/** What of it is worth showing: the first three always, the others once there is something. */
export function placesOf(ledger: AnyLedger): { place: Place; count: number }[] {
  return PLACES.map((place, index) => ({ place, count: ledger[place] ?? 0, isAlways: index < 3 })).filter(
    ({ count, isAlways }) => isAlways || count > 0,
  );
}

/** How many are accounted for. */
export const accountedFor = (ledger: AnyLedger): number =>
  PLACES.reduce((sum, place) => sum + (ledger[place] ?? 0), 0);

/** Also where the recount agrees and the sum as it came does not. */
export const isSound = (ledger: AnyLedger): boolean =>
  ledger.isBalanced && accountedFor(ledger) === ledger.created;
