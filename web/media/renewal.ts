import type { CameraState } from "#contract/cameras.ts";
import type { Attempt } from "./attempt.ts";

/** A session catches up by itself within this, or not at all. */
const LAGS_FOR_MS = 5_000;
/** The gateway would call the camera itself frozen by then. */
const REPEATS_FOR_MS = 20_000;
const AGAIN_AFTER_MS = 30_000;

/**
 * When what is shown is opened anew behind itself: it lags and does not catch up, or repeats itself while the gateway
 * sees the camera move. Not again too soon: where the network or the device is too slow, it would not help.
 */
export function createRenewal({ nowMs }: { nowMs: () => number }) {
  let openedAtMs = Number.NEGATIVE_INFINITY;

  function isStuck({ lateSinceMs, stats }: Attempt, camera: CameraState): boolean {
    if (lateSinceMs !== null && nowMs() - lateSinceMs > LAGS_FOR_MS) return true;
    const alikeSinceMs = stats?.alikeSinceMs ?? null;
    return alikeSinceMs !== null && camera.status === "online" && nowMs() - alikeSinceMs > REPEATS_FOR_MS;
  }

  return {
    /** Stays due while the new one is on its way (`isTrying`). */
    isDue(shown: Attempt, camera: CameraState, isTrying: boolean): boolean {
      return isStuck(shown, camera) && (isTrying || nowMs() - openedAtMs > AGAIN_AFTER_MS);
    },
    noteOpened(): void {
      openedAtMs = nowMs();
    },
  };
}
