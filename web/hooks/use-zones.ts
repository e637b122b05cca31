import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { asksForPlates, CameraZones, type CameraZonesChange, noZones } from "#contract/zones.ts";
import { queryKeys } from "./query-keys.ts";
import { putTold } from "./told.ts";
import { ApiError, useApi } from "./use-api.ts";

const NO_ZONES: CameraZones[] = [];

/** Changes come by the feed at once, and all is asked anew when the feed is back. */
const STALE_MS = 60_000;

function useZonesQuery<T>(select: (zones: CameraZones[]) => T) {
  const api = useApi();
  return useQuery({
    queryKey: queryKeys.zones,
    queryFn: ({ signal }) => api.zones(signal),
    staleTime: STALE_MS,
    select,
  });
}

const asTheyAre = (zones: CameraZones[]) => zones;

/** What is drawn for each camera; the same list until something changes. `isKnown`: a gateway told it, or cannot. */
export function useAllZones(): { zones: CameraZones[]; isKnown: boolean } {
  const { data, isPending } = useZonesQuery(asTheyAre);
  return { zones: data ?? NO_ZONES, isKnown: !isPending };
}

const isAnyAsked = (zones: CameraZones[]) => zones.some(({ rules }) => rules.some(asksForPlates));

/** Whether any camera's rules ask for number plates. */
export const useReadsPlates = (): boolean => useZonesQuery(isAnyAsked).data ?? false;

export type CameraZonesState =
  | { status: "loading" }
  /** Nothing is known, not even from an earlier visit. */
  | { status: "failed"; retry: () => void }
  | { status: "ready"; zones: CameraZones };

/** What is drawn for one camera. */
export function useCameraZones(cameraId: string): CameraZonesState {
  const { data, isError, refetch } = useZonesQuery(
    (zones) => zones.find((ofOne) => ofOne.cameraId === cameraId) ?? noZones(cameraId),
  );
  if (data) return { status: "ready", zones: data };
  if (isError) return { status: "failed", retry: () => void refetch() };
  return { status: "loading" };
}

/** Writes the whole scene of a camera. With a conflict the present one is known at once. */
export function useZonesChange() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ cameraId, change }: { cameraId: string; change: CameraZonesChange }) =>
      api.changeZones(cameraId, change),
    onSuccess: (zones) => putZones(queries, zones),
    onError(error) {
      if (!(error instanceof ApiError) || error.code !== "conflict") return;
      const present = CameraZones.safeParse(error.present);
      if (present.success) putZones(queries, present.data);
    },
  });
}

/** Puts a camera's scene into the list, unless a newer one is there. A list that was never fetched is not made up. */
export function putZones(queries: QueryClient, zones: CameraZones): void {
  putTold<CameraZones[]>(queries, queryKeys.zones, (known) => known && withZones(known, zones));
}

function withZones(known: CameraZones[], zones: CameraZones): CameraZones[] {
  const before = known.find(({ cameraId }) => cameraId === zones.cameraId);
  if (!before) return [...known, zones];
  if (before.version >= zones.version) return known;
  return known.map((ofOne) => (ofOne === before ? zones : ofOne));
}
