import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { KnownPlate, PlateInput, PlateList } from "#contract/plates.ts";
import { queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";

export type PlateListState =
  | { status: "loading" }
  | { status: "failed"; retry: () => void }
  | { status: "ready"; plates: KnownPlate[] };

/** The plates that the shop knows, by plate; not asked for while they are not wanted. */
export function usePlates({ isWanted = true } = {}): PlateListState {
  const api = useApi();
  const { data, isError, refetch } = useQuery({
    queryKey: queryKeys.plates,
    queryFn: ({ signal }) => api.plates(signal),
    enabled: isWanted,
  });
  if (data) return { status: "ready", plates: data };
  if (isError) return { status: "failed", retry: () => void refetch() };
  return { status: "loading" };
}

/** Entering, replacing and removing plates, one by one or by a file; the list is asked for anew after each. */
export function usePlateChanges() {
  const api = useApi();
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: queryKeys.plates });
  return {
    add: useMutation({ mutationFn: (plate: PlateInput) => api.addPlate(plate), onSuccess }),
    replace: useMutation({
      mutationFn: ({ id, plate }: { id: string; plate: PlateInput }) => api.replacePlate(id, plate),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => api.removePlate(id), onSuccess }),
    takeIn: useMutation({
      mutationFn: ({ file, list }: { file: Blob; list: PlateList }) => api.importPlates(file, list),
      onSuccess,
    }),
  };
}
