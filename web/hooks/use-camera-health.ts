import { useQuery } from "@tanstack/react-query";
import type { CameraHealth } from "#contract/camera-health.ts";
import { queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";

/** Uptime moves slowly; changes of status come by the feed at once. */
const REFRESH_MS = 60_000;

/** How a camera is by the gateway's own look; undefined before its first answer. */
export function useCameraHealth(cameraId: string): CameraHealth | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: queryKeys.camerasHealth,
    queryFn: ({ signal }) => api.camerasHealth(signal),
    refetchInterval: REFRESH_MS,
    // what is told of another camera draws nothing anew
    select: (health) => health.find((ofOne) => ofOne.cameraId === cameraId) ?? null,
  });
  return data ?? undefined;
}
