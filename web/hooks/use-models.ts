import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ModelEntry, ModelState } from "#contract/system.ts";
import { queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";
import { useHealth } from "./use-health.ts";

export type KnownModel = ModelEntry & { state: ModelState };

/** The models of the gateway's manifest, each with whether its file is here, in the manifest's order. */
export function useModels(): KnownModel[] {
  const api = useApi();
  const states = useHealth()?.models;
  const { data } = useQuery({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => api.models(signal),
    staleTime: 60_000,
  });
  return useMemo(
    () =>
      (data ?? []).map((entry) => ({
        ...entry,
        state: states?.find((state) => state.id === entry.id) ?? { id: entry.id, status: "missing" as const },
      })),
    [data, states],
  );
}

/**
 * The model the station should run: the first of the manifest that finds people and whose file is here. The drawn-scene
 * model serves only while no real one is here.
 */
export function modelToRun(models: KnownModel[]): ModelEntry | null {
  const ready = models.filter((model) => model.task === "objects" && model.state.status === "ready");
  return ready.find((model) => !model.demonstration) ?? ready[0] ?? null;
}
