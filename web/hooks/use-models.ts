import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { isUsable, type ListedModel, type ModelChange, type ModelList } from "#contract/models.ts";
import type { ModelEntry, ModelState } from "#contract/system.ts";
import type { PlateModels } from "../vision/station.ts";
import { queryKeys } from "./query-keys.ts";
import { useServices } from "./services.ts";
import { useApi } from "./use-api.ts";
import { useHealth } from "./use-health.ts";

export type KnownModel = ListedModel & {
  state: ModelState;
  /** A person wants this one, whether it is here yet or not. */
  chosen: boolean;
};

const NOTHING: ModelList = { models: [], plates: [], unusable: [], chosen: null };

function useModelList(): ModelList {
  const api = useApi();
  const { data } = useQuery({
    queryKey: queryKeys.models,
    queryFn: ({ signal }) => api.models(signal),
    staleTime: 60_000,
  });
  return data ?? NOTHING;
}

/** The models that find objects, each with whether its file is here: the manifest's in its order, then the shop's own. */
export function useModels(): KnownModel[] {
  const states = useHealth()?.models;
  const { models, chosen } = useModelList();
  return useMemo(
    () =>
      models.map((entry) => ({
        ...entry,
        chosen: entry.id === chosen,
        state: states?.find((state) => state.id === entry.id) ?? { id: entry.id, status: "missing" as const },
      })),
    [models, chosen, states],
  );
}

/** Files that lie in a folder of models and cannot be used, and why. */
export const useUnusableModels = (): ModelList["unusable"] => useModelList().unusable;

/**
 * The model the station should run: the one that was chosen, or the first of the manifest that finds people; of those
 * whose file is here. The drawn-scene model serves only while no real one is here.
 */
export function modelToRun(models: KnownModel[]): KnownModel | null {
  const ready = models.filter(
    (model) => model.task === "objects" && model.state.status === "ready" && isUsable(model),
  );
  const usual = ready.filter(({ own }) => own === null);
  return (
    ready.find(({ chosen }) => chosen) ?? usual.find((model) => !model.demonstration) ?? usual[0] ?? null
  );
}

/** How far the models are that read number plates: `ready` once both files are here. */
export function usePlateModels(): { models: PlateModels | null; states: ModelState[] } {
  const all = useHealth()?.models;
  const { plates } = useModelList();
  return useMemo(() => {
    const states = (all ?? []).filter(({ id }) => plates.some((entry) => entry.id === id));
    const isReady = ({ id }: ModelEntry) =>
      states.some((state) => state.id === id && state.status === "ready");
    const finder = plates.find((entry) => entry.task === "plates" && isReady(entry));
    const reader = plates.find((entry) => entry.task === "plate_text" && isReady(entry));
    return { models: finder && reader ? { finder, reader } : null, states };
  }, [all, plates]);
}

/** What a person does with models. Each reports its problem by itself. */
export function useModelChanges() {
  const api = useApi();
  const { checkModel } = useServices();
  const queries = useQueryClient();
  const onSuccess = () => {
    void queries.invalidateQueries({ queryKey: queryKeys.models });
    // it tells which files are here
    void queries.invalidateQueries({ queryKey: queryKeys.health });
  };

  /** Runs it on test pictures, where all that is needed for it is known. */
  async function check(model: ListedModel): Promise<ListedModel> {
    if (model.own === null || model.own.missing.some((fact) => fact !== "licence")) return model;
    return api.tellModelCheck(model.id, await checkModel(model));
  }

  return {
    add: useMutation({
      mutationFn: async (file: File) => {
        const model = await api.addModel(file);
        return model.own?.check.status === "unchecked" ? check(model) : model;
      },
      onSuccess,
      // what was handed over is there, also where its check could not be made
      onError: onSuccess,
    }),
    change: useMutation({
      mutationFn: ({ id, change }: { id: string; change: ModelChange }) => api.changeModel(id, change),
      onSuccess,
    }),
    check: useMutation({ mutationFn: check, onSuccess }),
    choose: useMutation({ mutationFn: (id: string | null) => api.chooseModel(id), onSuccess }),
    remove: useMutation({ mutationFn: (id: string) => api.removeModel(id), onSuccess }),
  };
}
