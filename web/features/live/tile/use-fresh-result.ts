import { useClock } from "../../../hooks/use-now.ts";
import { type ArrivedResult, useCameraResult, useStation } from "../../../hooks/use-station.ts";

/** What the station saw last at a camera, as long as it is younger than `validMs` and the station works. */
export function useFreshResult(cameraId: string, validMs: number): ArrivedResult | null {
  const result = useCameraResult(cameraId);
  const isStationRunning = useStation().status === "running";
  const isFresh = useClock((nowMs) => result !== null && nowMs - result.arrivedAtMs < validMs);
  return isFresh && isStationRunning ? result : null;
}
