import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { StationList } from "#contract/stations.ts";
import { queryKeys } from "./query-keys.ts";
import { useServices } from "./services.ts";
import { useApi } from "./use-api.ts";

/** As often as stations speak; a lease that moves is told by the feed at once. */
const ASK_EVERY_MS = 3_000;

export type StationListState =
  | { status: "loading" }
  | { status: "failed"; retry: () => void }
  | { status: "ready"; list: StationList };

/** Who analyses what. */
export function useStations(): StationListState {
  const api = useApi();
  const { data, isError, refetch } = useQuery({
    queryKey: queryKeys.stations,
    queryFn: ({ signal }) => api.stations(signal),
    refetchInterval: ASK_EVERY_MS,
  });
  if (isError) return { status: "failed", retry: () => void refetch() };
  return data ? { status: "ready", list: data } : { status: "loading" };
}

/** This browser's id among the stations. */
export const useStationId = (): string => useServices().stationId;

export function useStationChanges() {
  const api = useApi();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: queryKeys.stations });
  return {
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => api.renameStation(id, name),
      onSuccess,
    }),
    forget: useMutation({ mutationFn: (id: string) => api.forgetStation(id), onSuccess }),
  };
}
