import type { KnownPlate, PlateList } from "#contract/plates.ts";

/** How a plate that was read fits one that a person entered. */
export type PlateMatch =
  | { match: "none" }
  | { match: "exact"; known: KnownPlate }
  /** The same but for characters that look alike; `differs` are their places, from 0. */
  | { match: "tolerant"; known: KnownPlate; differs: number[] };

/** Each character stands for all that a reader takes for one another. */
const ALIKE: Record<string, string> = { "0": "O", D: "O", Q: "O", "1": "I", "8": "B", "5": "S", "2": "Z" };

/** The plate with one character for all that look alike: equal for two plates that a reader may confuse. */
export const foldPlate = (plate: string): string =>
  [...plate].map((letter) => ALIKE[letter] ?? letter).join("");

/** Those that count on this day, `YYYY-MM-DD` at the shop; the first and the last day count, too. */
export function validOn(plates: KnownPlate[], day: string): KnownPlate[] {
  return plates.filter(
    ({ validFrom, validUntil }) =>
      (validFrom === null || validFrom <= day) && (validUntil === null || validUntil >= day),
  );
}

/** The best match: an exact one, else the one with the fewest characters that differ, the first listed of equals. */
export function matchPlate(plate: string, plates: KnownPlate[]): PlateMatch {
  const folded = foldPlate(plate);
  let best: PlateMatch = { match: "none" };
  for (const known of plates) {
    if (known.plate === plate) return { match: "exact", known };
    if (foldPlate(known.plate) !== folded) continue;
    const differs = placesOfDifference(plate, known.plate);
    if (best.match !== "tolerant" || differs.length < best.differs.length)
      best = { match: "tolerant", known, differs };
  }
  return best;
}

function placesOfDifference(a: string, b: string): number[] {
  return [...a].flatMap((letter, at) => (letter === b[at] ? [] : [at]));
}

/** The day at the shop, `YYYY-MM-DD`. Throws a RangeError for a time zone that there is not. */
export function dayAt(atMs: number, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(atMs);
}

/** How a plate fits each list. */
export type PlateJudgement = Record<PlateList, PlateMatch>;

export function judgePlate(plate: string, plates: KnownPlate[]): PlateJudgement {
  const on = (list: PlateList) =>
    matchPlate(
      plate,
      plates.filter((known) => known.list === list),
    );
  return { allowed: on("allowed"), watched: on("watched") };
}
