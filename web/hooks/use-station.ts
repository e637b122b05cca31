import { useCallback, useEffect, useMemo, useSyncExternalStore } from "react";
import type { Camera } from "#contract/cameras.ts";
import type { PlateFacts, StationStatus } from "../vision/station.ts";
import { type ArrivedResult, useServices } from "./services.ts";
import { useCameras } from "./use-cameras.ts";
import { useHealth } from "./use-health.ts";
import { modelToRun, useModels, usePlateModels } from "./use-models.ts";
import { usePlates } from "./use-plates.ts";
import { useShop } from "./use-shop.ts";
import { useAllZones, useReadsPlates } from "./use-zones.ts";

export type { CameraRate, SeenObject, StageMs, StationStatus } from "../vision/station.ts";
export type { ArrivedResult } from "./services.ts";

export function useStation(): StationStatus {
  const { station } = useServices();
  return useSyncExternalStore(station.onStatus, station.status);
}

/** Id of the model that the station runs; null while it runs none. */
export function useRunningModel(): string | null {
  const { station } = useServices();
  return useSyncExternalStore(station.onStatus, () => {
    const status = station.status();
    return status.status === "running" ? status.model : null;
  });
}

/** Measures this device again; the station's status tells while it does. */
export function useMeasureAgain(): () => void {
  const { station } = useServices();
  return station.measureAgain;
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

/** The lists are asked for only where a rule asks for plates. */
function usePlateFacts(): PlateFacts {
  const isAsked = useReadsPlates();
  const { models } = usePlateModels();
  const list = usePlates({ isWanted: isAsked });
  const known = list.status === "ready" ? list.plates : null;
  return useMemo(() => ({ models: isAsked ? models : null, known }), [isAsked, models, known]);
}

/**
 * Keeps the station told about store, cameras with their zones, shop and model. Used once, by the shell. Cameras wait for
 * zones and shop: a queue that begins under the built-in rule would end as soon as the camera's own rules come.
 */
export function useStationFacts(): void {
  const { station } = useServices();
  const storeId = useHealth()?.storeId ?? null;
  const list = useCameras();
  const { zones, isKnown: areZonesKnown } = useAllZones();
  const { shop, isKnown: isShopKnown } = useShop();
  const cameras = list.status === "ready" && areZonesKnown && isShopKnown ? list.cameras : NO_CAMERAS;
  const model = modelToRun(useModels());
  const plates = usePlateFacts();
  useEffect(
    () => station.setFacts({ storeId, cameras, zones, shop, model, plates }),
    [station, storeId, cameras, zones, shop, model, plates],
  );
}
