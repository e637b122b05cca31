import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { Camera } from "#contract/cameras.ts";
import type { StationStatus } from "../vision/station.ts";
import { type ArrivedResult, useServices } from "./services.ts";
import { useCameras } from "./use-cameras.ts";
import { useHealth } from "./use-health.ts";
import { modelToRun, useModels } from "./use-models.ts";

export type { CameraRate, SeenObject, StageMs, StationStatus } from "../vision/station.ts";
export type { ArrivedResult } from "./services.ts";

export function useStation(): StationStatus {
  const { station } = useServices();
  return useSyncExternalStore(station.onStatus, station.status);
}

/** What the station saw last at a camera; null before its first picture. */
export function useCameraResult(cameraId: string): ArrivedResult | null {
  const { station } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => station.onResult(cameraId, listener),
    [station, cameraId],
  );
  return useSyncExternalStore(subscribe, () => station.latest(cameraId));
}

const NO_CAMERAS: Camera[] = [];

/** Keeps the station told about store, cameras and model. Used once, by the shell. */
export function useStationFacts(): void {
  const { station } = useServices();
  const storeId = useHealth()?.storeId ?? null;
  const list = useCameras();
  const cameras = list.status === "ready" ? list.cameras : NO_CAMERAS;
  const model = modelToRun(useModels());
  useEffect(() => station.setFacts({ storeId, cameras, model }), [station, storeId, cameras, model]);
}
