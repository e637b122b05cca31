import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Shop } from "#contract/zones.ts";
import { queryKeys } from "./query-keys.ts";
import { putTold } from "./told.ts";
import { ApiError, useApi } from "./use-api.ts";

/** Changes come by the feed at once, and all is asked anew when the feed is back. */
const STALE_MS = 60_000;

/** The shop's time zone and hours; null before a gateway told them. `isKnown`: a gateway told it, or cannot. */
export function useShop(): { shop: Shop | null; isKnown: boolean } {
  const api = useApi();
  const { data, isPending } = useQuery({
    queryKey: queryKeys.shop,
    queryFn: ({ signal }) => api.shop(signal),
    staleTime: STALE_MS,
  });
  return { shop: data ?? null, isKnown: !isPending };
}

/** With a conflict the present shop is known at once. */
export function useShopChange() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (shop: Shop) => api.changeShop(shop),
    onSuccess: (shop) => putShop(queries, shop),
    onError(error) {
      if (!(error instanceof ApiError) || error.code !== "conflict") return;
      const present = Shop.safeParse(error.present);
      if (present.success) putShop(queries, present.data);
    },
  });
}

/** Unless a newer one is known. */
export function putShop(queries: QueryClient, shop: Shop): void {
  putTold<Shop>(queries, queryKeys.shop, (known) => (known && known.version >= shop.version ? known : shop));
}
