import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SettingList, SettingsChange } from "#contract/settings.ts";
import { queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";

/** The gateway's own settings; null before it told them. `isKnown`: it told them, or cannot. */
export function useSettings(): { settings: SettingList | null; isKnown: boolean } {
  const api = useApi();
  const { data, isPending } = useQuery({
    queryKey: queryKeys.settings,
    queryFn: ({ signal }) => api.settings(signal),
  });
  return { settings: data ?? null, isKnown: !isPending };
}

export function useSettingsChange() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (values: SettingsChange["values"]) => api.changeSettings(values),
    onSuccess: (settings) => queries.setQueryData<SettingList>(queryKeys.settings, settings),
  });
}
