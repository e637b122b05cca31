import type { KnownPlate } from "#contract/plates.ts";
import { judgePlate, type PlateJudgement, type PlateMatch } from "./plate-match.ts";

/** The entry of the lists that a plate fits, and how. */
export type ListedAs = { list: string; match: "exact" | "tolerant"; plate: string; note: string };

/** What the shop's lists say of a plate that was read. */
export type PlateListing = {
  /** The kind of rule it fulfils besides `plate_read`: an allowed plate fulfils none. */
  listing: "plate_listed" | "plate_unlisted" | null;
  /** Absent where it fits no entry. */
  listed?: ListedAs;
};

/**
 * `plate_listed`: on the watched list. `plate_unlisted`: on no list, so that a watched plate is told once, as watched.
 * `plates`: those valid on the day.
 */
export function listingOf(plate: string, plates: KnownPlate[]): PlateListing {
  const judgement = judgePlate(plate, plates);
  const listed = listedAs(judgement);
  return { listing: kindOf(judgement), ...(listed && { listed }) };
}

function kindOf({ allowed, watched }: PlateJudgement): PlateListing["listing"] {
  if (watched.match !== "none") return "plate_listed";
  return allowed.match === "none" ? "plate_unlisted" : null;
}

/** The entry it fits: an exact match before a tolerant one, of equals the watched one. */
function listedAs({ allowed, watched }: PlateJudgement): ListedAs | undefined {
  const isAllowedExactly = allowed.match === "exact" && watched.match !== "exact";
  const match: PlateMatch = watched.match === "none" || isAllowedExactly ? allowed : watched;
  if (match.match === "none") return undefined;
  const { list, plate, note } = match.known;
  return { list, match: match.match, plate, note };
}
