import type { CameraState } from "#contract/cameras.ts";

/** A stream that is down is what a person must know; one that plays says more than one that nobody reads. */
const WEIGHT: Record<CameraState["status"], number> = { down: 3, connecting: 1, online: 2, unknown: 0 };

/** One state for a camera out of those of its streams, the main stream's first. */
export function combineStates(states: CameraState[]): CameraState {
  return states.reduce((best, next) => (WEIGHT[next.status] > WEIGHT[best.status] ? next : best), {
    status: "unknown",
  });
}
