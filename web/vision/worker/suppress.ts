import type { Detection } from "../detector.ts";
import { groupOf, overlap } from "./objects.ts";

/** Greedy: of boxes of one group that overlap more than `limit` only the best stays. Best first. */
export function suppress(candidates: Detection[], limit: number): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    const rival = kept.some(
      (other) =>
        groupOf(other.label) === groupOf(candidate.label) && overlap(other.box, candidate.box) > limit,
    );
    if (!rival) kept.push(candidate);
  }
  return kept;
}
