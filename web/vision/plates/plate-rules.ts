import type { z } from "zod";
import type { ComplianceDetectedPayload } from "#contract/payloads.ts";
import type { KnownPlate } from "#contract/plates.ts";
import type { Rule } from "#contract/zones.ts";
import { judgePlate, type PlateJudgement, type PlateMatch } from "./plate-match.ts";
import type { Passage } from "./plate-stage.ts";

export type PlateRule = Extract<Rule, { kind: "plate_read" | "plate_listed" | "plate_unlisted" }>;

/** An enabled rule that asks for plates. */
export const isPlateRule = (rule: Rule): rule is PlateRule =>
  rule.isEnabled &&
  (rule.kind === "plate_read" || rule.kind === "plate_listed" || rule.kind === "plate_unlisted");

/** What a rule makes of a passage: the payload and what stands beside it in the event's `meta`. */
export type PlateHappening = {
  rule: PlateRule;
  payload: z.infer<typeof ComplianceDetectedPayload>;
  /** Which entry of the lists it fits, and how; absent where it fits none. */
  listed?: { list: string; match: "exact" | "tolerant"; plate: string; note: string };
};

/**
 * `plate_read`: any plate. `plate_listed`: one on the watched list. `plate_unlisted`: one on no list, so that a watched
 * plate is told once, as watched. `plates`: those valid on the day.
 */
export function plateHappenings(
  passage: Passage,
  rules: PlateRule[],
  plates: KnownPlate[],
): PlateHappening[] {
  const judgement = judgePlate(passage.plate, plates);
  const listed = listedAs(judgement);
  return rules
    .filter(({ kind }) => holds(kind, judgement))
    .map((rule) => ({
      rule,
      payload: {
        rule: { kind: rule.kind },
        boxes: [passage.box],
        plate: passage.plate,
        layout: passage.layout,
        confidence: passage.confidence,
        reads: passage.reads,
      },
      ...(listed && { listed }),
    }));
}

function holds(kind: PlateRule["kind"], { allowed, watched }: PlateJudgement): boolean {
  if (kind === "plate_read") return true;
  if (kind === "plate_listed") return watched.match !== "none";
  return watched.match === "none" && allowed.match === "none";
}

/** The entry it fits: an exact match before a tolerant one, of equals the watched one. */
function listedAs({ allowed, watched }: PlateJudgement): PlateHappening["listed"] | undefined {
  const isAllowedExactly = allowed.match === "exact" && watched.match !== "exact";
  const match: PlateMatch = watched.match === "none" || isAllowedExactly ? allowed : watched;
  if (match.match === "none") return undefined;
  const { list, plate, note } = match.known;
  return { list, match: match.match, plate, note };
}
