import { useSyncExternalStore } from "react";
import type { FeedStatus } from "../api/feed.ts";
import { useServices } from "./services.ts";

export type { FeedStatus } from "../api/feed.ts";

/** Whether the gateway's live messages arrive. What they say is in the query caches. */
export function useFeed(): FeedStatus {
  const { feed } = useServices();
  return useSyncExternalStore(feed.onStatus, feed.status);
}
