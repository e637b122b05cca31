import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Camera, CameraChange, NewCamera } from "#contract/cameras.ts";
import { putInPlace } from "../lib/put-in-place.ts";
import { queryKeys } from "./query-keys.ts";
import { putTold } from "./told.ts";
import { useApi } from "./use-api.ts";

export type CameraListState =
  | { status: "loading" }
  /** Nothing is known, not even from an earlier visit. */
  | { status: "failed"; retry: () => void }
  | { status: "ready"; cameras: Camera[] };

export function useCameras(): CameraListState {
  const api = useApi();
  const { data, isError, refetch } = useQuery({
    queryKey: queryKeys.cameras,
    queryFn: ({ signal }) => api.cameras(signal),
  });
  if (data) return { status: "ready", cameras: data };
  if (isError) return { status: "failed", retry: () => void refetch() };
  return { status: "loading" };
}

/** Adding, changing and removing; each puts the answer into the list at once. */
export function useCameraChanges() {
  const api = useApi();
  const queries = useQueryClient();
  const put = (camera: Camera) =>
    putTold<Camera[]>(queries, queryKeys.cameras, (known) => withCamera(known ?? [], camera));
  return {
    add: useMutation({ mutationFn: (camera: NewCamera) => api.addCamera(camera), onSuccess: put }),
    change: useMutation({
      mutationFn: ({ id, change }: { id: string; change: CameraChange }) => api.changeCamera(id, change),
      onSuccess: put,
    }),
    remove: useMutation({
      mutationFn: (id: string) => api.removeCamera(id),
      onSuccess: (_, id) =>
        putTold<Camera[]>(queries, queryKeys.cameras, (known) => known?.filter((camera) => camera.id !== id)),
    }),
  };
}

/** Asks the gateway to read a camera again that waits for a person. */
export function useCameraRetry() {
  const api = useApi();
  return useMutation({ mutationFn: (id: string) => api.retryCamera(id) });
}

/** The list with `camera` in its old place, or at the end where it is new. */
export function withCamera(cameras: Camera[], camera: Camera): Camera[] {
  return putInPlace(cameras, camera, ({ id }) => id);
}
