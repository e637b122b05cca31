import { z } from "zod";
import { FractionBox } from "#contract/payloads.ts";
import { CHARACTERS, type DecodedPlate, decodePlate, SLOTS } from "./layouts.ts";
import type { PlateRead } from "./plate-reader.ts";

/**
 * What the pictures of one vehicle say together. Plain data. Everything that is added up is a whole number, so that the
 * order of the pictures never decides.
 */
export const PlateVote = z.object({
  /** Shape [SLOTS, CHARACTERS.length]: a read's probability times its confidence, in millionths, over all reads. */
  sums: z.array(z.int().nonnegative()).length(SLOTS * CHARACTERS.length),
  /** The reads' confidences, in thousandths, added up. */
  weight: z.int().nonnegative(),
  /** Pictures that voted. */
  reads: z.int().positive(),
  /** The picture in which the plate was read with most confidence, and where it was in it. */
  best: z.object({ confidence: z.number(), atMs: z.number(), box: FractionBox }),
});
export type PlateVote = z.infer<typeof PlateVote>;

export type PlateVerdict = Omit<DecodedPlate, "mean"> & {
  reads: number;
  bestAtMs: number;
  box: FractionBox;
};

const THOUSAND = 1_000;

/** The vote with one more read in it; `before` is null for the first. */
export function addRead(before: PlateVote | null, read: PlateRead, atMs: number): PlateVote {
  const weight = Math.round(read.confidence * THOUSAND);
  const sums = Array.from({ length: SLOTS * CHARACTERS.length }, (_, at) => {
    const votes = weight * Math.round((read.slots[at] ?? 0) * THOUSAND);
    return (before?.sums[at] ?? 0) + votes;
  });
  const here = { confidence: read.confidence, atMs, box: read.box };
  return {
    sums,
    weight: (before?.weight ?? 0) + weight,
    reads: (before?.reads ?? 0) + 1,
    best: before && !isBetter(here, before.best) ? before.best : here,
  };
}

/** The vote without its picture, which is lost: of those to come the best is the one to show. */
export const withoutPicture = (vote: PlateVote): PlateVote => ({
  ...vote,
  best: { ...vote.best, confidence: 0 },
});

/** Of two pictures read alike the earlier one. */
function isBetter(a: PlateVote["best"], b: PlateVote["best"]): boolean {
  return a.confidence > b.confidence || (a.confidence === b.confidence && a.atMs < b.atMs);
}

/**
 * What the reads agree on: in each slot the probabilities are the mean over all reads, each weighing as much as it was
 * sure of itself. Null below `minConfidence`.
 */
export function verdictOf(vote: PlateVote, minConfidence: number): PlateVerdict | null {
  const whole = Math.max(1, vote.weight * THOUSAND);
  const decoded = decodePlate(vote.sums.map((sum) => sum / whole));
  if (!(decoded.confidence > minConfidence)) return null;
  const { plate, layout, confidence } = decoded;
  return { plate, layout, confidence, reads: vote.reads, bestAtMs: vote.best.atMs, box: vote.best.box };
}
