import type { CameraFault } from "#contract/cameras.ts";
import { backoffMs } from "../kernel/backoff.ts";

/**
 * A tap tries only while somebody watches, who expects the picture within 5 s of the camera's return: what a camera
 * heals from by itself is tried again within 3 s, a path it does not know included, for a camera that starts up answers
 * so for a while. What a person must put right is asked less often.
 */
const PASSING = { firstMs: 500, maxMs: 2_500, jitterFraction: 0.2 };
const LASTING = { firstMs: 500, maxMs: 15_000, jitterFraction: 0.2 };
const LASTING_FAULTS: ReadonlySet<CameraFault> = new Set(["no_video", "unsupported_codec"]);

/** Whoever knows addresses is asked again soon: that costs the camera nothing. */
export const addressRetryMs = (random?: () => number): number => backoffMs(PASSING, 2, random);

/** The wait before the next try; undefined for a wrong password, which is never sent twice: cameras lock. */
export function retryWaitMs(fault: CameraFault, attempt: number, random?: () => number): number | undefined {
  if (fault === "unauthorized") return undefined;
  return backoffMs(LASTING_FAULTS.has(fault) ? LASTING : PASSING, attempt, random);
}
