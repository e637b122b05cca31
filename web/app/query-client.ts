import { QueryClient } from "@tanstack/react-query";

/** How soon a question that failed is asked again; the feed's return asks everything anew at once. */
const RETRY_MS = 2_000;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The gateway stands in the shop: reachable or not, whatever the browser thinks of the internet.
      queries: { networkMode: "always", retry: 1, retryDelay: RETRY_MS, staleTime: 5_000 },
      mutations: { networkMode: "always" },
    },
  });
}
