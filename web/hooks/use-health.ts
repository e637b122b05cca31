import { useQuery } from "@tanstack/react-query";
import type { Health, MediaState } from "#contract/system.ts";
import { queryKeys } from "./query-keys.ts";
import { useApi } from "./use-api.ts";
import { useFeed } from "./use-feed.ts";

/** The feed tells changes at once; asking again only mends what was missed. */
const REFRESH_MS = 30_000;

/** The last known health, also from an earlier visit; undefined before the first answer ever. */
export function useHealth(): Health | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: queryKeys.health,
    queryFn: ({ signal }) => api.health(signal),
    refetchInterval: REFRESH_MS,
  });
  return data;
}

const MEDIA_UNKNOWN: MediaState = { status: "missing" };

export function useMediaState(): MediaState {
  return useHealth()?.media ?? MEDIA_UNKNOWN;
}

/** `away`: nothing comes from the gateway now. `first`: and nothing ever came to this browser. */
export type GatewayLink = "here" | "away" | "first";

export function useGatewayLink(): GatewayLink {
  const isKnown = useHealth() !== undefined;
  if (useFeed() === "connected") return "here";
  return isKnown ? "away" : "first";
}
