import { useQuery } from "@tanstack/react-query";
import type { CameraHealth } from "#contract/camera-health.ts";
import { queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";

/** Uptime moves slowly; changes of status come by the feed at once. */
const REFRESH_MS = 60_000;

const NOTHING_KNOWN: ReadonlyMap<string, CameraHealth> = new Map();

const byCamera = (health: CameraHealth[]) => new Map(health.map((ofOne) => [ofOne.cameraId, ofOne]));

/** How cameras are by the gateway's own look, by camera id; of one that did not change the same object. */
export function useCamerasHealth(): ReadonlyMap<string, CameraHealth> {
  const api = useApi();
  const { data } = useQuery({
    queryKey: queryKeys.camerasHealth,
    queryFn: ({ signal }) => api.camerasHealth(signal),
    refetchInterval: REFRESH_MS,
    select: byCamera,
  });
  return data ?? NOTHING_KNOWN;
}
