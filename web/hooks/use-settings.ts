import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SettingKey, SettingList, SettingsChange } from "#contract/settings.ts";
import type { SinkRhythm } from "#contract/sinks.ts";
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

/** What a new sink is given by the settings; empty before the gateway told them. */
export function useSinkRhythm(): Partial<SinkRhythm> {
  const { settings } = useSettings();
  const numberOf = (key: SettingKey) => {
    const value = settings?.settings.find((setting) => setting.key === key)?.value;
    return typeof value === "number" ? value : undefined;
  };
  const rhythm = {
    everyMs: numberOf("delivery.everyMs"),
    batchEvents: numberOf("delivery.batchEvents"),
    retentionDays: numberOf("delivery.retentionDays"),
  };
  return Object.fromEntries(Object.entries(rhythm).filter(([, value]) => value !== undefined));
}

export function useSettingsChange() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (values: SettingsChange["values"]) => api.changeSettings(values),
    onSuccess: (settings) => queries.setQueryData<SettingList>(queryKeys.settings, settings),
  });
}
