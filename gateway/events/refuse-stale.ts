import type { SortedBatch } from "./sort-batch.ts";

/** Whether the camera had gone to another station by then; `atMs` by the gateway's clock. */
export type IsStale = (cameraId: string, fence: number, atMs: number) => boolean;

/**
 * Refuses what a station says of a time at which another one had its camera already. Events without a fence (the
 * gateway's own, older pages) pass. A batch in which nothing is stale comes back as it is.
 */
export function refuseStale(sorted: SortedBatch, isStale: IsStale): SortedBatch {
  const stale = sorted.good.filter(({ event: { camera_id, meta, ts } }) => {
    const fence = meta?.fence;
    return camera_id !== undefined && typeof fence === "number" && isStale(camera_id, fence, Date.parse(ts));
  });
  if (stale.length === 0) return sorted;
  const refused = stale.map(({ index, receiptAsSent }) => ({
    index,
    receipt_id: receiptAsSent,
    outcome: "refused" as const,
    code: "stale_lease" as const,
    reason: "another station had this camera by then",
  }));
  return {
    good: sorted.good.filter((event) => !stale.includes(event)),
    refused: [...sorted.refused, ...refused],
  };
}
